#ifndef DESK_SYNC_JOB_H
#define DESK_SYNC_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* The queue of issues that may differ from Linear (table sync_job). A process
 * works on a job while it holds its lease, which is a committed row; so any
 * number of daemons and workers may serve the queue, on any node of a cluster.
 *
 * Call these outside of a transaction unless their comment says otherwise. */

struct sync_job {
	int64_t issue_id, organization_id;
	int64_t generation; /* as of the last renewal */
	int64_t attempts;   /* failed tries that were issue-specific */
	bool wants_refetch, background;
	usec_t dirty_since;
};

/* Which organization had the last turn: one for jobs that people wait for,
 * one for background jobs. Each daemon has its own; it begins as zeros. */
struct job_turns {
	int64_t last[2]; /* indexed by `background` */
};

/* Leases up to n jobs that are due: first those that people wait for, then,
 * if `all`, background jobs. Organizations take turns: each gets an even
 * share of the n, whatever it has waiting; within an organization the oldest
 * job comes first. Costs two statements, and one for each further
 * organization. */
enum err job_lease(struct sync_job *out, size_t *count, struct ctx *c,
		   const char *owner, struct job_turns *turns, size_t n,
		   bool all) MUST_CHECK;

/* Leases the job of one issue, even if it is not due or a dead letter.
 * ERR_NOTFOUND: it has none. ERR_CONFLICT: another owner holds it. */
enum err job_lease_one(struct sync_job *out, struct ctx *c, const char *owner,
		       int64_t issue_id) MUST_CHECK;

/* The same, but ERR_CONFLICT for a dead letter, and ERR_LIMITED if other
 * jobs of its organization are due: then it waits for its turn. */
enum err job_lease_in_turn(struct sync_job *out, struct ctx *c,
			   const char *owner, int64_t issue_id) MUST_CHECK;

/* Inside a transaction: extends the lease. ERR_STALE: the lease is no longer
 * ours. */
enum err job_hold(struct ctx *c, const char *owner,
		  int64_t issue_id) MUST_CHECK;

/* The same, with the issue locked; and reads the job again, so that it
 * includes what changed since it was leased (also whether Linear must be
 * read first). */
enum err job_renew(struct ctx *c, const char *owner,
		   struct sync_job *job) MUST_CHECK;

/* Inside a transaction that holds the lease: deletes the job, unless the
 * issue changed since it was renewed. *done says whether; if not, the lease
 * is still ours. */
enum err job_done(bool *done, struct ctx *c, const char *owner,
		  const struct sync_job *job) MUST_CHECK;

/* Notes that Linear's side has been read, as of this generation. */
enum err job_refetched(struct ctx *c, const char *owner,
		       struct sync_job *job) MUST_CHECK;

/* Gives the lease back; the job is due again at run_at. With a code: the try
 * failed for a reason that is not issue-specific, which does not count as an
 * attempt. */
enum err job_release(struct ctx *c, const char *owner,
		     const struct sync_job *job, usec_t run_at,
		     const char *code, const char *text) MUST_CHECK;

/* The same after an issue-specific failure: it counts as an attempt, and the
 * wait grows with each. */
enum err job_fail(struct ctx *c, const char *owner, const struct sync_job *job,
		  const char *code, const char *text) MUST_CHECK;

/* After so many attempts, about an hour, the job becomes a dead letter. */
#define JOB_ATTEMPTS_MAX 14

/* The same, but as a dead letter: it is not tried again until somebody
 * retries it, the issue changes, or job_retry_dead picks it up. */
enum err job_dead_letter(struct ctx *c, const char *owner,
			 const struct sync_job *job, const char *code,
			 const char *text) MUST_CHECK;

/* Gives dead letters that used up all JOB_ATTEMPTS_MAX attempts, and were
 * last due before then, one more try: an outage looks issue-specific if only
 * one issue was written during it. What Linear refused at once stays dead. */
enum err job_retry_dead(struct ctx *c, usec_t before) MUST_CHECK;

/* Inside a transaction: the issue changed, so it may differ from Linear. A dead
 * letter is retried: the change may have fixed it. */
enum err job_mark(struct ctx *c, int64_t issue_id,
		  int64_t organization_id) MUST_CHECK;

/* The same for n issues, in the order of their ids. */
struct job_mark {
	int64_t issue_id, organization_id;
};
enum err job_mark_all(struct ctx *c, const struct job_mark *list,
		      size_t n) MUST_CHECK;

/* Inside a transaction: the same, in the background, for the issues on which
 * Linear has an outdated comment (linear_dirty) of that user, among the
 * comments with ids from behind + 1 to `to`. */
enum err job_mark_author(struct ctx *c, int64_t user_id, int64_t behind,
			 int64_t to) MUST_CHECK;

/* The same for the issues on which a reply in Linear refers to files of that
 * user. */
enum err job_mark_uploader(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Retries a dead letter of the organization now. ERR_NOTFOUND. */
enum err job_retry(struct ctx *c, int64_t issue_id,
		   int64_t organization_id) MUST_CHECK;

/* For docketctl: makes the job of an issue due now, dead or not, or (0) all
 * dead letters. *n: how many jobs. */
enum err job_retry_any(int64_t *n, struct ctx *c, int64_t issue_id) MUST_CHECK;

/* Inside a transaction or not: asks for Linear's side of the issue to be
 * read. `background`: nobody waits for it. */
enum err job_request_refetch(struct ctx *c, int64_t issue_id,
			     int64_t organization_id,
			     bool background) MUST_CHECK;

/* After a restore: every job that waits reads Linear first, which may be ahead
 * of this database. */
enum err job_refetch_all(struct ctx *c) MUST_CHECK;

/* Inside a transaction: deletes the job, since the issue no longer goes to
 * Linear. */
enum err job_delete(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* Frees the leases of processes of this host that no longer run. Owners are
 * named host:pid:random. *n: how many were freed. */
enum err job_break_leases(int64_t *n, struct ctx *c,
			  const char *host) MUST_CHECK;

/* Makes jobs due now that wait out a failure which was not issue-specific:
 * call when an outage is over. */
enum err job_expedite(struct ctx *c) MUST_CHECK;

/* Releases jobs that are scheduled, or leased, until after then: so far
 * ahead only a wrong clock can have put them. */
enum err job_release_far_ahead(struct ctx *c, usec_t after) MUST_CHECK;

/* How long to wait after a failure that is not issue-specific: a quarter of
 * the time that the change has waited already, at least 1 s, at most 30 s;
 * jitter makes it up to half shorter. */
usec_t job_retry_wait(const struct sync_job *job, usec_t now);

#endif
