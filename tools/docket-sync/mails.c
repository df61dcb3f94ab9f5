/* The mails under way. */

#include "base/arena.h"
#include "base/conf.h"
#include "base/log.h"
#include "docket-sync.h"
#include "mail/mailer.h"

/* How often the queue is polled. */
#define POLL (500 * USEC_PER_MSEC)

void
mails_begin(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	enum err e;

	if (!d->conf->smtp_url || (now < d->mails.next && !d->mails.more))
		return;
	d->mails.next = now + POLL;
	d->mails.more = false;
	e = mailer_begin(&d->mails.more, d->mails.mailer, &c);
	daemon_note_db(d, e);
}

static void
log_mail(struct daemon *d, const struct mail_report *r)
{
	static const struct {
		enum log_level level;
		const char *event;
	} verdicts[] = {
	    [MAIL_WENT] = {LOG_INFO, "mail_sent"},
	    [MAIL_LATER] = {LOG_WARN, "mail_failed"},
	    [MAIL_AWAY] = {LOG_DEBUG, "mail_waits"},
	    [MAIL_GIVEN_UP] = {LOG_ERROR, "mail_dead"},
	};

	log_event(verdicts[r->verdict].level, verdicts[r->verdict].event,
		  "mail", arena_printf(d->arena, "%lld", (long long)r->id),
		  "status", arena_printf(d->arena, "%ld", r->status), NULL);
	if (r->verdict == MAIL_AWAY && !d->mails.is_away_told)
		log_event(LOG_WARN, "mail_server_away", NULL);
	if (r->resumed && d->mails.is_away_told)
		log_event(LOG_INFO, "mail_server_back", NULL);
	d->mails.is_away_told =
	    r->verdict == MAIL_AWAY || (d->mails.is_away_told && !r->resumed);
}

void
mails_poll(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	struct mail_report report;
	enum err e;

	while ((e = mailer_take(&report, d->mails.mailer, &c)) == OK) {
		log_mail(d, &report);
		d->mails.more = report.verdict != MAIL_AWAY;
	}
	if (e != ERR_NOTFOUND)
		daemon_note_db(d, e);
}
