/* Builds the statements of lists of issues: their SQL and, from the same tables
 * their arguments, in the order of enum query_part. query_prepare() takes a
 * filter and chooses the index to walk, so that a page costs the same however
 * many issues there are; query_statement() then gives the statement, which is
 * composed once for each variant from fixed texts. What a client sends is only
 * ever bound. Reading the rows, paging and counting are issue_list.c's. */

#include "issue_query.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "desk/issue_count.h"
#include "issue_row.h"

_Static_assert((int)STATUS_CLOSED == (int)PRIORITY_URGENT,
	       "a cursor knows how many follow");

/* What a list can walk along when it is not narrowed by a criterion that has
 * an index. The organization's index is that of the order. */
static const struct {
	const char *from;
	const char *where;
} walks[] = {
    [WALK_ORGANIZATION] = {NULL, "i.organization_id = ?"},
    [WALK_RAISER] = {"issue i FORCE INDEX (by_raiser)", ISSUE_OF_RAISER},
    /* the words of older versions, too; so with all that reads words */
    [WALK_WORD] = {"(SELECT w.issue_id FROM search_word w "
		   "WHERE w.organization_id = ? AND w.word LIKE ? UNION "
		   "SELECT o.issue_id FROM issue_word o "
		   "WHERE o.organization_id = ? AND o.word LIKE ?) found "
		   "STRAIGHT_JOIN issue i ON i.id = found.issue_id",
		   "i.organization_id = ?"},
};

/* The indexes of criteria, the narrowest first. Each begins with the
 * criterion's column, behind the organization if that is no id of its own, and
 * goes on with created_at and id, so that a list in this order needs no sort.
 * Where there are few issues, they are sorted instead. */
static const struct {
	enum criterion criterion;
	const char *from;
	bool is_few;
} indexes[] = {
    {BY_ORDER, "issue i FORCE INDEX (by_order)", true},
    {BY_CUSTOMER, "issue i FORCE INDEX (by_customer)", true},
    {BY_VENDOR, "issue i FORCE INDEX (by_vendor)", false},
    {BY_ASSIGNEE, "issue i FORCE INDEX (by_assignee)", false},
    {BY_STATUS, "issue i FORCE INDEX (by_status)", false},
    {BY_CATEGORY, "issue i FORCE INDEX (by_category)", false},
    {BY_PRIORITY, "issue i FORCE INDEX (by_priority)", false},
};

#define INDEXES (sizeof(indexes) / sizeof(indexes[0]))

/* Ties are broken by created_at, unless that comes first or updated_at does,
 * then by id, in the same direction: every index ends with them. Behind a
 * cursor come whole ranges of that index, so that nothing is read to be
 * skipped. */
static const struct {
	const char *ascending, *descending; /* ORDER BY */
	const char *after, *before;	    /* behind a cursor */
	const char *up_to, *down_to; /* not behind the end of a stretch */
	const char *from; /* of an organization's list in this order */
} orders[ORDER_MAX] = {
#define PAIR(col, op, last) \
	" AND (" col " " op " ? OR (" col " = ? AND i.id " last " ?))"
/* values behind, by name: the server takes no range of an ENUM's numbers */
#define TRIPLE(col, op, last)                                             \
	" AND (" col " IN (?, ?, ?) OR (" col " = ? AND i.created_at " op \
	" ?) OR (" col " = ? AND i.created_at = ? AND i.id " last " ?))"
#define PLACES(shape, col)                                                 \
	shape(col, ">", ">"), shape(col, "<", "<"), shape(col, "<", "<="), \
	    shape(col, ">", ">=")
    [ORDER_CREATED] = {"i.created_at, i.id", "i.created_at DESC, i.id DESC",
		       PLACES(PAIR, "i.created_at"),
		       "issue i FORCE INDEX (by_created)"},
    [ORDER_UPDATED] = {"i.updated_at, i.id", "i.updated_at DESC, i.id DESC",
		       PLACES(PAIR, "i.updated_at"),
		       "issue i FORCE INDEX (by_updated)"},
    [ORDER_PRIORITY] = {"i.priority, i.created_at, i.id",
			"i.priority DESC, i.created_at DESC, i.id DESC",
			PLACES(TRIPLE, "i.priority"),
			"issue i FORCE INDEX (by_priority)"},
    [ORDER_STATUS] = {"i.status, i.created_at, i.id",
		      "i.status DESC, i.created_at DESC, i.id DESC",
		      PLACES(TRIPLE, "i.status"),
		      "issue i FORCE INDEX (by_status)"},
#undef PAIR
#undef TRIPLE
#undef PLACES
};

/* A scalar subquery, since EXISTS would be turned into a join with every issue
 * that has the word. */
#define HAS_WORD_IN(table, more)                                             \
	"(SELECT 1 FROM " table " k FORCE INDEX (issue_id) "                 \
	"WHERE k.issue_id = i.id AND k.organization_id = i.organization_id " \
	"AND k.word LIKE ?" more " LIMIT 1)"
/* The words of older versions are looked at where there are any, which is asked
 * once a statement: a look for each issue would double the time of a page. */
#define HAS_WORD(more)                                                      \
	" AND COALESCE(" HAS_WORD_IN(                                       \
	    "search_word",                                                  \
	    more) ", IF((SELECT 1 FROM issue_word FORCE INDEX (issue_id) "  \
		  "WHERE issue_id > 0 LIMIT 1), " HAS_WORD_IN("issue_word", \
							      "") ", NULL))"

static const char *const has_word[] = {HAS_WORD(""),
				       HAS_WORD(" AND NOT k.staff_only")};

/* How each row tells it: a column, and what is joined for it. */
static const struct {
	const char *column, *join;
} totals[] = {
    [TOTAL_NONE] = {"", ""},
    [TOTAL_ALL] = {", total.n", COUNT_JOIN("total", "'open'")},
    [TOTAL_OF_STATUS] = {", total.n", COUNT_JOIN("status", "?")},
    [TOTAL_OF_CELLS] = {", " COUNT_OF_CELLS, ""},
    [TOTAL_OF_RAISER] = {", " COUNT_OF_RAISER ")", ""},
    [TOTAL_OF_RAISER_STATUS] = {", " COUNT_OF_RAISER " AND k.status = ?)", ""},
};

/* The statements that this process has made. Clients choose among very many,
 * so the oldest gives way. */
static struct {
	struct query_variant variant;
	struct stmt stmt;
} made[128];
static size_t n_made;

static const char *
walk_from(const struct query_variant *v)
{
	if (v->walk == WALK_ORGANIZATION)
		return orders[v->order].from;
	if (v->walk >= WALK_INDEX)
		return indexes[v->walk - WALK_INDEX].from;
	return walks[v->walk].from;
}

static void
add_criterion(struct buf *b, const struct issue_criterion *k)
{
	const struct issue_comparison_sql *sql =
	    &issue_comparisons[k->comparison];

	buf_printf(b, " AND %si.%s%s", sql->before,
		   issue_fields[k->field].column, sql->behind);
}

/* FROM and WHERE, in the order of enum query_part. */
static void
add_walk(struct buf *b, const struct query_variant *v, const char *organization,
	 const char *total)
{
	const enum query_walk walk =
	    v->walk >= WALK_INDEX ? WALK_ORGANIZATION : v->walk;

	buf_printf(b, " FROM %s %s%sWHERE %s", walk_from(v), organization,
		   total, walks[walk].where);
	/* any issue may end a stretch: the index alone tells which */
	if (v->shape != SHAPE_END)
		buf_adds(b, " AND i.deleted_at IS NULL");
	for (unsigned k = 0; k < CRITERIA; k++)
		if (v->criteria & UINT32_C(1) << k)
			add_criterion(b, &issue_criteria[k]);
	for (size_t i = 0; i < v->words; i++)
		buf_adds(b, has_word[v->public]);
	if (v->behind)
		buf_adds(b, v->descending ? orders[v->order].before
					  : orders[v->order].after);
	if (v->until)
		buf_adds(b, v->descending ? orders[v->order].down_to
					  : orders[v->order].up_to);
}

static void
add_columns(struct buf *b, const struct query_variant *v)
{
	buf_printf(b, "SELECT STRAIGHT_JOIN " ISSUE_OWN "%s%s",
		   v->joined ? ", " ISSUE_ORGANIZATION : "",
		   totals[v->total].column);
}

static char *
compose_query(const struct query_variant *v)
{
	const char *by = v->descending ? orders[v->order].descending
				       : orders[v->order].ascending;
	const char *organization = v->joined ? ISSUE_ORGANIZATION_JOIN : "";
	struct buf b;

	buf_init(&b, 16384);
	switch (v->shape) {
	case SHAPE_ROWS:
		add_columns(&b, v);
		add_walk(&b, v, organization, totals[v->total].join);
		buf_printf(&b, " ORDER BY %s LIMIT ?", by);
		break;
	case SHAPE_IDS:
		add_columns(&b, v);
		buf_adds(&b, " FROM (SELECT i.id");
		add_walk(&b, v, "", "");
		buf_printf(&b,
			   " ORDER BY %s LIMIT ? OFFSET ?) page "
			   "JOIN issue i ON i.id = page.id %s",
			   by, organization);
		break;
	case SHAPE_COUNT:
		buf_adds(&b, "SELECT COUNT(*) FROM (SELECT i.id");
		add_walk(&b, v, "", "");
		buf_adds(&b, " LIMIT ?) n");
		break;
	case SHAPE_END:
		buf_adds(&b, "SELECT " ISSUE_OWN " FROM issue i WHERE i.id = "
			     "(SELECT i.id");
		add_walk(&b, v, "", "");
		buf_printf(&b, " ORDER BY %s LIMIT 1 OFFSET ?)", by);
		break;
	}
	return b.data;
}

static bool
same_variant(const struct query_variant *a, const struct query_variant *b)
{
	return a->walk == b->walk && a->order == b->order &&
	       a->descending == b->descending && a->shape == b->shape &&
	       a->behind == b->behind && a->until == b->until &&
	       a->joined == b->joined && a->public == b->public &&
	       a->total == b->total && a->criteria == b->criteria &&
	       a->words == b->words;
}

struct stmt *
query_statement(const struct query_variant *v)
{
	const size_t max = sizeof(made) / sizeof(made[0]);
	size_t i;

	for (i = 0; i < n_made && i < max; i++)
		if (same_variant(&made[i].variant, v))
			return &made[i].stmt;
	i = n_made++ % max;
	if (made[i].stmt.sql)
		db_forget(&made[i].stmt);
	free((char *)(uintptr_t)made[i].stmt.sql);
	made[i].stmt = (struct stmt){.sql = compose_query(v)};
	made[i].variant = *v;
	return &made[i].stmt;
}

void
query_push(struct issue_query *q, unsigned part, struct arg a)
{
	size_t to = q->n++;

	assert(to < sizeof(q->args) / sizeof(q->args[0]));
	for (; to && q->parts[to - 1] > part; to--) {
		q->args[to] = q->args[to - 1];
		q->parts[to] = q->parts[to - 1];
	}
	q->args[to] = a;
	q->parts[to] = part;
}

static bool
is_narrowed_by(const struct issue_query *q, enum criterion k)
{
	return criterion_is_set(&q->filter.narrow, k);
}

/* The narrowest criterion whose index also yields the order. */
static enum query_walk
choose_walk(const struct issue_query *q)
{
	if (q->who->role == ROLE_CUSTOMER)
		return WALK_RAISER; /* one person's are few */
	if (q->rare)
		return WALK_WORD;
	for (unsigned i = 0; i < INDEXES; i++)
		if (is_narrowed_by(q, indexes[i].criterion) &&
		    (indexes[i].is_few || q->variant.order == ORDER_CREATED))
			return (enum query_walk)(WALK_INDEX + i);
	return WALK_ORGANIZATION;
}

/* All of the person's or organization's issues, or those in the status that is
 * asked for. */
static void
push_status_total(struct issue_query *q, enum query_total all,
		  enum query_total of_status, int64_t id)
{
	const bool narrowed = is_narrowed_by(q, BY_STATUS);

	q->variant.total = narrowed ? of_status : all;
	query_push(q, PART_TOTAL, arg_int(id));
	if (narrowed)
		query_push(q, PART_TOTAL,
			   arg_int(q->filter.narrow.values[BY_STATUS]));
}

static void
push_cells_total(struct issue_query *q)
{
	struct arg cells[COUNT_CELL_ARGS];
	const size_t n = count_cell_args(cells, &q->filter);

	q->variant.total = TOTAL_OF_CELLS;
	query_push(q, PART_TOTAL, arg_int(q->who->organization_id));
	for (size_t i = 0; i < n; i++)
		query_push(q, PART_TOTAL, cells[i]);
}

/* Has each row tell the total, which saves a statement. Not for a page by
 * number, since how far it may reach has to be known first; nor where it has to
 * be checked whose issues the counters are about. */
static void
push_total(struct issue_query *q)
{
	const struct issue_filter *f = &q->filter;
	const bool total = count_is_total(f);

	if (f->uncounted || (f->offset && !f->behind.id) ||
	    !count_covers(q->who, f) || is_narrowed_by(q, BY_ASSIGNEE) ||
	    is_narrowed_by(q, BY_CUSTOMER))
		return;
	if (q->who->role == ROLE_CUSTOMER && total)
		push_status_total(q, TOTAL_OF_RAISER, TOTAL_OF_RAISER_STATUS,
				  q->who->user_id);
	else if (q->who->role != ROLE_CUSTOMER && total)
		push_status_total(q, TOTAL_ALL, TOTAL_OF_STATUS,
				  q->who->organization_id);
	else if (q->who->role != ROLE_CUSTOMER)
		push_cells_total(q);
}

static void
push_walk(struct issue_query *q)
{
	const struct arg organization = arg_int(q->who->organization_id);

	if (q->variant.walk == WALK_WORD) {
		query_push(q, PART_WALK, organization);
		query_push(q, PART_WALK, arg_text(q->rare->now));
		query_push(q, PART_WALK, organization);
		query_push(q, PART_WALK, arg_text(q->rare->before));
	}
	query_push(q, PART_WALK,
		   q->variant.walk == WALK_RAISER ? arg_int(q->who->user_id)
						  : organization);
}

static struct arg
criterion_arg(enum criterion k, int64_t value)
{
	switch (issue_criteria[k].kind) {
	case CRITERION_TIME:
		return arg_time(value);
	case CRITERION_ASSIGNEE:
		return value == ASSIGNEE_NONE ? arg_text(NULL) : arg_int(value);
	case CRITERION_CHOICE:
	case CRITERION_BOOL:
	case CRITERION_ID:
		break;
	}
	return arg_int(value);
}

static void
push_criterion(struct issue_query *q, enum criterion k)
{
	if (!is_narrowed_by(q, k))
		return;
	q->variant.criteria |= UINT32_C(1) << k;
	query_push(q, PART_CRITERIA + k,
		   criterion_arg(k, q->filter.narrow.values[k]));
}

static void
push_words(struct issue_query *q)
{
	for (size_t i = 0; i < q->n_words; i++) {
		if (&q->words[i] == q->rare)
			continue;
		q->variant.words++;
		query_push(q, PART_WORDS, arg_text(q->words[i].now));
		query_push(q, PART_WORDS, arg_text(q->words[i].before));
	}
}

void
query_prepare(struct issue_query *q)
{
	q->variant.order = issue_list_order(&q->filter);
	q->variant.walk = choose_walk(q);
	q->variant.descending = q->filter.descending;
	q->variant.joined = !q->who->organization_name;
	q->variant.public = q->who->role == ROLE_CUSTOMER;
	push_total(q);
	push_walk(q);
	for (int k = 0; k < CRITERIA; k++)
		push_criterion(q, (enum criterion)k);
	push_words(q);
}

void
query_prepare_end(struct issue_query *q, enum issue_order order)
{
	q->variant = (struct query_variant){.shape = SHAPE_END,
					    .order = order,
					    .descending = q->filter.descending};
	push_walk(q);
	/* where they are a part of the index that is walked */
	if (order == ORDER_CREATED) {
		push_criterion(q, BY_CREATED_AFTER);
		push_criterion(q, BY_CREATED_BEFORE);
	}
}

enum issue_order
issue_list_order(const struct issue_filter *f)
{
	if ((f->order == ORDER_STATUS &&
	     criterion_is_set(&f->narrow, BY_STATUS)) ||
	    (f->order == ORDER_PRIORITY &&
	     criterion_is_set(&f->narrow, BY_PRIORITY)))
		return ORDER_CREATED;
	return f->order;
}

/* The values of a status or priority that come behind one (step 1), or before
 * it (-1), as the list goes: at most three. */
static void
push_values(struct issue_query *q, int64_t value, int64_t step)
{
	if (q->variant.descending)
		step = -step;
	for (int i = 0; i < 3; i++) {
		value += step;
		query_push(q, PART_PLACES,
			   value > 0 && value <= STATUS_CLOSED ? arg_int(value)
							       : arg_id(0));
	}
}

/* A place in the list, and which side of it is meant. */
static void
push_place(struct issue_query *q, const struct issue_cursor *k, int64_t step)
{
	const enum issue_order order = q->variant.order;

	if (order == ORDER_CREATED || order == ORDER_UPDATED) {
		query_push(q, PART_PLACES, arg_time(k->key));
		query_push(q, PART_PLACES, arg_time(k->key));
	} else {
		push_values(q, k->key, step);
		query_push(q, PART_PLACES, arg_int(k->key));
		query_push(q, PART_PLACES, arg_time(k->created));
		query_push(q, PART_PLACES, arg_int(k->key));
		query_push(q, PART_PLACES, arg_time(k->created));
	}
	query_push(q, PART_PLACES, arg_int(k->id));
}

/* Where the page may go: from the cursor to the end of the stretch. */
void
query_push_places(struct issue_query *q)
{
	q->variant.behind = q->filter.behind.id != 0;
	q->variant.until = q->end.id != 0;
	if (q->variant.behind)
		push_place(q, &q->filter.behind, 1);
	if (q->variant.until)
		push_place(q, &q->end, -1);
}
