/* Which jobs a process works on next.
 *
 * A lease is taken in a short transaction that locks the rows with SKIP LOCKED
 * and is committed before the work begins, so a crashed owner blocks nobody for
 * longer than the lease. Organizations take turns: those that have a job due
 * share the places evenly, so that a long queue of one does not delay the
 * others. Jobs that people wait for go before background jobs.
 *
 * This file only reads the table; sync_job.c writes the lease, and extends and
 * ends it. */

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "sync_job_row.h"

enum { TURNS, DUE, ONE, STATEMENTS };

/* Organizations that have a job due, leased or not: one step of the index
 * for each of them, however many jobs it has. */
#define TURNS_OF(lap, which)                                     \
	"(SELECT organization_id, " lap " AS lap FROM sync_job " \
	"FORCE INDEX (by_turn) WHERE state = 'ready' "           \
	"AND background = ? AND organization_id " which " ? "    \
	"GROUP BY organization_id HAVING MIN(run_at) <= ? "      \
	"ORDER BY organization_id LIMIT ?)"

static struct stmt sql[] = {
    [TURNS] = {TURNS_OF("0", ">") " UNION ALL " TURNS_OF(
	"1", "<=") " ORDER BY lap, organization_id"},
    [DUE] = {"SELECT " JOB_COLUMNS " FROM sync_job FORCE INDEX (by_turn) "
	     "WHERE state = 'ready' "
	     "AND background = ? AND organization_id = ? AND run_at <= ? "
	     "AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY run_at LIMIT ? FOR UPDATE SKIP LOCKED"},
    [ONE] = {"SELECT " JOB_COLUMNS ", lease_until >= ? AND lease_owner <> ?, "
	     "state = 'dead', EXISTS (SELECT 1 FROM sync_job o "
	     "WHERE o.state = 'ready' AND o.background = FALSE "
	     "AND o.organization_id = j.organization_id AND o.run_at <= ? "
	     "AND (o.lease_until IS NULL OR o.lease_until < ?) "
	     "AND o.issue_id <> j.issue_id) "
	     "FROM sync_job j WHERE issue_id = ? FOR UPDATE"},
};

const struct statements sync_job_lease_statements = {sql, STATEMENTS};

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
		job_read(&l->out[l->count], &rows);
		e = job_take(c, l->owner, l->out[l->count].issue_id);
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
	job_read(l->out, &rows);
	taken = col_bool(&rows);
	dead = col_bool(&rows);
	behind = col_bool(&rows);
	if (taken || (dead && !l->revive))
		return ERR_CONFLICT;
	if (behind && l->in_turn)
		return ERR_LIMITED;
	return job_take(c, l->owner, l->issue_id);
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
