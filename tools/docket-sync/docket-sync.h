#ifndef DOCKET_SYNC_H
#define DOCKET_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/ctx.h"
#include "db/lease.h"
#include "db/wake.h"
#include "desk/mail_in.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "events/events.h"
#include "files/scan.h"
#include "files/store.h"
#include "linear/client.h"
#include "mail/incoming.h"
#include "sync/breaker.h"
#include "sync/cache.h"
#include "sync/download.h"
#include "sync/reconcile.h"
#include "sync/task.h"

/* The parts of the sync daemon: the jobs under way, the workers that wait for
 * them, webhook deliveries and the reconcile pass, the mails, the scans of
 * files; and the loop around them all (loop.c). Each part has a struct of its
 * own, which only its files and main.c (at start and stop) write. A part calls
 * another one through callbacks, which main.c sets. A part that has to be
 * called again soon sets `more` or `next_poll` of the loop.
 *
 * Times are of clock_monotonic(), since the wall clock can be put back; the
 * times in the database are of the wall clock. */

struct daemon;

/* --- jobs.c --------------------------------------------------------------- */

/* Where a job is. In PHASE_APPLY its answer waits for the database. */
enum phase { PHASE_FREE, PHASE_PLAN, PHASE_SENT, PHASE_APPLY };

struct slot {
	enum phase phase;
	struct task task;
	struct linear_answer answer;
	usec_t sent_at;
};

struct jobs {
	struct slot slots[LINEAR_PARALLEL];
	struct job_turns turns;
	struct cache *cache;
	usec_t next_frugal; /* next job of the queue while the budget is low */
	int64_t done, failed; /* so far */
	/* a job is over for now: done, or later */
	void (*on_end)(struct daemon *d, int64_t issue_id, bool done);
	/* a job's request was answered after this time */
	void (*on_answer)(struct daemon *d, usec_t took);
	/* Linear is paused: nobody should wait */
	void (*on_pause)(struct daemon *d);
	/* an answer came to a request that is not a job's */
	void (*on_other_answer)(struct daemon *d,
				const struct linear_answer *answer);
};

/* --- inward.c ------------------------------------------------------------- */

/* The pass may have to wait before each page. */
enum pass_phase { PASS_NONE, PASS_WAITS, PASS_SENT };

struct pass {
	struct reconcile reconcile;
	enum pass_phase phase;
	struct arena *arena;	      /* of the whole pass */
	struct arena *page_arenas[2]; /* of its pages, in turn */
	struct linear_request page;   /* to be asked for next */
	usec_t next;
	usec_t wait; /* the last pause after a failure */
};

/* --- news.c --------------------------------------------------------------- */

struct news_work {
	int pipe;     /* see outbox_news_path(); -1: none */
	bool failed;  /* it cannot be opened, and that was logged */
	int64_t turn; /* see events_derive_some() */
	usec_t next;  /* 0: something may have changed */
	bool more;
	/* issues that the daemon was woken for, and when to derive them */
	int64_t ids[OUTBOX_BATCH];
	size_t n;
	usec_t gathered_since, gathered_at;
	usec_t gather; /* how long */
};

/* --- downloads.c ---------------------------------------------------------- */

#define DOWNLOADS_MAX 4

/* A file that is being fetched from Linear. */
struct fetching {
	bool is_busy;
	struct arena *arena;
	struct download job;
	struct incoming incoming;
	unsigned redirects;
};

struct downloads {
	struct fetching list[DOWNLOADS_MAX];
	usec_t next;
};

/* --- mails.c -------------------------------------------------------------- */

struct mails {
	struct mailer *mailer;
	usec_t next;
	bool more;	   /* there may be more due */
	bool is_away_told; /* that the server is away was logged */
};

/* --- scans.c -------------------------------------------------------------- */

#define SCANS_MAX 2

struct scanning {
	int64_t id; /* of the file; 0: a free place */
	struct scan scan;
};

struct scans {
	struct scanning list[SCANS_MAX];
	usec_t next;
	int64_t behind; /* the last file that was taken up */
	bool is_away;	/* that clamd is away was logged */
};

/* --- mails_in.c ----------------------------------------------------------- */

#define MAIL_IN_PARALLEL 4

/* Where a mail that came in is. */
enum mail_in_phase { MAIL_IN_FREE, MAIL_IN_PARSING, MAIL_IN_PARSED };

struct mail_in_slot {
	enum mail_in_phase phase;
	struct arena *arena;
	struct mail_in_job job;
	struct incoming_child *child;
	/* what it found */
	enum incoming_result result;
	struct incoming_mail mail;
	const char *why;
};

struct mails_in {
	struct mail_in_slot slots[MAIL_IN_PARALLEL];
	usec_t next;
	bool more; /* there may be more due */
};

/* --- waiters.c ------------------------------------------------------------ */

#define WAITERS_MAX 32

/* A worker that waits for the ack for an issue. */
struct waiter {
	int64_t issue_id; /* 0: a free place */
	struct sockaddr_un address;
	socklen_t size;
	usec_t until;
};

struct waiters {
	int socket;	   /* -1: none */
	struct stat bound; /* of its file, to recognize it */
	usec_t next_check;
	struct waiter list[WAITERS_MAX];
	usec_t took[2], answered_at; /* the last two answers to jobs */
	/* An issue has news; what follows from all that have is to be derived
	 * now. */
	void (*on_news)(struct daemon *d, int64_t issue_id);
	void (*on_hurry)(struct daemon *d);
	/* Starts the job of an issue, if it is not under way; see
	 * jobs_begin_one. */
	enum err (*on_wake)(struct daemon *d, int64_t issue_id);
};

/* --- all of it ------------------------------------------------------------ */

#define HOST_MAX 40

struct daemon {
	const struct conf *conf;
	struct db *db;
	struct arena *arena; /* of each round of the loop */
	struct linear *linear;
	struct breaker breaker;
	char host[HOST_MAX];
	char owner[LEASE_OWNER_MAX];
	bool once;	 /* only what is due now */
	bool stopping;	 /* no further requests */
	bool db_is_away; /* and that was logged */
	struct jobs jobs;
	struct pass pass;
	struct news_work news;
	struct downloads downloads;
	struct mails mails;
	struct scans scans;
	struct mails_in mails_in;
	struct waiters waiters;
	/* of the loop */
	bool more; /* the queues have more than the last look took up */
	usec_t next_poll, next_look, next_break, next_housekeeping;
	usec_t next_catch_up, next_recount, next_marks;
	bool more_to_catch_up;
	usec_t last_round; /* by the wall clock */
};

/* A context for a piece of work whose memory is that arena. */
struct ctx daemon_ctx(struct daemon *d, struct arena *a);

/* Logs, once, that the database does not answer, or (OK) does again. */
void daemon_note_db(struct daemon *d, enum err e);

/* --- jobs.c --------------------------------------------------------------- */

void jobs_init(struct daemon *d);
void jobs_release(struct daemon *d);

/* How many jobs are under way. */
size_t jobs_busy(const struct daemon *d);

/* Leases jobs that are due, as far as there is room, and sends their first
 * requests. True if more may be due. */
bool jobs_begin(struct daemon *d);

/* Leases the job of one issue, unless it is under way. ERR_NOTFOUND: there is
 * none. ERR_CONFLICT: another daemon has it. ERR_LIMITED: there is no room, or
 * it has to wait its turn. */
enum err jobs_begin_one(struct daemon *d, int64_t issue_id);

/* Applies the answers that have come, and continues with jobs that the database
 * could not take before. */
void jobs_poll(struct daemon *d);

/* Adopts the breaker's state that other processes reported. */
void jobs_adopt_pause(struct daemon *d);

/* --- loop.c --------------------------------------------------------------- */

/* Runs until the descriptor reports a signal, and then finishes what is under
 * way; with --once, runs until nothing is due. */
void loop_run(struct daemon *d, int signals);

/* --- upkeep.c ------------------------------------------------------------- */

/* Each does something only if it is time to. */

/* Frees the leases of processes of this host that no longer run. */
void upkeep_free_dead_leases(struct daemon *d);

/* At the start and every hour; at once again while there is more to do. */
void upkeep_housekeep(struct daemon *d);

/* Makes the file of high-water marks whole, if it is new. */
void upkeep_begin_marks(struct daemon *d);

/* Some minutes after the start, when the workers that an upgrade replaced have
 * ended, and every hour: completes the counters that a migration added. */
void upkeep_recount(struct daemon *d);

/* Does, in batches, what may follow a change later: hands over the issues of
 * staff who left, updates the search index after somebody was renamed or after
 * an upgrade, and replaces the names of people who were erased. */
void upkeep_catch_up(struct daemon *d);

/* --- inward.c ------------------------------------------------------------- */

/* Works off stored webhook deliveries, a batch. True if there may be more. */
bool inbox_drain(struct daemon *d);

/* Begins a pass if one is due, or continues one that waits. */
void pass_run(struct daemon *d);

/* The answer to the pass's request came. */
void pass_take_answer(struct daemon *d, const struct linear_answer *answer);

/* Ends the pass: the daemon stops. */
void pass_stop(struct daemon *d);

/* --- news.c --------------------------------------------------------------- */

/* Opens the pipe through which workers tell what they have changed, once; and
 * closes it. Another daemon may have it open, too: each reads a part. */
void news_open(struct daemon *d);
void news_close(struct daemon *d);

/* The pipe, or -1 while issues are gathered: then what comes can wait. */
int news_watched(const struct daemon *d);

/* Derives what follows from changes (lib/events), if it is time to look. */
void news_look(struct daemon *d);

/* The same for an issue, together with others in some milliseconds. */
void news_gather(struct daemon *d, int64_t issue_id);

/* The same now, for all that are gathered. */
void news_take(struct daemon *d);

/* --- downloads.c ---------------------------------------------------------- */

void downloads_init(struct daemon *d);
void downloads_release(struct daemon *d);

/* Begins to fetch the files that are due, if it is time to look for some. */
void downloads_begin(struct daemon *d);

/* Stores those that have come. */
void downloads_poll(struct daemon *d);

/* The attachments that are being fetched; returns how many. */
size_t downloads_list(int64_t ids[DOWNLOADS_MAX], const struct daemon *d);
size_t downloads_busy(const struct daemon *d);

/* Gives them back: the daemon stops. */
void downloads_stop(struct daemon *d);

/* --- mails.c -------------------------------------------------------------- */

/* Begins to send the mails that are due, if it is time to look for some. */
void mails_begin(struct daemon *d);

/* Records the results of those that ended. */
void mails_poll(struct daemon *d);

/* --- scans.c -------------------------------------------------------------- */

/* Begins to have files scanned, if it is time to look for some. */
void scans_begin(struct daemon *d);

/* Records the answers that have come. */
void scans_poll(struct daemon *d);

/* How many scans are under way. */
size_t scans_busy(const struct daemon *d);

/* Writes the descriptors that become readable when a scan ends; at most
 * SCANS_MAX. Returns how many. */
size_t scans_watch(int *fds, const struct daemon *d);

/* Ends those that are under way: the daemon stops. */
void scans_stop(struct daemon *d);

/* --- mails_in.c ----------------------------------------------------------- */

void mails_in_init(struct daemon *d);
void mails_in_release(struct daemon *d);

/* How many are being parsed, or wait for the database. */
size_t mails_in_busy(const struct daemon *d);

/* What to wait for: up to MAIL_IN_PARALLEL descriptors; returns their number.
 */
size_t mails_in_fds(int *fds, const struct daemon *d);

/* Takes up mails that came in, if it is time to look for some. */
void mails_in_begin(struct daemon *d);

/* Applies those that are parsed. */
void mails_in_poll(struct daemon *d);

/* --- waiters.c ------------------------------------------------------------ */

/* Binds the socket, unless another living daemon has it: that one serves the
 * waiters until it ends. Call again and again. */
void waiters_open(struct daemon *d);
void waiters_close(struct daemon *d);

/* Reads the wake messages that have come: derives what follows from the news of
 * their issues, then starts their jobs. Few senders may wait, since each
 * keeps a worker from other requests; none while Linear is too slow. */
void waiters_read(struct daemon *d);

/* How long Linear took for an answer. */
void waiters_record_time(struct daemon *d, usec_t took);

/* Answers those who wait for that issue. */
void waiters_ack(struct daemon *d, int64_t issue_id, enum wake_verb verb);

/* Tells all of them not to wait. */
void waiters_dismiss(struct daemon *d);

#endif
