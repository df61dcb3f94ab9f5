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
#include "desk/sync_job.h"
#include "linear/client.h"
#include "sync/breaker.h"
#include "sync/cache.h"
#include "sync/reconcile.h"
#include "sync/task.h"

/* The sync daemon, in parts: the jobs under way, those who wait for them, the
 * mails, and the loop around them all.
 *
 * When it does what next it counts by clock_monotonic(), which nobody can put
 * back; what stands in the database is of the wall clock. */

#define HOST_MAX    40
#define WAITERS_MAX 32

/* A worker that waits for the nod about one issue. */
struct waiter {
	int64_t issue_id; /* 0: a free place */
	struct sockaddr_un address;
	socklen_t size;
	usec_t until;
};

/* Where a job is. An answer that the database could not take yet waits. */
enum phase { PHASE_FREE, PHASE_PLAN, PHASE_SENT, PHASE_APPLY };

/* And where the pass is: it may have to wait before each of its pages. */
enum pass_phase { PASS_NONE, PASS_WAITS, PASS_SENT };

struct slot {
	enum phase phase;
	struct task task;
	struct linear_answer answer;
	usec_t sent_at;
};

struct daemon {
	const struct conf *conf;
	struct db *db;
	struct arena *arena; /* of each round of the loop */
	struct linear *linear;
	struct cache *cache;
	struct breaker breaker;
	char host[HOST_MAX];
	char owner[LEASE_OWNER_MAX];
	bool once;	   /* what is due now, and no more */
	int socket;	   /* -1: none */
	struct stat bound; /* its file, to know it again */
	usec_t next_socket;
	struct waiter waiters[WAITERS_MAX];
	usec_t took[2], answered_at; /* the last two answers to jobs */
	struct slot slots[LINEAR_PARALLEL];
	struct job_turns turns;
	usec_t next_frugal; /* while requests are scarce: the queue's next */
	bool stopping;	    /* no further requests */
	bool db_is_away;    /* and that was logged */
	bool more; /* there may be more to be done than the last look took up */
	usec_t next_poll, next_look, next_break, next_pass, next_housekeeping;
	usec_t next_catch_up;
	usec_t last_round; /* of the loop, by the wall clock */
	struct reconcile pass;
	enum pass_phase pass_phase;
	struct arena *pass_arena;     /* of all of it */
	struct arena *page_arenas[2]; /* of its pages, in turn */
	struct linear_request page;   /* that waits to be asked for */
	usec_t pass_wait;	      /* the last pause after a failure */
	int64_t done, failed;	      /* jobs so far */
	struct mailer *mailer;
	usec_t next_mail;
	bool more_mails; /* as `more` */
	bool more_to_catch_up;
	bool told_no_mail; /* that the server is away was logged */
};

/* A context for a piece of work whose memory is that arena. */
struct ctx daemon_ctx(struct daemon *d, struct arena *a);

/* The database did not answer (or does again, with OK); logged once. */
void daemon_note_db(struct daemon *d, enum err e);

/* --- docket-sync-jobs.c -------------------------------------------------- */

void jobs_init(struct daemon *d);
void jobs_release(struct daemon *d);

/* How many are under way. */
size_t jobs_busy(const struct daemon *d);

/* Leases what is due, as far as there is room, and sends first requests. True
 * when more may be due. */
bool jobs_begin(struct daemon *d);

/* Leases the job of one issue. ERR_NOTFOUND: there is none. ERR_CONFLICT:
 * another one has it. ERR_LIMITED: no room now, or it has to wait its turn. */
enum err jobs_begin_one(struct daemon *d, int64_t issue_id);
bool jobs_has(const struct daemon *d, int64_t issue_id);

/* Takes the answers that have come, and goes on with what the database could
 * not take before. */
void jobs_poll(struct daemon *d);

/* What the gate makes of an answer, and of what others told of theirs. */
void jobs_record_answer(struct daemon *d, const struct linear_answer *answer);
void jobs_adopt_pause(struct daemon *d);

/* --- docket-sync-inward.c ------------------------------------------------ */

/* Works off stored webhooks, for a while. True when there may be more. */
bool inbox_drain(struct daemon *d);

/* Begins a pass if one is due, and goes on with one that waits. */
void pass_run(struct daemon *d);

/* The pass's answer came. */
void pass_take_answer(struct daemon *d, const struct linear_answer *answer);

/* There will be no more of it. */
void pass_stop(struct daemon *d);

/* --- docket-sync-mails.c ------------------------------------------------- */

/* Begins to send what is due, if it is time to look for some. */
void mails_begin(struct daemon *d);

/* Notes how those ended that did. */
void mails_poll(struct daemon *d);

/* --- docket-sync-waiters.c ----------------------------------------------- */

/* Binds the socket, unless a living daemon has it: then that one has the
 * waiters, until it ends. To be called again and again. */
void waiters_open(struct daemon *d);
void waiters_close(struct daemon *d);

/* Reads the nudges that have come. Few may wait, since each keeps a worker from
 * others; and nobody while Linear is too slow for that to be of use. */
void waiters_read(struct daemon *d);

/* How long Linear took for an answer. */
void waiters_record_time(struct daemon *d, usec_t took);

/* Tells those who wait for that issue. */
void waiters_ack(struct daemon *d, int64_t issue_id, enum wake_verb verb);

/* Tells all of them not to wait. */
void waiters_dismiss(struct daemon *d);

#endif
