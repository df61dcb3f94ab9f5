/* Sends mails: leases those that are due, writes them, hands them to the
 * transfers, and records the outcome. Each mail on its way has a slot with an
 * arena of its own, until its outcome is recorded in the database. While the
 * server is unavailable, all mails wait; then one mail probes it after growing
 * pauses. Which outcome is whose fault is decided in judge(). */
#include "mail/mailer.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/http_client.h"
#include "compose.h"
#include "content.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/shared_state.h"
#include "gather.h"

#define CONNECT_MS 10000
#define TOTAL_MS   60000

/* Pauses while the server is unavailable. */
#define PAUSE_MIN USEC_PER_SEC
#define PAUSE_MAX (60 * USEC_PER_SEC)

/* A mail that keeps failing becomes a dead letter after this time. */
#define GIVE_UP (4 * 86400 * USEC_PER_SEC)

/* The error of a mail that was not offered to any server. */
#define BAD_ADDRESS "The e-mail address is not valid."

enum phase { FREE, SENDING, ENDED };

struct slot {
	enum phase phase;
	struct arena *arena;
	struct mail_job job;
	struct transfer_done done;
};

struct mailer {
	const struct conf *conf;
	struct transfers *transfers;
	const char *owner;
	struct slot slots[MAIL_PARALLEL];
	/* while the server is unavailable: no mail until then (by
	 * clock_monotonic()), then one */
	usec_t paused_until, pause;
	bool told_paused; /* STATE_MAIL is set, or may be */
};

struct mailer *
mailer_new(const struct conf *conf, struct transfers *t, const char *owner)
{
	struct mailer *m = xmalloc(sizeof(*m));

	*m = (struct mailer){
	    .conf = conf, .transfers = t, .owner = owner, .told_paused = true};
	for (size_t i = 0; i < MAIL_PARALLEL; i++)
		m->slots[i].arena = arena_new();
	return m;
}

void
mailer_free(struct mailer *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < MAIL_PARALLEL; i++)
		arena_free(m->slots[i].arena);
	free(m);
}

size_t
mailer_busy(const struct mailer *m)
{
	size_t n = 0;

	for (size_t i = 0; i < MAIL_PARALLEL; i++)
		n += m->slots[i].phase != FREE;
	return n;
}

static struct slot *
free_mail_slot(struct mailer *m)
{
	for (size_t i = 0; i < MAIL_PARALLEL; i++)
		if (m->slots[i].phase == FREE)
			return &m->slots[i];
	return NULL;
}

static size_t
mails_allowed(const struct mailer *m)
{
	const size_t busy = mailer_busy(m);

	if (!m->pause)
		return MAIL_PARALLEL - busy;
	return clock_monotonic() >= m->paused_until && busy == 0 ? 1 : 0;
}

/* A context that allocates in the slot's arena, until leave_slot. */
static struct ctx
enter_slot(struct slot *s, const struct ctx *c)
{
	struct ctx inner = *c;

	inner.arena = s->arena;
	db_attach(c->db, s->arena);
	return inner;
}

static void
leave_slot(const struct ctx *c)
{
	db_attach(c->db, c->arena);
}

/* --- beginning ----------------------------------------------------------- */

static void
begin_transfer(struct mailer *m, struct slot *s, const struct mail *mail)
{
	const struct transfer_mail t = {.url = m->conf->smtp_url,
					.from = mail->from,
					.to = mail->to,
					.headers = mail->headers,
					.text = mail->text,
					.html = mail->html,
					.connect_ms = CONNECT_MS,
					.total_ms = TOTAL_MS};

	transfers_begin_mail(m->transfers, s->arena, &t, s);
	s->phase = SENDING;
}

static enum err
write_and_send(struct mailer *m, struct slot *s, struct ctx *c)
{
	struct mail_content content;
	struct mail mail;
	enum err e = mail_load(&content, c, &s->job);

	if (e == ERR_NOTFOUND)
		return mail_job_void(c, m->owner, s->job.id);
	if (e)
		return e;
	if (!mail_compose(&mail, s->arena, m->conf, &content, c->now))
		return mail_job_dead_letter(c, m->owner, s->job.id,
					    BAD_ADDRESS);
	begin_transfer(m, s, &mail);
	return OK;
}

/* If the database fails here, the lease expires unused. */
static enum err
begin_one(struct mailer *m, const struct mail_job *job, struct ctx *c)
{
	struct slot *s = free_mail_slot(m);
	struct ctx inner;
	enum err e;

	arena_reset(s->arena);
	s->job = *job;
	inner = enter_slot(s, c);
	e = write_and_send(m, s, &inner);
	leave_slot(c);
	return e;
}

enum err
mailer_begin(bool *more, struct mailer *m, struct ctx *c)
{
	struct mail_job jobs[MAIL_PARALLEL];
	size_t n = 0, most = mails_allowed(m);
	enum err e;

	*more = false;
	if (!m->conf->smtp_url)
		return OK;
	e = mail_gather(more, c);
	if (!e && most)
		e = mail_job_lease(jobs, &n, c, m->owner, most);
	for (size_t i = 0; !e && i < n; i++)
		e = begin_one(m, &jobs[i], c);
	*more = *more || (n == most && most && !m->pause);
	return e;
}

/* --- the end ------------------------------------------------------------- */

/* Refusals that concern our login, not the mail: log in first, use TLS, wrong
 * login (RFC 4954, 6; RFC 3207, 4). */
static bool
is_about_us(long status)
{
	return status == 530 || status == 534 || status == 535 || status == 538;
}

static enum mail_verdict
judge(const struct slot *s, usec_t now)
{
	const struct transfer_done *d = &s->done;

	if (!d->error)
		return MAIL_WENT;
	if (d->unsent || is_about_us(d->status))
		return MAIL_AWAY;
	if (d->status >= 500 || now - s->job.created_at > GIVE_UP)
		return MAIL_GIVEN_UP;
	return MAIL_LATER;
}

/* The server's message if it refused, else the client library's. */
static const char *
failure_text(const struct slot *s)
{
	const struct transfer_done *d = &s->done;
	char *text = arena_strdup(
	    s->arena, d->status >= 400 && *d->body ? d->body : d->error);

	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = ' ';
	for (size_t n = strlen(text); n && text[n - 1] == ' ';)
		text[--n] = '\0';
	return text;
}

/* The row counts the failures, so that a restart does not begin again. */
static enum err
record_outcome(struct mailer *m, struct slot *s, struct ctx *c,
	       enum mail_verdict v)
{
	const int64_t id = s->job.id;

	switch (v) {
	case MAIL_WENT:
		return mail_job_sent(c, m->owner, id);
	case MAIL_AWAY:
		return mail_job_release(c, m->owner, id, c->now, NULL);
	case MAIL_LATER:
		return mail_job_release(c, m->owner, id,
					c->now + lease_backoff(s->job.attempts),
					failure_text(s));
	case MAIL_GIVEN_UP:
		return mail_job_dead_letter(c, m->owner, id, failure_text(s));
	}
	return OK;
}

static enum err
pause_mails(struct mailer *m, const struct slot *s, struct ctx *c)
{
	const usec_t now = clock_monotonic();
	usec_t pause = m->pause ? 2 * m->pause : PAUSE_MIN;

	/* of several that failed together, only the first one counts */
	if (m->pause && now < m->paused_until)
		return OK;
	m->pause = pause > PAUSE_MAX ? PAUSE_MAX : pause;
	m->paused_until = now + m->pause;
	m->told_paused = true;
	return shared_state_set(c, STATE_MAIL, failure_text(s),
				c->now + m->pause);
}

/* Any reply means that the server is available. */
static enum err
resume_mails(struct mailer *m, struct ctx *c)
{
	enum err e = shared_state_clear(c, STATE_MAIL);

	if (!e)
		e = mail_job_expedite(c);
	if (e)
		return e;
	m->pause = 0;
	m->told_paused = false;
	return OK;
}

static enum err
end_one(struct mail_report *out, struct mailer *m, struct slot *s,
	struct ctx *c)
{
	enum mail_verdict v = judge(s, c->now);
	bool resumed = m->told_paused && v != MAIL_AWAY && s->done.status;
	enum err e = record_outcome(m, s, c, v);

	if (!e && v == MAIL_AWAY)
		e = pause_mails(m, s, c);
	if (!e && resumed)
		e = resume_mails(m, c);
	if (e)
		return e;
	*out = (struct mail_report){.verdict = v,
				    .id = s->job.id,
				    .status = s->done.status,
				    .resumed = resumed};
	s->phase = FREE;
	return OK;
}

enum err
mailer_take(struct mail_report *out, struct mailer *m, struct ctx *c)
{
	struct transfer_done done;
	struct slot *s;
	struct ctx inner;
	enum err e;

	while (transfers_take_mail(&done, m->transfers)) {
		s = done.tag;
		s->done = done;
		s->phase = ENDED;
	}
	for (s = m->slots; s < m->slots + MAIL_PARALLEL; s++)
		if (s->phase == ENDED)
			break;
	if (s == m->slots + MAIL_PARALLEL)
		return ERR_NOTFOUND;
	inner = enter_slot(s, c);
	e = end_one(out, m, s, &inner);
	leave_slot(c);
	return e;
}
