/* The reconcile pass, in two questions. First, which issues of the teams
 * changed since the watermark of the last pass; every page of the answer is
 * compared with the snapshots. Then, whether the next SWEEP linked issues,
 * in turn over all of them, still exist: a deleted issue appears in no list
 * of changes. An issue that differs is queued in the background; nothing is
 * merged here.
 *
 * The watermark is by Linear's clock. It advances only when all pages were
 * seen, so an aborted pass loses nothing. */

#include "sync/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/organization.h"
#include "desk/sync_job.h"
#include "mapping.h"
#include "thread.h"

/* How far a pass looks back behind the watermark: some changes become
 * visible a little after their time. */
#define OVERLAP (300 * USEC_PER_SEC)

/* How far the first pass looks back: by our clock, which may be wrong. */
#define FIRST_LOOK (86400 * USEC_PER_SEC)

#define SWEEP 100

enum { TEAMS, KNOWN, LINKED, STATEMENTS };

static struct stmt sql[] = {
    [TEAMS] = {"SELECT linear_team_id, COALESCE(linear_watermark, ?) "
	       "FROM organization WHERE linear_team_id IS NOT NULL "
	       /* and the teams that issues were moved to, which have no
		* watermark */
	       "UNION ALL SELECT DISTINCT linear_team_id, NULL FROM issue "
	       "WHERE linear_team_id IS NOT NULL AND linear_team_id NOT IN "
	       "(SELECT linear_team_id FROM organization "
	       "WHERE linear_team_id IS NOT NULL)"},
    [KNOWN] = {"SELECT i.id, i.organization_id, b.linear_updated_at "
	       "FROM issue i LEFT JOIN linear_base b ON b.issue_id = i.id "
	       "WHERE i.linear_id = ? AND i.deleted_at IS NULL"},
    [LINKED] = {"SELECT i.id, i.organization_id, i.linear_id, "
		"b.linear_updated_at FROM issue i "
		"LEFT JOIN linear_base b ON b.issue_id = i.id "
		"WHERE i.id > ? AND i.synced_to_linear "
		/* Linear refuses the whole question for one id that is
		 * missing */
		"AND i.linear_id IS NOT NULL "
		"AND i.deleted_at IS NULL ORDER BY i.id LIMIT 100"},
};

const struct statements sync_reconcile_statements = {sql, STATEMENTS};

static usec_t
parse_time(const char *text)
{
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return t;
}

enum err
reconcile_claim(bool *ours, struct ctx *c, bool anyway)
{
	const usec_t every = c->conf->linear_reconcile_s * USEC_PER_SEC;

	return shared_state_claim(ours, c, STATE_PASS,
				  anyway ? c->now : c->now - every);
}

enum err
reconcile_abort(struct ctx *c)
{
	return shared_state_clear(c, STATE_PASS);
}

/* --- what changed -------------------------------------------------------- */

static struct linear_request
ask_changed(const struct reconcile *r, struct ctx *c, const char *after)
{
	return linear_issue_changed(c->arena, r->teams, r->team_count, r->since,
				    after);
}

/* The start of the pass, and the watermark if it finds nothing. Our clock
 * may differ from Linear's but runs at the same speed, so at least the time
 * since the last pass has gone by there. More than the overlap may be a jump
 * of our clock. */
static enum err
set_times(struct reconcile *r, struct ctx *c, usec_t watermark)
{
	struct shared_state last;
	enum err e = shared_state_get(&last, c, STATE_RECONCILE);
	usec_t went = last.updated_at ? c->now - last.updated_at : 0;

	if (went < 0)
		went = 0;
	r->since = watermark - OVERLAP;
	r->known = watermark + (went < OVERLAP ? went : OVERLAP);
	return e;
}

enum err
reconcile_begin(bool *more, struct linear_request *request, struct reconcile *r,
		struct ctx *c)
{
	const usec_t first = c->now - FIRST_LOOK;
	struct rows rows;
	usec_t at, watermark = 0;
	enum err e = db_query(&rows, c->db, &sql[TEAMS], ARGS(arg_time(first)));

	if (e)
		return e;
	*r = (struct reconcile){.arena = c->arena};
	r->teams = arena_alloc(c->arena, (rows.count + 1) * sizeof(*r->teams));
	while (rows_next(&rows)) {
		r->teams[r->team_count++] = col_text(&rows);
		at = col_time(&rows);
		if (is_far_ahead(at, c->now))
			at = first; /* a clock was wrong */
		if (at && (!watermark || at < watermark))
			watermark = at;
	}
	e = set_times(r, c, watermark ? watermark : first);
	*more = r->team_count > 0;
	if (*more)
		*request = ask_changed(r, c, NULL);
	return e;
}

/* Queues an issue to be read again, unless it and its comments are known as
 * Linear shows them. */
static enum err
refetch_if_outdated(struct reconcile *r, struct ctx *c, int64_t issue,
		    int64_t organization, usec_t known_at,
		    const struct json *node)
{
	bool current =
	    known_at == parse_time(json_text(json_get(node, "updatedAt")));
	enum err e = OK;

	if (current)
		e = thread_is_current(&current, c, issue,
				      json_get(node, "comments"));
	if (e || current)
		return e;
	r->found++;
	return job_request_refetch(c, issue, organization, true);
}

/* An issue that changed in Linear: is it one of ours? */
static enum err
check_changed_issue(struct reconcile *r, struct ctx *c, const struct json *node)
{
	const char *id = linear_read_id(json_get(node, "id"));
	const usec_t at = parse_time(json_text(json_get(node, "updatedAt")));
	struct rows rows;
	int64_t issue, organization;
	enum err e;

	if (at > r->known && !is_far_ahead(at, c->now))
		r->known = at;
	if (!id)
		return OK;
	e = db_one(&rows, c->db, &sql[KNOWN], ARGS(arg_text(id)));
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	issue = col_int(&rows);
	organization = col_int(&rows);
	return refetch_if_outdated(r, c, issue, organization, col_time(&rows),
				   node);
}

/* Changes during the pass are newer than what its first page showed. */
static enum err
advance(const struct reconcile *r, struct ctx *c)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < r->team_count; i++)
		e = organization_advance_watermark(c, r->teams[i], r->known,
						   c->now + CLOCK_AHEAD_MAX);
	return e;
}

/* --- what still exists --------------------------------------------------- */

/* Asks for the next of the linked issues, in turn. */
static enum err
begin_sweep(bool *more, struct linear_request *request, struct reconcile *r,
	    struct ctx *c)
{
	struct shared_state f;
	struct rows rows;
	enum err e = shared_state_get(&f, c, STATE_SWEEP);
	int64_t behind = 0;

	r->sweeping = true;
	if (!e && f.value)
		behind = strtoll(f.value, NULL, 10);
	if (!e)
		e = db_query(&rows, c->db, &sql[LINKED], ARGS(arg_int(behind)));
	if (e)
		return e;
	r->ids = arena_alloc(r->arena, SWEEP * sizeof(*r->ids));
	r->issues = arena_alloc(r->arena, SWEEP * sizeof(*r->issues));
	r->organizations =
	    arena_alloc(r->arena, SWEEP * sizeof(*r->organizations));
	r->times = arena_alloc(r->arena, SWEEP * sizeof(*r->times));
	while (rows_next(&rows)) {
		r->last = r->issues[r->id_count] = col_int(&rows);
		r->organizations[r->id_count] = col_int(&rows);
		r->ids[r->id_count] = col_text(&rows);
		r->times[r->id_count++] = col_time(&rows);
	}
	if (r->id_count < SWEEP)
		r->last = 0; /* start over */
	*more = r->id_count > 0;
	if (*more)
		*request = linear_issue_present(c->arena, r->ids, r->id_count);
	return OK;
}

/* NULL: it no longer exists. */
static const struct json *
find_node(const struct json *nodes, const char *id)
{
	const struct json *e;
	const char *other;

	for (e = json_first(nodes); e; e = json_next(e)) {
		other = json_text(json_get(e, "id"));
		if (other && strcmp(other, id) == 0)
			return e;
	}
	return NULL;
}

static enum err
end_sweep(struct reconcile *r, struct ctx *c, const struct json *nodes)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < r->id_count; i++)
		e = refetch_if_outdated(r, c, r->issues[i], r->organizations[i],
					r->times[i],
					find_node(nodes, r->ids[i]));
	return e;
}

/* Stores where the next pass continues. */
static enum err
reconcile_finish(struct reconcile *r, struct ctx *c)
{
	enum err e = shared_state_set(
	    c, STATE_SWEEP, arena_printf(c->arena, "%lld", (long long)r->last),
	    0);

	return e ? e : shared_state_set(c, STATE_RECONCILE, "", 0);
}

enum err
reconcile_continue(bool *more, struct linear_request *request,
		   struct reconcile *r, struct ctx *c,
		   const struct linear_answer *answer)
{
	struct linear_page page;
	const struct json *node;
	enum err e = OK;

	*more = false;
	if (!linear_read_page(&page, answer, r->after))
		return ERR_UPSTREAM;
	if (r->sweeping) {
		e = end_sweep(r, c, page.nodes);
		return e ? e : reconcile_finish(r, c);
	}
	for (node = json_first(page.nodes); !e && node; node = json_next(node))
		e = check_changed_issue(r, c, node);
	if (e)
		return e;
	*more = page.next != NULL;
	r->after = arena_strdup(r->arena, page.next);
	if (*more) {
		*request = ask_changed(r, c, page.next);
		return OK;
	}
	e = advance(r, c);
	if (!e)
		e = begin_sweep(more, request, r, c);
	return e || *more ? e : reconcile_finish(r, c);
}
