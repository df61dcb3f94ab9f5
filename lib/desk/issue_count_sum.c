/* Reads the counters of issues (issue_count.c keeps them): the length of a
 * list, and the statistics.
 *
 * A counter has the number that a filter asks for if each of its criteria is
 * the scope of the counter or divides its cells (ISSUE_CRITERIA says which).
 * issue_list.c asks count_covers() first, and counts rows only where no counter
 * covers the filter. */

#include "desk/issue_count.h"

#include <string.h>

#include "db/db.h"
#include "db/statements.h"

enum { SUM_OWN, SUM_SCOPE, SUM_RAISER, STATS_SCOPE, STATS_RAISER, STATEMENTS };

#define CELLS_WITH(n)                                                      \
	"SELECT status + 0, priority + 0, category + 0, is_client_issue, " \
	"synced, " n " FROM issue_count "

/* Every customer record of a user, who may raise issues in any organization,
 * without what they withdrew. */
#define OF_RAISER                             \
	"scope IN ('customer', 'withdrawn') " \
	"AND scope_id IN (SELECT id FROM customer WHERE user_id = ?) "
#define OWN_N "IF(scope = 'withdrawn', -n, n)"

static struct stmt sql[] = {
    [SUM_OWN] = {"SELECT COALESCE(SUM(n), 0) FROM issue_count "
		 "WHERE scope = ? AND scope_id = ? " COUNT_FITS},
    /* the client sent the id of a profile or customer, which must belong to
     * the actor's organization */
    [SUM_SCOPE] = {"SELECT COALESCE(SUM(n), 0) FROM issue_count "
		   "WHERE scope = ? AND scope_id = ? "
		   "AND (scope <> 'assignee' OR EXISTS (SELECT 1 "
		   "FROM profile p WHERE p.id = ? AND p.organization_id = ?)) "
		   "AND (scope <> 'customer' OR EXISTS (SELECT 1 "
		   "FROM customer k WHERE k.id = ? "
		   "AND k.organization_id = ?)) " COUNT_FITS},
    [SUM_RAISER] = {"SELECT COALESCE(SUM(" OWN_N "), 0) FROM issue_count "
		    "WHERE " OF_RAISER COUNT_FITS},
    [STATS_SCOPE] = {CELLS_WITH(
	"n") "WHERE scope = ? AND scope_id = ? AND n <> 0"},
    [STATS_RAISER] = {CELLS_WITH(OWN_N) "WHERE " OF_RAISER "AND n <> 0"},
};

const struct statements count_sum_statements = {sql, STATEMENTS};

bool
count_covers(const struct actor *who, const struct issue_filter *f)
{
	const struct issue_criteria_set *s = &f->narrow;
	int scopes = 0;

	if (f->search)
		return false;
	for (int k = 0; k < CRITERIA; k++) {
		if (!criterion_is_set(s, (enum criterion)k))
			continue;
		switch (issue_criteria[k].counter) {
		case COUNTER_CELL:
			break;
		case COUNTER_SCOPE:
			scopes++;
			break;
		case COUNTER_TENANT:
			if (who->role == ROLE_CUSTOMER ||
			    s->values[k] != who->organization_id)
				return false;
			break;
		case COUNTER_NONE:
			return false;
		}
	}
	return scopes <= (who->role == ROLE_CUSTOMER ? 0 : 1);
}

bool
count_is_total(const struct issue_filter *f)
{
	const uint32_t counted =
	    UINT32_C(1) << BY_STATUS | UINT32_C(1) << BY_ORGANIZATION;

	return !(f->narrow.bits & ~counted);
}

size_t
count_cell_args(struct arg *out, const struct issue_filter *f)
{
	size_t n = 0;

	for (int k = 0; k < CRITERIA; k++) {
		if (issue_criteria[k].counter != COUNTER_CELL)
			continue;
		out[n] = criterion_is_set(&f->narrow, (enum criterion)k)
			     ? arg_int(f->narrow.values[k])
			     : arg_text(NULL);
		out[n + 1] = out[n];
		n += 2;
	}
	return n;
}

static enum count_scope
counted_scope(int64_t *id, const struct actor *who,
	      const struct issue_criteria_set *s)
{
	*id = who->organization_id;
	if (criterion_is_set(s, BY_ASSIGNEE)) {
		if (s->values[BY_ASSIGNEE] == ASSIGNEE_NONE)
			return SCOPE_UNASSIGNED;
		*id = s->values[BY_ASSIGNEE];
		return SCOPE_ASSIGNEE;
	}
	if (criterion_is_set(s, BY_CUSTOMER)) {
		*id = s->values[BY_CUSTOMER];
		return SCOPE_CUSTOMER;
	}
	return SCOPE_ORGANIZATION;
}

enum err
count_issues(int64_t *out, struct ctx *c, const struct actor *who,
	     const struct issue_filter *f)
{
	const struct arg org = arg_int(who->organization_id);
	struct arg args[6 + COUNT_CELL_ARGS];
	enum count_scope scope;
	int statement = SUM_RAISER;
	size_t n = 0;
	int64_t id;

	if (who->role == ROLE_CUSTOMER) {
		args[n++] = arg_int(who->user_id);
	} else {
		scope = counted_scope(&id, who, &f->narrow);
		args[n++] = arg_int(scope);
		args[n++] = arg_int(id);
		statement = SUM_OWN;
		if (scope == SCOPE_ASSIGNEE || scope == SCOPE_CUSTOMER) {
			statement = SUM_SCOPE;
			args[n++] = arg_int(id);
			args[n++] = org;
			args[n++] = arg_int(id);
			args[n++] = org;
		}
	}
	n += count_cell_args(args + n, f);
	return db_number(out, c->db, &sql[statement], args, n);
}

static void
add_cell(struct issue_stats *s, struct rows *rows)
{
	int64_t status = col_int(rows), priority = col_int(rows),
		category = col_int(rows);
	bool client = col_bool(rows), synced = col_bool(rows);
	int64_t n = col_int(rows);

	s->total += n;
	s->by_status[status] += n;
	s->by_priority[priority] += n;
	s->by_category[category] += n;
	*(client ? &s->client_raised : &s->internal) += n;
	*(synced ? &s->synced : &s->not_synced) += n;
}

enum err
count_stats(struct issue_stats *out, struct ctx *c, const struct actor *who)
{
	struct rows rows;
	enum err e;

	if (who->role == ROLE_CUSTOMER)
		e = db_query(&rows, c->db, &sql[STATS_RAISER],
			     ARGS(arg_int(who->user_id)));
	else
		e = db_query(&rows, c->db, &sql[STATS_SCOPE],
			     ARGS(arg_int(SCOPE_ORGANIZATION),
				  arg_int(who->organization_id)));
	if (e)
		return e;
	memset(out, 0, sizeof(*out));
	while (rows_next(&rows))
		add_cell(out, &rows);
	return OK;
}
