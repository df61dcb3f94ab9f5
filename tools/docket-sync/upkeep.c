/* What has to be done now and then, whatever jobs there are: frees the leases
 * of processes that have ended, deletes what is old, and completes in batches
 * what may follow a change later. */

#include "admin/after_restore.h"
#include "admin/housekeeping.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/log.h"
#include "desk/directory.h"
#include "desk/erasure.h"
#include "desk/handover.h"
#include "desk/mail_job.h"
#include "desk/search_index.h"
#include "docket-sync.h"

#define BREAK_EVERY	   (2 * USEC_PER_SEC)
#define HOUSEKEEPING	   (3600 * USEC_PER_SEC)
#define REPLACED_END	   (300 * USEC_PER_SEC) /* replaced workers */
#define CATCH_UP	   (5 * USEC_PER_SEC)
#define HOUSEKEEPING_AGAIN (60 * USEC_PER_SEC) /* after a failure */
#define NEVER		   INT64_MAX

/* In each queue that this daemon serves. */
static enum err
break_leases(int64_t *jobs, struct daemon *d, struct ctx *c)
{
	int64_t busy[DOWNLOADS_MAX];
	enum err e = OK;

	if (d->conf->linear_api_key) {
		e = job_break_leases(jobs, c, d->host);
		if (!e)
			e = download_break_leases(c, d->host, d->owner, busy,
						  downloads_list(busy, d));
	}
	if (!e && d->conf->smtp_url)
		e = mail_job_break_leases(c, d->host);
	if (!e && d->conf->mail_in_domain)
		e = mail_in_break_leases(c, d->host);
	return e;
}

void
upkeep_free_dead_leases(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	int64_t n = 0;
	enum err e;

	if (now < d->next_break)
		return;
	d->next_break = now + BREAK_EVERY;
	e = break_leases(&n, d, &c);
	daemon_note_db(d, e);
	if (!e && n)
		log_event(LOG_INFO, "leases_broken", "count",
			  arena_printf(d->arena, "%lld", (long long)n), NULL);
}

void
upkeep_housekeep(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	bool more = false;
	enum err e;

	if (now < d->next_housekeeping)
		return;
	e = housekeep(&more, &c);
	daemon_note_db(d, e);
	d->next_housekeeping =
	    more ? 0 : now + (e ? HOUSEKEEPING_AGAIN : HOUSEKEEPING);
}

void
upkeep_begin_marks(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	enum err e;

	if (now < d->next_marks)
		return;
	e = high_water_begin(&c);
	if (e == ERR_CONFLICT)
		log_event(LOG_ERROR, "high_water_not_written", "file",
			  d->conf->high_water_file, NULL);
	else
		daemon_note_db(d, e);
	d->next_marks = e ? now + HOUSEKEEPING_AGAIN : NEVER;
}

void
upkeep_recount(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	enum err e;

	if (!d->next_recount)
		d->next_recount = d->once ? now : now + REPLACED_END;
	if (now < d->next_recount)
		return;
	e = recount_if_asked(&c);
	daemon_note_db(d, e);
	d->next_recount = now + (e ? HOUSEKEEPING_AGAIN : HOUSEKEEPING);
}

void
upkeep_catch_up(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	bool handovers = false, words = false, names = false, entries = false;
	enum err e;

	if (now < d->next_catch_up && !d->more_to_catch_up)
		return;
	d->next_catch_up = now + CATCH_UP;
	e = handover_some(&handovers, &c, 0);
	if (!e)
		e = search_catch_up(&words, &c);
	if (!e)
		e = erasure_catch_up(&names, &c);
	if (!e)
		e = directory_catch_up(&entries, &c);
	daemon_note_db(d, e);
	if (handovers)
		d->news.next = 0;
	d->more_to_catch_up = handovers || words || names || entries;
}
