/* Sync while somebody waits. sync_push_now and sync_pull_now run the same
 * steps as the daemon, one after the other; sync_team_name asks for one
 * team. */

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/crypto.h"
#include "call.h"
#include "db/db.h"
#include "db/lease.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "mapping.h"
#include "sync/cache.h"
#include "sync/snapshot.h"
#include "sync/sync.h"
#include "sync/task.h"

/* The longest time for one call; then the job stays queued. */
#define PATIENCE (25 * USEC_PER_SEC)

/* Created on first use, kept until the process ends. */
static struct {
	struct cache *cache;
	char owner[LEASE_OWNER_MAX];
} own;

static void
set_up(void)
{
	char host[LEASE_OWNER_MAX / 2] = "", uuid[UUID_TEXT];

	if (own.cache)
		return;
	own.cache = cache_new();
	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	random_uuid(uuid);
	(void)snprintf(own.owner, sizeof(own.owner), "%s:%ld:%.8s", host,
		       (long)getpid(), uuid);
}

/* --- one issue ----------------------------------------------------------- */

/* Linear has the issue, or had it and may have it again. */
static enum err
was_in_linear(bool *out, struct ctx *c, const struct issue *issue)
{
	struct snapshot snapshot;
	enum err e = snapshot_load(&snapshot, c, issue->id);

	if (!e)
		*out = issue->kind.synced_to_linear || snapshot.gone_at;
	return e;
}

static enum err
not_there(struct ctx *c)
{
	(void)fault_add(&c->faults, "linear", "The issue is not in Linear.");
	return ERR_CONFLICT;
}

/* Checks that the issue is in Linear in the end. */
static enum err
check_there(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	enum err e = issue_get(&issue, c, who, issue_id);

	return e || issue->kind.synced_to_linear ? e : not_there(c);
}

static void
sleep_briefly(void)
{
	const struct timespec ts = {.tv_nsec = 50 * 1000 * 1000};

	nanosleep(&ts, NULL);
}

/* Leases the job. While another owner has it, that one may do the work for
 * us. ERR_NOTFOUND: it is done. */
static enum err
wait_for_lease(struct sync_job *job, struct ctx *c, int64_t issue_id,
	       usec_t until)
{
	enum err e;

	for (;;) {
		c->now = clock_now();
		e = job_lease_one(job, c, own.owner, issue_id);
		if (e != ERR_CONFLICT)
			return e;
		if (clock_monotonic() > until)
			return sync_upstream_fault(
			    c, "The issue is being synced just "
			       "now.");
		sleep_briefly();
	}
}

/* Sends a step's request and applies the answer. */
static enum err
run_step(enum verdict *verdict, struct task *t, struct ctx *c,
	 struct linear_answer *answer)
{
	struct linear_request request;
	enum err e;

	c->now = clock_now();
	e = task_plan(verdict, &request, t, c);
	if (e || *verdict != TASK_SEND)
		return e;
	if (t->step == STEP_FILE_ASK) { /* docket-sync sends files */
		*verdict = TASK_DONE;
		return job_release(c, own.owner, &t->job, c->now, NULL, NULL);
	}
	e = sync_call(answer, c, &request);
	return e ? e : task_apply(verdict, t, c, answer);
}

/* ERR_STALE: another owner has the job now. */
static enum err
run_task(struct ctx *c, const struct sync_job *job, usec_t until)
{
	struct task t = {.arena = c->arena,
			 .owner = own.owner,
			 .cache = own.cache,
			 .job = *job};
	struct linear_answer answer = {0};
	enum verdict verdict;
	enum err e;

	do {
		e = run_step(&verdict, &t, c, &answer);
	} while (!e && verdict == TASK_AGAIN && clock_monotonic() < until);
	if (!e && verdict == TASK_AGAIN) {
		e = job_release(c, own.owner, &t.job, c->now, NULL, NULL);
		return e ? e
			 : sync_upstream_fault(
			       c, "Linear is slow; the issue stays "
				  "queued.");
	}
	if (e || verdict == TASK_DONE)
		return e;
	return verdict == TASK_LOST ? ERR_STALE
				    : sync_upstream_fault(c, answer.text);
}

static enum err
sync_issue_now(struct ctx *c, int64_t issue_id)
{
	const usec_t until = clock_monotonic() + PATIENCE;
	struct sync_job job;
	enum err e;

	if (!c->conf->linear_api_key)
		return sync_upstream_fault(c,
					   "No Linear API key is configured.");
	set_up();
	do {
		e = wait_for_lease(&job, c, issue_id, until);
		if (e)
			return e == ERR_NOTFOUND ? OK : e;
		e = run_task(c, &job, until);
	} while (e == ERR_STALE);
	return e;
}

enum err
sync_push_now(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	enum err e = issue_get(&issue, c, who, issue_id);

	if (e)
		return e;
	if (!outbox_wants(issue))
		return sync_no_team(c);
	e = job_mark(c, issue->id, issue->kind.organization_id);
	if (!e)
		e = sync_issue_now(c, issue_id);
	return e ? e : check_there(c, who, issue_id);
}

enum err
sync_pull_now(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	bool known;
	enum err e = issue_get(&issue, c, who, issue_id);

	if (e)
		return e;
	e = was_in_linear(&known, c, issue);
	if (e || !known)
		return e ? e : not_there(c);
	e = job_request_refetch(c, issue_id, issue->kind.organization_id,
				false);
	if (!e)
		e = sync_issue_now(c, issue_id);
	return e ? e : check_there(c, who, issue_id);
}

/* --- teams --------------------------------------------------------------- */

enum err
sync_team_name(const char **name, struct ctx *c, const char *team_id)
{
	struct linear_request r;
	struct linear_answer answer;
	struct linear_team team;
	enum err e;

	*name = NULL;
	if (!c->conf->linear_api_key)
		return OK;
	r = linear_team_get(c->arena, team_id);
	e = sync_call(&answer, c, &r);
	if (e)
		return e;
	if (answer.outcome == LINEAR_NOT_FOUND ||
	    answer.outcome == LINEAR_INVALID)
		return ERR_NOTFOUND;
	if (answer.outcome != LINEAR_OK)
		return sync_upstream_fault(c, answer.text);
	if (!linear_read_team(&team, c->arena, &answer))
		return sync_upstream_fault(c, NULL);
	*name = team.name;
	return OK;
}
