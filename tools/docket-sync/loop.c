/* The poll loop, in one thread: each round takes up new work that is due, waits
 * for an event (a signal, a wake message, an answer of Linear or of the mail
 * server, a mail that is parsed), and applies the answers. It ends after a
 * signal, once what is under way is finished; with --once, when nothing is due,
 * or the database is away.
 */

#include "base/arena.h"
#include "base/conf.h"
#include "base/stop_signal.h"
#include "docket-sync.h"
#include "mail/mailer.h"

/* How often the queue is polled if no wake message comes. */
#define POLL (500 * USEC_PER_MSEC)

#define POLL_MS 500

/* The shortest time between polls while there is more to do and some jobs
 * are under way. */
#define LOOK (20 * USEC_PER_MSEC)

#define LOOK_MS 20

/* If the wall clock was put back, times in the database lie too far ahead:
 * housekeeping corrects them. */
static void
check_clock(struct daemon *d)
{
	const usec_t now = clock_now();

	if (now < d->last_round)
		d->next_housekeeping = 0;
	d->last_round = now;
}

/* Takes up new work, if it is due. */
static void
look_for_work(struct daemon *d)
{
	const usec_t now = clock_monotonic();
	bool more;

	upkeep_begin_marks(d);
	upkeep_free_dead_leases(d);
	upkeep_housekeep(d);
	upkeep_recount(d);
	upkeep_catch_up(d);
	if (!d->once) {
		waiters_open(d);
		news_open(d);
	}
	waiters_read(d);
	news_look(d);
	mails_begin(d);
	scans_begin(d);
	mails_in_begin(d);
	if (!d->conf->linear_api_key ||
	    now < (d->more ? d->next_look : d->next_poll))
		return;
	d->next_poll = now + POLL;
	d->next_look = jobs_busy(d) > 0 ? now + LOOK : 0;
	jobs_adopt_pause(d);
	more = inbox_drain(d);
	d->more = jobs_begin(d) || more;
	pass_run(d);
	downloads_begin(d);
}

static usec_t
next_time(const struct daemon *d)
{
	usec_t next = d->news.next;

	if (d->news.n && d->news.gathered_at < next)
		next = d->news.gathered_at;
	if (d->conf->linear_api_key && d->next_poll < next)
		next = d->next_poll;
	if (d->conf->smtp_url && d->mails.next < next)
		next = d->mails.next;
	if (d->conf->clamd_socket && d->scans.next < next)
		next = d->scans.next;
	if (d->conf->mail_in_domain && d->mails_in.next < next)
		next = d->mails_in.next;
	return next;
}

/* Waits until something happens, or the next poll is due. */
static void
wait_for_event(struct daemon *d, int signals)
{
	int fds[3 + SCANS_MAX + MAIL_IN_PARALLEL] = {signals};
	size_t n = 1 + scans_watch(fds + 1, d);
	const usec_t left = next_time(d) - clock_monotonic();
	int ms = left < 0 ? 0 : (int)(left / USEC_PER_MSEC) + 1;

	if (d->stopping) /* nothing new is begun */
		ms = POLL_MS;
	else if ((d->more && jobs_busy(d) == 0) || d->mails.more ||
		 d->mails_in.more || d->news.more || d->more_to_catch_up)
		ms = 0;
	else if (d->more && ms > LOOK_MS)
		ms = LOOK_MS;
	if (d->waiters.socket >= 0)
		fds[n++] = d->waiters.socket;
	if (!d->stopping && news_watched(d) >= 0)
		fds[n++] = news_watched(d);
	n += mails_in_fds(fds + n, d);
	linear_wait(d->linear, fds, n, ms > POLL_MS ? POLL_MS : ms);
}

/* There is more that can be done now. */
static bool
is_due(const struct daemon *d)
{
	return d->more || d->mails.more || d->mails_in.more || d->news.more ||
	       d->news.next == 0 || d->news.n || d->more_to_catch_up ||
	       d->next_housekeeping == 0 || d->scans.next == 0;
}

void
loop_run(struct daemon *d, int signals)
{
	bool busy;

	jobs_adopt_pause(d);
	for (;;) {
		arena_reset(d->arena);
		check_clock(d);
		d->stopping = d->stopping || stop_signal_came(signals);
		if (d->stopping)
			waiters_read(d);
		else
			look_for_work(d);
		busy = jobs_busy(d) > 0 || d->pass.phase == PASS_SENT ||
		       mailer_busy(d->mails.mailer) > 0 ||
		       mails_in_busy(d) > 0 ||
		       (!d->stopping && scans_busy(d) > 0);
		if (d->stopping && (!busy || d->db_is_away))
			return;
		if (d->once && (d->db_is_away ||
				(!busy && !downloads_busy(d) && !is_due(d))))
			return;
		wait_for_event(d, signals);
		jobs_poll(d);
		downloads_poll(d);
		mails_poll(d);
		scans_poll(d);
		mails_in_poll(d);
	}
}
