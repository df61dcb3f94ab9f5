/* Exact counters of issues (table issue_count), kept in the transactions that
 * change issues. Each counter belongs to a scope, such as an organization or an
 * assignee, and is divided into cells by status, priority, category and so on,
 * so that any combination is a sum of few rows.
 *
 * This file writes the counters: it moves an issue from cell to cell when the
 * issue changes, compares all cells with the issues, and corrects them.
 * issue_count_sum.c reads them. */

#include "desk/issue_count.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"

/* A change touches at most this many cells: in and out of organization,
 * customer, status and withdrawn, two of unassigned and assignee, and the
 * revision. The total moves only where there was or is no issue: an
 * organization keeps its own. */
#define CELLS_MAX 11

#define MINUTE (60 * USEC_PER_SEC)

/* The cells of a revision, in each of which some processes count. */
#define REVISION_CELLS 16

enum {
	MOVE,
	MOVE_LAST = MOVE + CELLS_MAX - 1,
	CHANGED_ISSUE,
	RENAMED_PERSON,
	RENAMED,
	MISCOUNTS,
	REPAIR,
	STATEMENTS
};

#define ADD_TO	"INSERT INTO issue_count VALUES "
#define CELL	"(?, ?, ?, ?, ?, ?, ?, ?)"
#define AS_WELL " ON DUPLICATE KEY UPDATE n = n + VALUES(n)"

/* When a name was changed, in minutes since 1970. */
#define ADD_TO_COLUMNS                                                 \
	"INSERT INTO issue_count (scope, scope_id, status, priority, " \
	"category, is_client_issue, synced, n) "
#define NAMES  "'open', 'low', 'delivery', FALSE, FALSE, ?"
#define LATEST " ON DUPLICATE KEY UPDATE n = GREATEST(issue_count.n, VALUES(n))"

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
	"category + 0, is_client_issue, synced, 0, n FROM issue_count "       \
	"WHERE scope <> 'revision') k "                                       \
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
    [MOVE + 10] = {ADD_TO CELLS8 ", " CELLS2 ", " CELL AS_WELL},
    [CHANGED_ISSUE] = {ADD_TO_COLUMNS
		       "SELECT 'revision', organization_id, ?, ?, "
		       "'general', FALSE, FALSE, 1 FROM issue "
		       "WHERE id = ? ON DUPLICATE KEY UPDATE "
		       "n = issue_count.n + 1"},
    [RENAMED_PERSON] = {ADD_TO_COLUMNS
			"SELECT 'revision', o.organization_id, " NAMES
			" FROM (SELECT organization_id FROM customer "
			"WHERE user_id = ? UNION SELECT organization_id "
			"FROM profile WHERE user_id = ? AND organization_id "
			"IS NOT NULL ORDER BY organization_id) o" LATEST},
    [RENAMED] = {ADD_TO_COLUMNS "VALUES ('revision', ?, " NAMES ")" LATEST},
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

/* The cell of a revision in which this process counts. */
static struct issue_kind
revision_cell(void)
{
	const int n = getpid() % REVISION_CELLS;

	return (struct issue_kind){.status = (enum status)(1 + n / 4),
				   .priority = (enum priority)(1 + n % 4),
				   .category = CATEGORY_GENERAL};
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
	entered = revision_cell();
	add_move(&m, SCOPE_REVISION, into ? into : out_of, &entered, 1);
	return db_run(c->db, &sql[MOVE + m.n - 1], m.args, m.n * 8);
}

enum err
count_changed_issue(struct ctx *c, int64_t issue_id)
{
	const struct issue_kind cell = revision_cell();

	return db_run(c->db, &sql[CHANGED_ISSUE],
		      ARGS(arg_int(cell.status), arg_int(cell.priority),
			   arg_int(issue_id)));
}

enum err
count_changed_all(struct ctx *c)
{
	const struct issue_kind cell = revision_cell();
	struct moves m = {.n = 0};

	add_move(&m, SCOPE_REVISION, REVISION_OF_ALL, &cell, 1);
	return db_run(c->db, &sql[MOVE], m.args, 8);
}

enum err
count_renamed_person(struct ctx *c, int64_t user_id)
{
	return db_run(
	    c->db, &sql[RENAMED_PERSON],
	    ARGS(arg_int(c->now / MINUTE), arg_int(user_id), arg_int(user_id)));
}

enum err
count_renamed_organization(struct ctx *c, int64_t organization_id)
{
	return db_run(c->db, &sql[RENAMED],
		      ARGS(arg_int(organization_id), arg_int(c->now / MINUTE)));
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

/* The lock keeps two repairs from adding the same differences. */
static enum err
repair_counts(void *arg)
{
	struct ctx *c = arg;
	bool locked;
	enum err e = shared_state_lock(&locked, c, STATE_RECOUNT);

	if (!e && !locked)
		return ERR_AGAIN;
	if (!e)
		e = db_run(c->db, &sql[REPAIR], NO_ARGS);
	if (!e)
		e = count_changed_all(c);
	return e ? e : shared_state_clear(c, STATE_RECOUNT);
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
