/* The queue of issues that may differ from Linear.
 *
 * A job is a row of sync_job, one per issue. It is due at run_at, and free
 * unless lease_until lies in the future. Leasing takes rows with SKIP LOCKED
 * in a short transaction and commits the lease, so a crashed owner blocks
 * nobody for longer than the lease. `generation` counts changes of the
 * issue, so that a job is deleted only if nothing has changed since it was
 * renewed. `attempts` counts issue-specific failures only; other failures
 * leave an error code with attempts = 0.
 *
 * Organizations take turns (job_lease), so that a long queue of one does not
 * delay the others. All writes of the table are here. */

#include "desk/sync_job.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/statements.h"

#define PATIENCE_MIN USEC_PER_SEC
#define PATIENCE_MAX (30 * USEC_PER_SEC)

enum {
	MARK,
	MARK_AUTHOR,
	TURNS,
	DUE,
	ONE,
	TAKE,
	HOLD,
	AS_IT_IS,
	REMOVE,
	REFETCHED,
	RELEASE,
	FAIL,
	DEAD_LETTER,
	REVIVE,
	RETRY,
	RETRY_ONE,
	RETRY_ALL,
	WANT_REFETCH,
	FORGET,
	OWNERS,
	BREAK,
	EXPEDITE,
	RECALL,
	TAKE_BACK,
	STATEMENTS
};

#define COLUMNS                                                            \
	"issue_id, organization_id, generation, attempts, wants_refetch, " \
	"background, dirty_since"

/* Organizations that have a job due, leased or not: one step of the index
 * for each of them, however many jobs it has. */
#define TURNS_OF(lap, which)                                     \
	"(SELECT organization_id, " lap " AS lap FROM sync_job " \
	"FORCE INDEX (by_turn) WHERE state = 'ready' "           \
	"AND background = ? AND organization_id " which " ? "    \
	"GROUP BY organization_id HAVING MIN(run_at) <= ? "      \
	"ORDER BY organization_id LIMIT ?)"

/* Makes a job due, as if it had not failed yet. */
#define DUE_AGAIN \
	"UPDATE sync_job SET state = 'ready', attempts = 0, run_at = ?"

static struct stmt sql[] = {
    /* A job that waits out an outage keeps its time; one whose failure was
     * issue-specific is due now, since this change may fix it. Assignments run
     * from left to right, so run_at still sees the old attempts. */
    [MARK] = {"INSERT INTO sync_job (issue_id, organization_id, run_at, "
	      "dirty_since) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
	      "generation = generation + 1, "
	      "run_at = IF(state = 'ready' AND attempts = 0 "
	      "AND error_code IS NOT NULL, run_at, VALUES(run_at)), "
	      "attempts = 0, "
	      "background = FALSE, state = 'ready'"},
    [MARK_AUTHOR] = {"INSERT INTO sync_job (issue_id, organization_id, "
		     "run_at, dirty_since, background) "
		     "SELECT DISTINCT i.id, i.organization_id, ?, ?, TRUE "
		     "FROM comment m JOIN issue i ON i.id = m.issue_id "
		     "JOIN organization o ON o.id = i.organization_id "
		     "WHERE m.author_id = ? AND m.id > ? AND m.id <= ? "
		     "AND m.linear_dirty AND i.deleted_at IS NULL "
		     "AND COALESCE(i.linear_team_id, o.linear_team_id) "
		     "IS NOT NULL ON DUPLICATE KEY UPDATE "
		     "generation = sync_job.generation + 1, "
		     "run_at = IF(sync_job.state = 'dead', VALUES(run_at), "
		     "sync_job.run_at), attempts = 0, state = 'ready'"},
    [TURNS] = {TURNS_OF("0", ">") " UNION ALL " TURNS_OF(
	"1", "<=") " ORDER BY lap, organization_id"},
    [DUE] = {"SELECT " COLUMNS " FROM sync_job FORCE INDEX (by_turn) "
	     "WHERE state = 'ready' "
	     "AND background = ? AND organization_id = ? AND run_at <= ? "
	     "AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY run_at LIMIT ? FOR UPDATE SKIP LOCKED"},
    [ONE] = {"SELECT " COLUMNS ", lease_until >= ? AND lease_owner <> ?, "
	     "state = 'dead', EXISTS (SELECT 1 FROM sync_job o "
	     "WHERE o.state = 'ready' AND o.background = FALSE "
	     "AND o.organization_id = j.organization_id AND o.run_at <= ? "
	     "AND (o.lease_until IS NULL OR o.lease_until < ?) "
	     "AND o.issue_id <> j.issue_id) "
	     "FROM sync_job j WHERE issue_id = ? FOR UPDATE"},
    [TAKE] = {"UPDATE sync_job SET lease_owner = ?, lease_until = ?, "
	      "state = 'ready' WHERE issue_id = ?"},
    [HOLD] = {"UPDATE sync_job SET lease_until = ? WHERE issue_id = ? "
	      "AND lease_owner = ?"},
    [AS_IT_IS] = {"SELECT " COLUMNS " FROM sync_job WHERE issue_id = ? "
		  "AND lease_owner = ? FOR UPDATE"},
    [REMOVE] = {"DELETE FROM sync_job WHERE issue_id = ? AND generation = ? "
		"AND lease_owner = ?"},
    [REFETCHED] = {"UPDATE sync_job SET wants_refetch = FALSE "
		   "WHERE issue_id = ? AND generation = ? "
		   "AND lease_owner = ?"},
    [RELEASE] =
	{"UPDATE sync_job SET lease_owner = NULL, lease_until = NULL, "
	 "run_at = ?, error_code = LEFT(?, 64), error_text = LEFT(?, 1000) "
	 "WHERE issue_id = ? AND lease_owner = ?"},
    /* a change that came meanwhile may fix it: it is tried at once */
    [FAIL] = {"UPDATE sync_job SET lease_owner = NULL, lease_until = NULL, "
	      "run_at = IF(generation = ?, ?, run_at), "
	      "attempts = attempts + (generation = ?), "
	      "error_code = LEFT(?, 64), error_text = LEFT(?, 1000) "
	      "WHERE issue_id = ? AND lease_owner = ?"},
    [DEAD_LETTER] =
	{"UPDATE sync_job SET lease_owner = NULL, lease_until = NULL, "
	 "attempts = attempts + 1, error_code = LEFT(?, 64), "
	 "error_text = LEFT(?, 1000), "
	 "state = IF(generation = ?, 'dead', state) "
	 "WHERE issue_id = ? AND lease_owner = ?"},
    [REVIVE] = {"UPDATE sync_job SET state = 'ready', run_at = ? "
		"WHERE state = 'dead' AND run_at < ? AND attempts >= ?"},
    /* generation: the result of a running try must not end this one */
    [RETRY] = {DUE_AGAIN ", generation = generation + 1 WHERE issue_id = ? AND "
			 "organization_id = ? "
			 "AND state = 'dead'"},
    [RETRY_ONE] = {DUE_AGAIN ", background = FALSE WHERE issue_id = ?"},
    [RETRY_ALL] = {DUE_AGAIN ", background = FALSE WHERE state = 'dead'"},
    [WANT_REFETCH] = {"INSERT INTO sync_job (issue_id, organization_id, "
		      "run_at, dirty_since, wants_refetch, background) "
		      "VALUES (?, ?, ?, ?, TRUE, ?) ON DUPLICATE KEY UPDATE "
		      "generation = generation + 1, wants_refetch = TRUE, "
		      "attempts = IF(state = 'dead', 0, attempts), "
		      "state = 'ready'"},
    [FORGET] = {"DELETE FROM sync_job WHERE issue_id = ?"},
    [OWNERS] = {"SELECT DISTINCT lease_owner FROM sync_job "
		"WHERE lease_until > ?"},
    [BREAK] = {"UPDATE sync_job SET lease_owner = NULL, lease_until = NULL "
	       "WHERE lease_owner = ?"},
    [EXPEDITE] = {"UPDATE sync_job SET run_at = ? "
		  "WHERE state = 'ready' AND attempts = 0 AND run_at > ?"},
    [RECALL] = {"UPDATE sync_job SET run_at = ? WHERE state = 'ready' "
		"AND run_at > ?"},
    [TAKE_BACK] = {"UPDATE sync_job SET lease_owner = NULL, "
		   "lease_until = NULL WHERE lease_until > ?"},
};

const struct statements sync_job_statements = {sql, STATEMENTS};

static void
read_job(struct sync_job *j, struct rows *r)
{
	const char *since;

	j->issue_id = col_int(r);
	j->organization_id = col_int(r);
	j->generation = col_int(r);
	j->attempts = col_int(r);
	j->wants_refetch = col_bool(r);
	j->background = col_bool(r);
	since = col_text(r);
	if (since)
		(void)clock_parse(&j->dirty_since, since);
}

static enum err
take_lease(struct ctx *c, const char *owner, int64_t issue_id)
{
	return db_run(c->db, &sql[TAKE],
		      ARGS(arg_text(owner), arg_time(c->now + LEASE_TIME),
			   arg_int(issue_id)));
}

/* The arguments of the job_lease functions, for db_transaction. */
struct leasing {
	struct ctx *c;
	const char *owner;
	struct sync_job *out;
	size_t count, n;
	struct job_turns turns;
	bool all, revive, in_turn;
	int64_t issue_id;
};

/* The organizations that have something due, from the one after the last
 * turn on: at most as many as there are places. */
static enum err
list_turns(int64_t **out, size_t *count, struct leasing *l, bool background)
{
	const struct arg kind = arg_int(background), now = arg_time(l->c->now);
	const struct arg last = arg_int(l->turns.last[background]);
	const struct arg most = arg_int((int64_t)(l->n - l->count));
	struct rows rows;
	int64_t *orgs;
	enum err e =
	    db_query(&rows, l->c->db, &sql[TURNS],
		     ARGS(kind, last, now, most, kind, last, now, most));

	if (e)
		return e;
	*out = orgs =
	    arena_alloc(l->c->arena, (rows.count + 1) * sizeof(*orgs));
	*count = 0;
	while (rows_next(&rows) && *count < l->n - l->count)
		orgs[(*count)++] = col_int(&rows);
	return OK;
}

/* Leases up to `most` jobs of one organization. *all_of_them: it has no
 * more. */
static enum err
lease_from_organization(bool *all_of_them, struct leasing *l,
			int64_t organization_id, bool background, size_t most)
{
	struct ctx *c = l->c;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[DUE],
			      ARGS(arg_int(background),
				   arg_int(organization_id), arg_time(c->now),
				   arg_time(c->now), arg_int((int64_t)most)));

	*all_of_them = !e && rows.count < most;
	while (!e && rows_next(&rows)) {
		read_job(&l->out[l->count], &rows);
		e = take_lease(c, l->owner, l->out[l->count].issue_id);
		l->count++;
	}
	l->turns.last[background] = organization_id;
	return e;
}

/* Places are shared out evenly, again and again while some are left and an
 * organization may have more. */
static enum err
lease_some(struct leasing *l, bool background)
{
	int64_t *orgs;
	size_t n, left, share;
	bool all_of_them;
	enum err e = list_turns(&orgs, &n, l, background);

	while (!e && n > 0 && l->count < l->n) {
		share = (l->n - l->count + n - 1) / n;
		left = 0;
		for (size_t i = 0; !e && i < n && l->count < l->n; i++) {
			const size_t room = l->n - l->count;

			e = lease_from_organization(
			    &all_of_them, l, orgs[i], background,
			    share < room ? share : room);
			if (!all_of_them)
				orgs[left++] = orgs[i];
		}
		n = left;
	}
	return e;
}

static enum err
lease_in_turns(void *arg)
{
	struct leasing *l = arg;
	const struct job_turns turns = l->turns;
	enum err e;

	l->count = 0;
	e = lease_some(l, false);
	if (!e && l->all && l->count < l->n)
		e = lease_some(l, true);
	if (e)
		l->turns = turns;
	return e;
}

enum err
job_lease(struct sync_job *out, size_t *count, struct ctx *c, const char *owner,
	  struct job_turns *turns, size_t n, bool all)
{
	struct leasing l = {.c = c,
			    .owner = owner,
			    .out = out,
			    .n = n,
			    .all = all,
			    .turns = *turns};
	enum err e = db_transaction(c->db, lease_in_turns, &l);

	*count = e ? 0 : l.count;
	*turns = l.turns;
	return e;
}

static enum err
lease_one(void *arg)
{
	struct leasing *l = arg;
	struct ctx *c = l->c;
	const struct arg now = arg_time(c->now);
	struct rows rows;
	bool taken, dead, behind;
	enum err e = db_one(
	    &rows, c->db, &sql[ONE],
	    ARGS(now, arg_text(l->owner), now, now, arg_int(l->issue_id)));

	if (e)
		return e;
	read_job(l->out, &rows);
	taken = col_bool(&rows);
	dead = col_bool(&rows);
	behind = col_bool(&rows);
	if (taken || (dead && !l->revive))
		return ERR_CONFLICT;
	if (behind && l->in_turn)
		return ERR_LIMITED;
	return take_lease(c, l->owner, l->issue_id);
}

static enum err
lease_single(struct leasing *l, struct ctx *c, const char *owner,
	     int64_t issue_id)
{
	l->c = c;
	l->owner = owner;
	l->issue_id = issue_id;
	return db_transaction(c->db, lease_one, l);
}

enum err
job_lease_one(struct sync_job *out, struct ctx *c, const char *owner,
	      int64_t issue_id)
{
	struct leasing l = {.out = out, .revive = true};

	return lease_single(&l, c, owner, issue_id);
}

enum err
job_lease_in_turn(struct sync_job *out, struct ctx *c, const char *owner,
		  int64_t issue_id)
{
	struct leasing l = {.out = out, .in_turn = true};

	return lease_single(&l, c, owner, issue_id);
}

enum err
job_hold(struct ctx *c, const char *owner, int64_t issue_id)
{
	enum err e = db_run(c->db, &sql[HOLD],
			    ARGS(arg_time(c->now + LEASE_TIME),
				 arg_int(issue_id), arg_text(owner)));

	return !e && db_affected(c->db) == 0 ? ERR_STALE : e;
}

enum err
job_renew(struct ctx *c, const char *owner, struct sync_job *job)
{
	struct rows rows;
	enum err e = job_hold(c, owner, job->issue_id);

	if (!e)
		e = db_one(&rows, c->db, &sql[AS_IT_IS],
			   ARGS(arg_int(job->issue_id), arg_text(owner)));
	if (!e)
		read_job(job, &rows);
	return e;
}

enum err
job_done(bool *done, struct ctx *c, const char *owner,
	 const struct sync_job *job)
{
	enum err e = db_run(c->db, &sql[REMOVE],
			    ARGS(arg_int(job->issue_id),
				 arg_int(job->generation), arg_text(owner)));

	*done = !e && db_affected(c->db) > 0;
	return e;
}

enum err
job_refetched(struct ctx *c, const char *owner, struct sync_job *job)
{
	enum err e = db_run(c->db, &sql[REFETCHED],
			    ARGS(arg_int(job->issue_id),
				 arg_int(job->generation), arg_text(owner)));

	job->wants_refetch = false;
	return e;
}

enum err
job_release(struct ctx *c, const char *owner, const struct sync_job *job,
	    usec_t run_at, const char *code, const char *text)
{
	return db_run(c->db, &sql[RELEASE],
		      ARGS(arg_time(run_at), arg_text(code), arg_text(text),
			   arg_int(job->issue_id), arg_text(owner)));
}

enum err
job_fail(struct ctx *c, const char *owner, const struct sync_job *job,
	 const char *code, const char *text)
{
	return db_run(c->db, &sql[FAIL],
		      ARGS(arg_int(job->generation),
			   arg_time(c->now + lease_backoff(job->attempts)),
			   arg_int(job->generation), arg_text(code),
			   arg_text(text), arg_int(job->issue_id),
			   arg_text(owner)));
}

enum err
job_dead_letter(struct ctx *c, const char *owner, const struct sync_job *job,
		const char *code, const char *text)
{
	return db_run(c->db, &sql[DEAD_LETTER],
		      ARGS(arg_text(code), arg_text(text),
			   arg_int(job->generation), arg_int(job->issue_id),
			   arg_text(owner)));
}

enum err
job_retry_dead(struct ctx *c, usec_t before)
{
	return db_run(c->db, &sql[REVIVE],
		      ARGS(arg_time(c->now), arg_time(before),
			   arg_int(JOB_ATTEMPTS_MAX)));
}

enum err
job_mark(struct ctx *c, int64_t issue_id, int64_t organization_id)
{
	return db_run(c->db, &sql[MARK],
		      ARGS(arg_int(issue_id), arg_int(organization_id),
			   arg_time(c->now), arg_time(c->now)));
}

enum err
job_mark_author(struct ctx *c, int64_t user_id, int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[MARK_AUTHOR],
		      ARGS(arg_time(c->now), arg_time(c->now), arg_int(user_id),
			   arg_int(behind), arg_int(to)));
}

enum err
job_retry(struct ctx *c, int64_t issue_id, int64_t organization_id)
{
	enum err e = db_run(c->db, &sql[RETRY],
			    ARGS(arg_time(c->now), arg_int(issue_id),
				 arg_int(organization_id)));

	return !e && db_affected(c->db) == 0 ? ERR_NOTFOUND : e;
}

enum err
job_retry_any(int64_t *n, struct ctx *c, int64_t issue_id)
{
	enum err e =
	    issue_id ? db_run(c->db, &sql[RETRY_ONE],
			      ARGS(arg_time(c->now), arg_int(issue_id)))
		     : db_run(c->db, &sql[RETRY_ALL], ARGS(arg_time(c->now)));

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
job_request_refetch(struct ctx *c, int64_t issue_id, int64_t organization_id,
		    bool background)
{
	return db_run(c->db, &sql[WANT_REFETCH],
		      ARGS(arg_int(issue_id), arg_int(organization_id),
			   arg_time(c->now), arg_time(c->now),
			   arg_int(background)));
}

enum err
job_delete(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[FORGET], ARGS(arg_int(issue_id)));
}

enum err
job_break_leases(int64_t *n, struct ctx *c, const char *host)
{
	struct rows rows;
	const char *owner;
	enum err e =
	    db_query(&rows, c->db, &sql[OWNERS], ARGS(arg_time(c->now)));

	*n = 0;
	while (!e && rows_next(&rows)) {
		owner = col_text(&rows);
		if (!lease_is_dead(owner, host))
			continue;
		e = db_run(c->db, &sql[BREAK], ARGS(arg_text(owner)));
		if (!e)
			*n += db_affected(c->db);
	}
	return e;
}

enum err
job_expedite(struct ctx *c)
{
	return db_run(c->db, &sql[EXPEDITE],
		      ARGS(arg_time(c->now), arg_time(c->now)));
}

enum err
job_release_far_ahead(struct ctx *c, usec_t after)
{
	enum err e = db_run(c->db, &sql[RECALL],
			    ARGS(arg_time(c->now), arg_time(after)));

	return e ? e : db_run(c->db, &sql[TAKE_BACK], ARGS(arg_time(after)));
}

usec_t
job_retry_wait(const struct sync_job *job, usec_t now)
{
	usec_t wait = (now - job->dirty_since) / 4;

	if (wait < PATIENCE_MIN)
		wait = PATIENCE_MIN;
	return lease_jitter(wait > PATIENCE_MAX ? PATIENCE_MAX : wait);
}
