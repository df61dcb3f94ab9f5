#ifndef SYNC_JOB_H
#define SYNC_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* The queue of issues that may differ from Linear (table sync_job). Who works
 * on one holds its lease: a committed row, so that any number of daemons and
 * workers may serve the queue, on any node of a cluster. */

struct sync_job {
	int64_t issue_id, organization_id;
	int64_t generation; /* as it was when last renewed */
	int64_t attempts;   /* that failed by a fault of its own */
	bool wants_refetch, background;
	usec_t dirty_since;
};

/* Which organization had the last turn, of jobs that people wait for and of the
 * others. Begins as zeros; every daemon has its own. */
struct job_turns {
	int64_t last[2]; /* by `background` */
};

/* Leases up to n jobs that are due, those that people wait for before the
 * others (which `all` includes). Organizations take turns: each has an even
 * share of the n, whatever it has waiting, and within an organization the
 * oldest comes first. Costs two statements, and one for each further
 * organization. */
enum err job_lease(struct sync_job *out, size_t *count, struct ctx *c,
		   const char *owner, struct job_turns *turns, size_t n,
		   bool all) MUST_CHECK;

/* Leases the job of one issue, due or not, or a dead letter.
 * ERR_NOTFOUND: it has none. ERR_CONFLICT: somebody else holds it. */
enum err job_lease_one(struct sync_job *out, struct ctx *c, const char *owner,
		       int64_t issue_id) MUST_CHECK;

/* The same, but ERR_CONFLICT for a dead letter, and ERR_LIMITED when other jobs
 * of its organization are due: that one waits for its turn. */
enum err job_lease_in_turn(struct sync_job *out, struct ctx *c,
			   const char *owner, int64_t issue_id) MUST_CHECK;

/* Inside a transaction: the lease is ours still, and is prolonged.
 * ERR_STALE: it is not. */
enum err job_hold(struct ctx *c, const char *owner,
		  int64_t issue_id) MUST_CHECK;

/* The same, with the issue locked; and the job is as it is now: what changed
 * since it was leased is part of it, and so is the wish to read Linear's side
 * first. */
enum err job_renew(struct ctx *c, const char *owner,
		   struct sync_job *job) MUST_CHECK;

/* Inside a transaction in which the lease was held: the job is done, unless the
 * issue changed since it was renewed; *done says which. If not, it is still
 * ours. */
enum err job_done(bool *done, struct ctx *c, const char *owner,
		  const struct sync_job *job) MUST_CHECK;

/* Linear's side has been read as of this generation. */
enum err job_refetched(struct ctx *c, const char *owner,
		       struct sync_job *job) MUST_CHECK;

/* Gives the lease back, to be taken at or after run_at; with a code, since
 * something went wrong that is none of its faults, however often. */
enum err job_release(struct ctx *c, const char *owner,
		     const struct sync_job *job, usec_t run_at,
		     const char *code, const char *text) MUST_CHECK;

/* The same, since something is wrong with this issue: it counts, and each
 * time the next try is further away. */
enum err job_fail(struct ctx *c, const char *owner, const struct sync_job *job,
		  const char *code, const char *text) MUST_CHECK;

/* After so many, it is buried: that takes about an hour. */
#define JOB_ATTEMPTS_MAX 14

/* The same, but it is not tried again: a dead letter, until somebody retries
 * it, the issue changes, or job_retry_dead finds it. */
enum err job_dead_letter(struct ctx *c, const char *owner,
			 const struct sync_job *job, const char *code,
			 const char *text) MUST_CHECK;

/* Dead letters of JOB_ATTEMPTS_MAX that were last due before then have one more
 * try: an outage looks like a fault of the only issue that was written in it.
 * What Linear refused at once stays. */
enum err job_retry_dead(struct ctx *c, usec_t before) MUST_CHECK;

/* Inside a transaction or not: Linear's side of the issue is to be read.
 * `background`: nobody waits for it. */
enum err job_request_refetch(struct ctx *c, int64_t issue_id,
			     int64_t organization_id,
			     bool background) MUST_CHECK;

/* Inside a transaction: the issue has nothing to do with Linear any more. */
enum err job_delete(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* A lease whose owner is a process of this machine that is no more. Owners are
 * named host:pid:random. How many were given back. */
enum err job_break_leases(int64_t *n, struct ctx *c,
			  const char *host) MUST_CHECK;

/* What waits out a fault that was none of its own is due now: it is over. */
enum err job_expedite(struct ctx *c) MUST_CHECK;

/* What waits, or is leased, until after then, which is longer than anything may
 * be, is free now: it is of a clock that was wrong. */
enum err job_release_far_ahead(struct ctx *c, usec_t after) MUST_CHECK;

/* How long to wait out what is none of its faults: a quarter of how long it
 * has waited, but 1 s .. 30 s, or by chance up to half of that less. */
usec_t job_retry_wait(const struct sync_job *job, usec_t now);

#endif
