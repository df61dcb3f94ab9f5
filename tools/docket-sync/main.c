/* docket-sync derives what follows from changes, keeps the issues here and in
 * Linear the same, and sends the mails.
 *
 * It has no state of its own worth keeping: what is to be done is in the
 * database, so another daemon can take over at any moment. This file starts and
 * stops it, and connects the parts: news.c
 * (what follows from changes), jobs.c and slot.c, inward.c (webhook
 * deliveries and the reconcile pass), downloads.c (files in Linear), mails.c,
 * mails_in.c, scans.c (clamd), waiters.c, upkeep.c, and the loop around them
 * (loop.c). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/high_water.h"
#include "base/log.h"
#include "base/stop_signal.h"
#include "db/db.h"
#include "db/migrate.h"
#include "docket-sync.h"
#include "mail/mailer.h"
#include "version.h"

#define EX_USAGE    64
#define EX_TEMPFAIL 75
#define EX_CONFIG   78

static const char usage[] =
    "usage: docket-sync [--once | --version | --help]\n"
    "  Derives what follows from changes (search, notifications, ...), keeps\n"
    "  issues in sync with Linear and sends the mails, until SIGTERM, SIGINT,\n"
    "  SIGQUIT or SIGHUP; then finishes what is under way.\n"
    "  --once   do what is due now, then exit (for cron); the exit status is\n"
    "           75 if the database is away, or its schema is older\n"
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

/* --- callbacks between the parts ----------------------------------------- */

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
	d->waiters.on_news = news_gather;
	d->waiters.on_hurry = news_take;
	d->waiters.on_wake = jobs_begin_one;
}

/* --- start and stop ------------------------------------------------------ */

static struct daemon *
start_daemon(const struct conf *conf, bool once)
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
			     .news.pipe = -1,
			     .waiters.socket = -1};
	name_owner(d);
	connect_parts(d);
	jobs_init(d);
	downloads_init(d);
	mails_in_init(d);
	d->mails.mailer =
	    mailer_new(conf, linear_transfers(d->linear), d->owner);
	log_event(LOG_INFO, "started", "owner", d->owner, "linear",
		  conf->linear_api_key ? "on" : "off", "mail",
		  conf->smtp_url ? "on" : "off", "clamd",
		  conf->clamd_socket ? "on" : "off", NULL);
	return d;
}

static void
stop_daemon(struct daemon *d)
{
	pass_stop(d);
	downloads_stop(d);
	scans_stop(d);
	waiters_close(d);
	news_close(d);
	log_event(
	    LOG_INFO, "stopped", "synced",
	    arena_printf(d->arena, "%lld", (long long)d->jobs.done), "failed",
	    arena_printf(d->arena, "%lld", (long long)d->jobs.failed), NULL);
	linear_free(d->linear);
	mailer_free(d->mails.mailer);
	mails_in_release(d);
	jobs_release(d);
	downloads_release(d);
	cache_free(d->jobs.cache);
	db_free(d->db);
	arena_free(d->pass.arena);
	arena_free(d->pass.page_arenas[0]);
	arena_free(d->pass.page_arenas[1]);
	arena_free(d->arena);
	free(d);
}

static void
log_daemon_waits(void)
{
	log_event(LOG_ERROR, "schema_is_older", "reason",
		  "waiting for docketctl migrate", NULL);
}

int
main(int argc, char **argv)
{
	bool once = argc == 2 && strcmp(argv[1], "--once") == 0;
	static struct conf conf; /* its texts are never freed */
	struct daemon *d;
	char why[256];
	int signals, status;

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
	if (once && schema_is_older(&conf)) {
		log_daemon_waits();
		return EX_TEMPFAIL;
	}
	schema_wait(&conf, log_daemon_waits);
	high_water_open(conf.high_water_file, true);
	signals = stop_signal_open();
	d = start_daemon(&conf, once);
	loop_run(d, signals);
	status = once && d->db_is_away ? EX_TEMPFAIL : 0;
	stop_daemon(d);
	close(signals);
	return status;
}
