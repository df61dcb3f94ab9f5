/* The mails that came in: leases them, has a child process parse each, and
 * applies what it says. Several children run at once, so that one that takes
 * long holds up neither the other mails nor the rest of the daemon. What a
 * child has said is kept until the database has taken it. */

#include <poll.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "base/log.h"
#include "desk/mail_in.h"
#include "docket-sync.h"
#include "mail/apply.h"

/* How often the queue is polled, unless a wake message comes. */
#define POLL (500 * USEC_PER_MSEC)

/* When a mail is tried again for which no child could be started. */
#define NO_CHILD USEC_PER_SEC

void
mails_in_init(struct daemon *d)
{
	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++)
		d->mails_in.slots[i].arena = arena_new();
}

void
mails_in_release(struct daemon *d)
{
	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++) {
		incoming_mail_cancel(d->mails_in.slots[i].child);
		arena_free(d->mails_in.slots[i].arena);
	}
}

size_t
mails_in_busy(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++)
		n += d->mails_in.slots[i].phase != MAIL_IN_FREE;
	return n;
}

size_t
mails_in_fds(int *fds, const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++)
		if (d->mails_in.slots[i].phase == MAIL_IN_PARSING)
			fds[n++] = incoming_mail_fd(d->mails_in.slots[i].child);
	return n;
}

/* --- beginning ----------------------------------------------------------- */

static struct mail_in_slot *
free_mail_in_slot(struct daemon *d)
{
	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++)
		if (d->mails_in.slots[i].phase == MAIL_IN_FREE)
			return &d->mails_in.slots[i];
	return NULL;
}

/* The slot keeps the mail's texts, which are in the arena of this round. */
static void
take_mail_in_job(struct mail_in_slot *s, const struct mail_in_job *job)
{
	arena_reset(s->arena);
	s->job = *job;
	s->job.recipient = arena_strdup(s->arena, job->recipient);
	s->job.sender = arena_strdup(s->arena, job->sender);
}

static enum err
begin_mail_in(struct daemon *d, const struct mail_in_job *job)
{
	struct mail_in_slot *s = free_mail_in_slot(d);
	struct ctx c;
	const char *raw;
	size_t n;
	enum err e;

	take_mail_in_job(s, job);
	c = daemon_ctx(d, s->arena);
	e = mail_in_raw(&raw, &n, &c, s->job.id);
	if (e)
		return e;
	s->child = incoming_mail_begin(raw, n, d->conf->mail_authserv);
	if (!s->child)
		return mail_in_release(&c, d->owner, s->job.id,
				       c.now + NO_CHILD, false);
	s->phase = MAIL_IN_PARSING;
	return OK;
}

void
mails_in_begin(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	struct mail_in_job jobs[MAIL_IN_PARALLEL];
	const size_t room = MAIL_IN_PARALLEL - mails_in_busy(d);
	const usec_t now = clock_monotonic();
	size_t n = 0;
	enum err e = OK;

	if (!d->conf->mail_in_domain ||
	    (now < d->mails_in.next && !d->mails_in.more))
		return;
	d->mails_in.next = now + POLL;
	if (room)
		e = mail_in_lease(jobs, &n, &c, d->owner, room);
	for (size_t i = 0; !e && i < n; i++)
		e = begin_mail_in(d, &jobs[i]);
	daemon_note_db(d, e);
	d->mails_in.more = !e && n == room && room;
}

/* --- the end ------------------------------------------------------------- */

static bool
is_parsed(const struct mail_in_slot *s)
{
	struct pollfd p = {.fd = incoming_mail_fd(s->child), .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

static void
end_child(struct mail_in_slot *s)
{
	s->why = NULL;
	s->result = incoming_mail_end(&s->mail, &s->why, s->child, s->arena);
	s->child = NULL;
	s->phase = MAIL_IN_PARSED;
}

static void
log_mail_in(const struct mail_in_slot *s, enum mail_in_state state)
{
	const bool failed = s->result == INCOMING_FAILED;

	log_event(failed ? LOG_WARN : LOG_INFO, "mail_in", "mail",
		  arena_printf(s->arena, "%lld", (long long)s->job.id), "state",
		  enum_name_text(mail_in_state_words, (int)state), "reason",
		  failed ? s->why : NULL, NULL);
}

/* If the database fails, it is applied in a later round. */
static void
apply_mail_in(struct daemon *d, struct mail_in_slot *s)
{
	struct ctx c = daemon_ctx(d, s->arena);
	enum mail_in_state state;
	enum err e = mail_apply(&state, &c, d->owner, &s->job, s->result,
				s->why, &s->mail);

	daemon_note_db(d, e);
	if (e)
		return;
	log_mail_in(s, state);
	s->phase = MAIL_IN_FREE;
	arena_reset(s->arena);
	d->mails_in.more = true;
	d->news.next = 0;
}

void
mails_in_poll(struct daemon *d)
{
	for (size_t i = 0; i < MAIL_IN_PARALLEL; i++) {
		struct mail_in_slot *s = &d->mails_in.slots[i];

		if (s->phase == MAIL_IN_PARSING && is_parsed(s))
			end_child(s);
		if (s->phase == MAIL_IN_PARSED)
			apply_mail_in(d, s);
	}
}
