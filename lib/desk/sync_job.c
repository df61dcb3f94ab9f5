/* The queue of issues that may differ from Linear.
 *
 * A job is a row of sync_job, one per issue. It is due at run_at, and free
 * unless lease_until lies in the future. `generation` counts changes of the
 * issue, so that a job is deleted only if nothing has changed since it was
 * renewed. `attempts` counts issue-specific failures only; other failures
 * leave an error code with attempts = 0.
 *
 * Every change of a row is here: those that request work, those that report
 * its result, and those that correct the queue after an outage or a crash.
 * Which jobs a process leases next is in sync_job_lease.c. */

#include "desk/sync_job.h"

#include "base/arena.h"
#include "db/lease.h"
#include "db/many.h"
#include "db/statements.h"
#include "sync_job_row.h"

#define PATIENCE_MIN USEC_PER_SEC
#define PATIENCE_MAX (30 * USEC_PER_SEC)

enum {
	MARK,
	MARK_LAST = MARK + MANY_WIDTHS - 1,
	MARK_AUTHOR,
	MARK_UPLOADER,
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
	REFETCH_ALL,
	FORGET,
	OWNERS,
	BREAK,
	EXPEDITE,
	RECALL,
	TAKE_BACK,
	STATEMENTS
};

/* Makes a job due, as if it had not failed yet. */
#define DUE_AGAIN \
	"UPDATE sync_job SET state = 'ready', attempts = 0, run_at = ?"

#define MARKED_AGAIN                                                     \
	"ON DUPLICATE KEY UPDATE generation = sync_job.generation + 1, " \
	"run_at = IF(sync_job.state = 'dead', VALUES(run_at), "          \
	"sync_job.run_at), attempts = 0, state = 'ready'"

static struct stmt sql[] = {
    /* A job that waits out an outage keeps its time; one whose failure was
     * issue-specific is due now, since this change may fix it. Assignments run
     * from left to right, so run_at still sees the old attempts. */
    INSERT_MANY(MARK,
		"INSERT INTO sync_job (issue_id, organization_id, run_at, "
		"dirty_since) VALUES ",
		"(?, ?, ?, ?)",
		" ON DUPLICATE KEY UPDATE generation = generation + 1, "
		"run_at = IF(state = 'ready' AND attempts = 0 "
		"AND error_code IS NOT NULL, run_at, VALUES(run_at)), "
		"attempts = 0, background = FALSE, state = 'ready'"),
    [MARK_AUTHOR] = {"INSERT INTO sync_job (issue_id, organization_id, "
		     "run_at, dirty_since, background) "
		     "SELECT DISTINCT i.id, i.organization_id, ?, ?, TRUE "
		     "FROM comment m JOIN issue i ON i.id = m.issue_id "
		     "JOIN organization o ON o.id = i.organization_id "
		     "WHERE m.author_id = ? AND m.id > ? AND m.id <= ? "
		     "AND m.linear_dirty AND i.deleted_at IS NULL "
		     "AND COALESCE(i.linear_team_id, o.linear_team_id) "
		     "IS NOT NULL " MARKED_AGAIN},
    [MARK_UPLOADER] =
	{"INSERT INTO sync_job (issue_id, organization_id, run_at, "
	 "dirty_since, background) "
	 "SELECT DISTINCT i.id, i.organization_id, ?, ?, TRUE "
	 "FROM attachment a JOIN issue i ON i.id = a.issue_id "
	 "WHERE a.user_id = ? AND a.sent_to_linear AND i.deleted_at IS "
	 "NULL " MARKED_AGAIN},
    [TAKE] = {"UPDATE sync_job SET lease_owner = ?, lease_until = ?, "
	      "state = 'ready' WHERE issue_id = ?"},
    [HOLD] = {"UPDATE sync_job SET lease_until = ? WHERE issue_id = ? "
	      "AND lease_owner = ?"},
    [AS_IT_IS] = {"SELECT " JOB_COLUMNS " FROM sync_job WHERE issue_id = ? "
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
    [REFETCH_ALL] = {"UPDATE sync_job SET wants_refetch = TRUE, "
		     "generation = generation + 1, lease_owner = NULL, "
		     "lease_until = NULL"},
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

void
job_read(struct sync_job *j, struct rows *r)
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

enum err
job_take(struct ctx *c, const char *owner, int64_t issue_id)
{
	return db_run(c->db, &sql[TAKE],
		      ARGS(arg_text(owner), arg_time(c->now + LEASE_TIME),
			   arg_int(issue_id)));
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
		job_read(job, &rows);
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
job_mark_all(struct ctx *c, const struct job_mark *list, size_t n)
{
	const size_t columns = 4;
	struct arg *args =
	    arena_alloc(c->arena, (n + 1) * columns * sizeof(*args));

	for (size_t i = 0; i < n; i++) {
		struct arg *a = &args[i * columns];

		a[0] = arg_int(list[i].issue_id);
		a[1] = arg_int(list[i].organization_id);
		a[2] = a[3] = arg_time(c->now);
	}
	return db_run_many(NULL, c->db, &sql[MARK], args, columns, n);
}

enum err
job_mark(struct ctx *c, int64_t issue_id, int64_t organization_id)
{
	const struct job_mark mark = {issue_id, organization_id};

	return job_mark_all(c, &mark, 1);
}

enum err
job_mark_author(struct ctx *c, int64_t user_id, int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[MARK_AUTHOR],
		      ARGS(arg_time(c->now), arg_time(c->now), arg_int(user_id),
			   arg_int(behind), arg_int(to)));
}

enum err
job_mark_uploader(struct ctx *c, int64_t user_id)
{
	return db_run(
	    c->db, &sql[MARK_UPLOADER],
	    ARGS(arg_time(c->now), arg_time(c->now), arg_int(user_id)));
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
job_refetch_all(struct ctx *c)
{
	return db_run(c->db, &sql[REFETCH_ALL], NO_ARGS);
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
	while (!e && (owner = lease_next_dead(&rows, host))) {
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
