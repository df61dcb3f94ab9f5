/* Exact counters of issues (table issue_count), kept in the transactions that
 * change them. Each counter belongs to a scope, such as an organization or an
 * assignee, and is divided into cells by status, priority, category and so on,
 * so that any combination is a sum of few rows. issue_list.c asks here first,
 * and counts rows only where no counter covers a filter; lib/admin compares the
 * counters with the issues and repairs them. */

#include "desk/issue_count.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "db/statements.h"

/* A change touches at most this many cells: in and out of organization,
 * customer, status and withdrawn, and two of unassigned and assignee. The total
 * moves only where there was or is no issue: an organization keeps its own. */
#define CELLS_MAX 10

enum {
	MOVE,
	MOVE_LAST = MOVE + CELLS_MAX - 1,
	SUM_OWN,
	SUM_SCOPE,
	SUM_RAISER,
	STATS_SCOPE,
	STATS_RAISER,
	MISCOUNTS,
	REPAIR,
	STATEMENTS
};

#define ADD_TO	"INSERT INTO issue_count VALUES "
#define CELL	"(?, ?, ?, ?, ?, ?, ?, ?)"
#define AS_WELL " ON DUPLICATE KEY UPDATE n = n + VALUES(n)"

#define CELLS_WITH(n)                                                      \
	"SELECT status + 0, priority + 0, category + 0, is_client_issue, " \
	"synced, " n " FROM issue_count "

/* Every customer record of a user, who may raise issues in any organization,
 * without what they withdrew. */
#define OF_RAISER                             \
	"scope IN ('customer', 'withdrawn') " \
	"AND scope_id IN (SELECT id FROM customer WHERE user_id = ?) "
#define OWN_N "IF(scope = 'withdrawn', -n, n)"

/* of several cells */
#define CELLS2 CELL ", " CELL
#define CELLS4 CELLS2 ", " CELLS2
#define CELLS8 CELLS4 ", " CELLS4

/* All cells where the count that is stored (was_n) differs from the issues
 * (is_n). One SELECT for each scope, in the order of enum count_scope, gives a
 * row for each issue that it counts; the last one gives the stored counts. The
 * columns are in the order of issue_count's. */
#define ISSUE_CELL                                                  \
	"status + 0, priority + 0, category + 0, is_client_issue, " \
	"synced_to_linear, 1, 0 FROM issue WHERE deleted_at IS NULL "
#define MISCOUNTED                                                            \
	"(SELECT 1 AS scope, organization_id AS scope_id, status + 0 AS st, " \
	"priority + 0 AS pr, category + 0 AS ca, is_client_issue AS client, " \
	"synced_to_linear AS synced, 1 AS is_n, 0 AS was_n "                  \
	"FROM issue WHERE deleted_at IS NULL "                                \
	"UNION ALL SELECT 2, organization_id, " ISSUE_CELL                    \
	"AND assigned_to IS NULL "                                            \
	"UNION ALL SELECT 3, assigned_to, " ISSUE_CELL                        \
	"AND assigned_to IS NOT NULL "                                        \
	"UNION ALL SELECT 4, customer_id, " ISSUE_CELL                        \
	"AND customer_id IS NOT NULL "                                        \
	"UNION ALL SELECT 5, organization_id, status + 0, 1, 1, FALSE, "      \
	"FALSE, 1, 0 FROM issue WHERE deleted_at IS NULL "                    \
	"UNION ALL SELECT 6, organization_id, 1, 1, 1, FALSE, FALSE, 1, 0 "   \
	"FROM issue WHERE deleted_at IS NULL "                                \
	"UNION ALL SELECT 7, customer_id, " ISSUE_CELL                        \
	"AND is_withdrawn AND customer_id IS NOT NULL "                       \
	"UNION ALL SELECT scope + 0, scope_id, status + 0, priority + 0, "    \
	"category + 0, is_client_issue, synced, 0, n FROM issue_count) k "    \
	"GROUP BY scope, scope_id, st, pr, ca, client, synced "               \
	"HAVING SUM(is_n) <> SUM(was_n) "

static struct stmt sql[] = {
    /* of one cell, of two, … */
    [MOVE] = {ADD_TO CELL AS_WELL},
    [MOVE + 1] = {ADD_TO CELLS2 AS_WELL},
    [MOVE + 2] = {ADD_TO CELLS2 ", " CELL AS_WELL},
    [MOVE + 3] = {ADD_TO CELLS4 AS_WELL},
    [MOVE + 4] = {ADD_TO CELLS4 ", " CELL AS_WELL},
    [MOVE + 5] = {ADD_TO CELLS4 ", " CELLS2 AS_WELL},
    [MOVE + 6] = {ADD_TO CELLS4 ", " CELLS2 ", " CELL AS_WELL},
    [MOVE + 7] = {ADD_TO CELLS8 AS_WELL},
    [MOVE + 8] = {ADD_TO CELLS8 ", " CELL AS_WELL},
    [MOVE + 9] = {ADD_TO CELLS8 ", " CELLS2 AS_WELL},
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
    [MISCOUNTS] = {"SELECT scope, scope_id, st, pr, ca, client, synced, "
		   "SUM(was_n), SUM(is_n) FROM " MISCOUNTED
		   "ORDER BY scope, scope_id, st, pr, ca, client, synced "
		   "LIMIT ?"},
    [REPAIR] = {"INSERT INTO issue_count (scope, scope_id, status, priority, "
		"category, is_client_issue, synced, n) "
		"SELECT scope, scope_id, st, pr, ca, client, synced, "
		"SUM(is_n) - SUM(was_n) AS by_n FROM " MISCOUNTED
		"ON DUPLICATE KEY UPDATE n = n + VALUES(n)"},
};

const struct statements count_statements = {sql, STATEMENTS};

/* What to add to which cells, in the order of their key. */
struct moves {
	struct arg args[CELLS_MAX * 8];
	size_t n;
};

static void
add_move(struct moves *m, enum count_scope scope, int64_t id,
	 const struct issue_kind *k, int by)
{
	const struct arg cell[] = {arg_int(scope),
				   arg_int(id),
				   arg_int(k->status),
				   arg_int(k->priority),
				   arg_int(k->category),
				   arg_int(k->is_client_issue),
				   arg_int(k->synced_to_linear),
				   arg_int(by)};

	assert(m->n < CELLS_MAX);
	memcpy(m->args + m->n++ * 8, cell, sizeof(cell));
}

static bool
same_cell(const struct issue_kind *a, const struct issue_kind *b)
{
	return a->status == b->status && a->priority == b->priority &&
	       a->category == b->category &&
	       a->is_client_issue == b->is_client_issue &&
	       a->synced_to_linear == b->synced_to_linear;
}

/* Compares as the primary key does. */
static bool
comes_before(const struct issue_kind *a, const struct issue_kind *b)
{
	const int x[] = {(int)a->status, (int)a->priority, (int)a->category,
			 a->is_client_issue, a->synced_to_linear};
	const int y[] = {(int)b->status, (int)b->priority, (int)b->category,
			 b->is_client_issue, b->synced_to_linear};

	for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); i++)
		if (x[i] != y[i])
			return x[i] < y[i];
	return false;
}

/* Moves an issue in one scope: out of a cell of was_id, into one of is_id; the
 * lower key first, so that all transactions lock in one order. 0: no such
 * scope. */
static void
move_scope(struct moves *m, enum count_scope scope, int64_t was_id,
	   const struct issue_kind *was, int64_t is_id,
	   const struct issue_kind *is)
{
	bool into_first;

	if (was_id == is_id && was && is && same_cell(was, is))
		return;
	into_first = is_id && (!was_id || is_id < was_id ||
			       (is_id == was_id && comes_before(is, was)));
	if (into_first)
		add_move(m, scope, is_id, is, 1);
	if (was_id)
		add_move(m, scope, was_id, was, -1);
	if (is_id && !into_first)
		add_move(m, scope, is_id, is, 1);
}

static int64_t
unassigned_scope(const struct issue_kind *k)
{
	return k && !k->assigned_to ? k->organization_id : 0;
}

static int64_t
withdrawn_scope(const struct issue_kind *k)
{
	return k && k->is_withdrawn ? k->customer_id : 0;
}

/* The cell of SCOPE_STATUS or SCOPE_TOTAL that an issue is counted in; NULL for
 * no issue. */
static const struct issue_kind *
sum_up(struct issue_kind *out, const struct issue_kind *k, enum status status)
{
	if (!k)
		return NULL;
	*out = (struct issue_kind){.status = status,
				   .priority = PRIORITY_LOW,
				   .category = CATEGORY_GENERAL};
	return out;
}

enum err
count_move(struct ctx *c, const struct issue_kind *was,
	   const struct issue_kind *is)
{
	const int64_t out_of = was ? was->organization_id : 0;
	const int64_t into = is ? is->organization_id : 0;
	struct issue_kind left, entered;
	struct moves m = {.n = 0};

	move_scope(&m, SCOPE_ORGANIZATION, out_of, was, into, is);
	move_scope(&m, SCOPE_UNASSIGNED, unassigned_scope(was), was,
		   unassigned_scope(is), is);
	move_scope(&m, SCOPE_ASSIGNEE, was ? was->assigned_to : 0, was,
		   is ? is->assigned_to : 0, is);
	move_scope(&m, SCOPE_CUSTOMER, was ? was->customer_id : 0, was,
		   is ? is->customer_id : 0, is);
	move_scope(&m, SCOPE_STATUS, out_of,
		   sum_up(&left, was, was ? was->status : STATUS_OPEN), into,
		   sum_up(&entered, is, is ? is->status : STATUS_OPEN));
	move_scope(&m, SCOPE_TOTAL, out_of, sum_up(&left, was, STATUS_OPEN),
		   into, sum_up(&entered, is, STATUS_OPEN));
	move_scope(&m, SCOPE_WITHDRAWN, withdrawn_scope(was), was,
		   withdrawn_scope(is), is);
	return m.n ? db_run(c->db, &sql[MOVE + m.n - 1], m.args, m.n * 8) : OK;
}

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
	struct rows rows;
	int statement = SUM_RAISER;
	size_t n = 0;
	int64_t id;
	enum err e;

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
	e = db_one(&rows, c->db, &sql[statement], args, n);
	if (!e)
		*out = col_int(&rows);
	return e;
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

static const struct enum_name scope_names[] = {
    {"organization", SCOPE_ORGANIZATION},
    {"unassigned", SCOPE_UNASSIGNED},
    {"assignee", SCOPE_ASSIGNEE},
    {"customer", SCOPE_CUSTOMER},
    {"status", SCOPE_STATUS},
    {"total", SCOPE_TOTAL},
    {"withdrawn", SCOPE_WITHDRAWN},
    {NULL, 0}};

enum err
count_find_wrong(struct miscount **out, size_t *n, struct ctx *c, int64_t limit)
{
	struct miscount *m;
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[MISCOUNTS], ARGS(arg_int(limit)));

	if (e)
		return e;
	*n = rows.count;
	*out = m = arena_alloc(c->arena, (rows.count + 1) * sizeof(*m));
	for (; rows_next(&rows); m++) {
		m->scope = enum_name_text(scope_names, (int)col_int(&rows));
		m->scope_id = col_int(&rows);
		m->status = enum_name_text(status_words, (int)col_int(&rows));
		m->priority =
		    enum_name_text(priority_words, (int)col_int(&rows));
		m->category =
		    enum_name_text(category_words, (int)col_int(&rows));
		m->is_client_issue = col_bool(&rows);
		m->synced = col_bool(&rows);
		m->stored = col_int(&rows);
		m->real = col_int(&rows);
	}
	return OK;
}

static enum err
repair_counts(void *arg)
{
	struct ctx *c = arg;

	return db_run(c->db, &sql[REPAIR], NO_ARGS);
}

enum err
count_repair(int64_t *n, struct ctx *c)
{
	struct miscount *list;
	size_t found;
	enum err e = count_find_wrong(&list, &found, c, INT64_MAX);

	/* The statement adds the differences, so that changes by others
	 * meanwhile are kept. A transaction runs it again when it loses a race
	 * against them. */
	if (!e && found)
		e = db_transaction(c->db, repair_counts, c);
	if (!e)
		*n = (int64_t)found;
	return e;
}
