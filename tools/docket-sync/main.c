/* docket-sync keeps the issues here and in Linear the same, and sends the
 * mails.
 *
 * It is one thread around one poll loop: each round takes up new work that
 * is due, waits for an event (a signal, a wake message, an answer of Linear
 * or of the mail server), and applies the answers. It has no state of its
 * own worth keeping: what is to be done is in the database, so another
 * daemon can take over at any moment. The parts are jobs.c, inward.c
 * (webhook deliveries and the reconcile pass), mails.c and waiters.c. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/housekeeping.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/stop_signal.h"
#include "db/db.h"
#include "desk/erasure.h"
#include "desk/handover.h"
#include "desk/search_index.h"
#include "docket-sync.h"
#include "mail/mailer.h"
#include "version.h"

#define EX_USAGE  64
#define EX_CONFIG 78

/* How often the queue is polled if no wake message comes. */
#define POLL	(500 * USEC_PER_MSEC)
#define POLL_MS 500

/* The shortest time between polls while there is more to do and some jobs
 * are under way. */
#define LOOK	(20 * USEC_PER_MSEC)
#define LOOK_MS 20

#define HOUSEKEEPING	   (3600 * USEC_PER_SEC)
#define CATCH_UP	   (5 * USEC_PER_SEC)
#define HOUSEKEEPING_AGAIN (60 * USEC_PER_SEC) /* after a failure */

static const char usage[] =
    "usage: docket-sync [--once | --version | --help]\n"
    "  Keeps issues in sync with Linear and sends the mails, until SIGTERM,\n"
    "  SIGINT, SIGQUIT or SIGHUP; then finishes what is under way.\n"
    "  --once   do what is due now, then exit (for cron)\n"
    "  --help   print this text\n"
    "The configuration is read from the environment or DOCKET_CONF.\n";

struct ctx
daemon_ctx(struct daemon *d, struct arena *a)
{
	struct ctx c = {
	    .db = d->db, .arena = a, .conf = d->conf, .now = clock_now()};

	db_attach(d->db, a);
	faults_init(&c.faults, a);
	return c;
}

void
daemon_note_db(struct daemon *d, enum err e)
{
	bool away = e != OK;

	if (away && !d->db_is_away)
		log_event(LOG_ERROR, "database", "reason", db_error(d->db),
			  NULL);
	if (!away && d->db_is_away)
		log_event(LOG_INFO, "database_back", NULL);
	d->db_is_away = away;
}

/* --- the loop ------------------------------------------------------------ */

/* Frees the leases of processes of this host that no longer run. */
static void
free_dead_leases(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	int64_t n = 0;
	enum err e;

	if (now < d->next_break)
		return;
	d->next_break = now + 2 * USEC_PER_SEC;
	e = job_break_leases(&n, &c, d->host);
	daemon_note_db(d, e);
	if (!e && n)
		log_event(LOG_INFO, "leases_broken", "count",
			  arena_printf(d->arena, "%lld", (long long)n), NULL);
}

/* At the start and every hour; at once again while there is more to do. */
static void
run_housekeeping(struct daemon *d)
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

/* Does, in batches, what may follow a change later: hands over the issues of
 * staff who left, updates the search index after somebody was renamed or after
 * an upgrade, and replaces the names of people who were erased. */
static void
daemon_catch_up(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	bool handovers = false, words = false, names = false;
	enum err e;

	if (now < d->next_catch_up && !d->more_to_catch_up)
		return;
	d->next_catch_up = now + CATCH_UP;
	e = handover_some(&handovers, &c, 0);
	if (!e)
		e = search_catch_up(&words, &c);
	if (!e)
		e = erasure_catch_up(&names, &c);
	daemon_note_db(d, e);
	d->more_to_catch_up = handovers || words || names;
}

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

	run_housekeeping(d);
	daemon_catch_up(d);
	mails_begin(d);
	if (d->conf->linear_api_key && !d->once)
		waiters_open(d);
	waiters_read(d);
	if (!d->conf->linear_api_key ||
	    now < (d->more ? d->next_look : d->next_poll))
		return;
	d->next_poll = now + POLL;
	d->next_look = jobs_busy(d) > 0 ? now + LOOK : 0;
	jobs_adopt_pause(d);
	free_dead_leases(d);
	more = inbox_drain(d);
	d->more = jobs_begin(d) || more;
	pass_run(d);
}

/* Waits until something happens, or the next poll is due. */
static void
wait_for_event(struct daemon *d, int signals)
{
	const int fds[] = {signals, d->waiters.socket};
	const usec_t now = clock_monotonic();
	const usec_t next = d->conf->linear_api_key ? d->next_poll
			    : d->conf->smtp_url	    ? d->mails.next
						    : now + POLL;
	const usec_t left = next - now;
	int ms = left < 0 ? 0 : (int)(left / USEC_PER_MSEC) + 1;

	if (d->stopping) /* nothing new is begun */
		ms = POLL_MS;
	else if ((d->more && jobs_busy(d) == 0) || d->mails.more ||
		 d->more_to_catch_up)
		ms = 0;
	else if (d->more && ms > LOOK_MS)
		ms = LOOK_MS;
	linear_wait(d->linear, fds, d->waiters.socket < 0 ? 1 : 2,
		    ms > POLL_MS ? POLL_MS : ms);
}

/* There is more that can be done now. */
static bool
is_due(const struct daemon *d)
{
	return d->more || d->mails.more || d->more_to_catch_up ||
	       d->next_housekeeping == 0;
}

/* Runs until a signal comes, and what is under way then is finished; with
 * --once, until nothing is due. */
static void
run_loop(struct daemon *d, int signals)
{
	bool busy;

	for (;;) {
		arena_reset(d->arena);
		check_clock(d);
		d->stopping = d->stopping || stop_signal_came(signals);
		if (d->stopping)
			waiters_read(d);
		else
			look_for_work(d);
		busy = jobs_busy(d) > 0 || d->pass.phase == PASS_SENT ||
		       mailer_busy(d->mails.mailer) > 0;
		if (d->stopping && (!busy || d->db_is_away))
			return;
		if (d->once && !busy && !is_due(d))
			return;
		wait_for_event(d, signals);
		jobs_poll(d);
		mails_poll(d);
	}
}

/* --- start and stop ------------------------------------------------------ */

static void
name_owner(struct daemon *d)
{
	char uuid[UUID_TEXT];

	if (gethostname(d->host, sizeof(d->host)) != 0)
		d->host[0] = '\0';
	d->host[sizeof(d->host) - 1] = '\0';
	random_uuid(uuid);
	snprintf(d->owner, sizeof(d->owner), "%s:%ld:%.8s", d->host,
		 (long)getpid(), uuid);
}

/* --- what the parts want of each other --------------------------------------
 */

static void
on_job_end(struct daemon *d, int64_t issue_id, bool done)
{
	waiters_ack(d, issue_id, done ? WAKE_ACK_DONE : WAKE_ACK_LATER);
}

static void
connect_parts(struct daemon *d)
{
	d->jobs.on_end = on_job_end;
	d->jobs.on_answer = waiters_record_time;
	d->jobs.on_pause = waiters_dismiss;
	d->jobs.on_other_answer = pass_take_answer;
	d->waiters.on_wake = jobs_begin_one;
}

static void
run_daemon(const struct conf *conf, int signals, bool once)
{
	struct daemon *d = xmalloc(sizeof(*d));

	*d = (struct daemon){.conf = conf,
			     .db = db_new(conf),
			     .arena = arena_new(),
			     .pass.arena = arena_new(),
			     .pass.page_arenas = {arena_new(), arena_new()},
			     .linear = linear_new(conf),
			     .jobs.cache = cache_new(),
			     .once = once,
			     .waiters.socket = -1};
	name_owner(d);
	connect_parts(d);
	jobs_init(d);
	d->mails.mailer =
	    mailer_new(conf, linear_transfers(d->linear), d->owner, d->host);
	log_event(LOG_INFO, "started", "owner", d->owner, "linear",
		  conf->linear_api_key ? "on" : "off", "mail",
		  conf->smtp_url ? "on" : "off", NULL);
	jobs_adopt_pause(d);
	run_loop(d, signals);
	pass_stop(d);
	waiters_close(d);
	log_event(
	    LOG_INFO, "stopped", "synced",
	    arena_printf(d->arena, "%lld", (long long)d->jobs.done), "failed",
	    arena_printf(d->arena, "%lld", (long long)d->jobs.failed), NULL);
	linear_free(d->linear);
	mailer_free(d->mails.mailer);
	jobs_release(d);
	cache_free(d->jobs.cache);
	db_free(d->db);
	arena_free(d->pass.arena);
	arena_free(d->pass.page_arenas[0]);
	arena_free(d->pass.page_arenas[1]);
	arena_free(d->arena);
	free(d);
}

int
main(int argc, char **argv)
{
	bool once = argc == 2 && strcmp(argv[1], "--once") == 0;
	static struct conf conf; /* its texts are never freed */
	char why[256];
	int signals;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("docket-sync " VERSION);
		return 0;
	}
	if (argc > 2 || (argc == 2 && !once)) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	if (!conf_load(&conf, why, sizeof(why))) {
		fprintf(stderr, "docket-sync: %s\n", why);
		return EX_CONFIG;
	}
	log_init("docket-sync", conf.log_level);
	crypto_init();
	signals = stop_signal_open();
	run_daemon(&conf, signals, once);
	close(signals);
	return 0;
}
