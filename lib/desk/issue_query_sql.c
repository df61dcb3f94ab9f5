/* The SQL of lists of issues. query_choose_walk() chooses the index to walk, so
 * that a page costs the same however many issues there are; query_statement()
 * gives the statement of a variant, which is composed once from fixed texts and
 * kept by the process. What a client sends is only ever bound: the arguments
 * are issue_query.c's. */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "desk/issue_count.h"
#include "issue_query.h"
#include "issue_row.h"

/* What a list can walk along when it is not narrowed by a criterion that has
 * an index. The organization's index is that of the order. */
static const struct {
	const char *from;
	const char *where;
} walks[] = {
    [WALK_ORGANIZATION] = {NULL, "i.organization_id = ?"},
    [WALK_RAISER] = {"issue i FORCE INDEX (by_raiser)", ISSUE_OF_RAISER},
    [WALK_IDS] = {"JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) found "
		  "STRAIGHT_JOIN issue i ON i.id = found.id",
		  "i.organization_id = ?"},
};

/* The indexes of criteria, the narrowest first. Each begins with the
 * criterion's column, behind the organization if that is no id of its own, and
 * goes on with created_at and id, so that a list in this order needs no sort.
 * Where there are few issues, they are sorted instead. An index may also hold
 * the columns of other criteria (`holds`, bits): then it alone tells which
 * issues fit. */
static const struct {
	enum criterion criterion;
	const char *from;
	bool is_few;
	uint32_t holds;
} indexes[] = {
    {BY_ORDER, "issue i FORCE INDEX (by_order)", true, 0},
    {BY_CUSTOMER, "issue i FORCE INDEX (by_customer)", true, 0},
    {BY_VENDOR, "issue i FORCE INDEX (by_vendor)", false, 0},
    {BY_ASSIGNEE, "issue i FORCE INDEX (by_assignee)", false, 0},
    {BY_STATUS, "issue i FORCE INDEX (by_status)", false,
     UINT32_C(1) << BY_PRIORITY | UINT32_C(1) << BY_CATEGORY |
	 UINT32_C(1) << BY_CLIENT},
    {BY_CATEGORY, "issue i FORCE INDEX (by_category)", false, 0},
    {BY_PRIORITY, "issue i FORCE INDEX (by_priority)", false, 0},
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

/* Scalar subqueries, since EXISTS would be turned into a join with every issue
 * that has the word. By the spellings of a word, its postings tell; else all
 * words of the issue are looked through. */
#define SPELLED                                                       \
	"(SELECT 1 FROM search_word k FORCE INDEX (PRIMARY) "         \
	"WHERE k.organization_id = i.organization_id AND k.word = ? " \
	"AND k.issue_id = i.id%s LIMIT 1), "
#define WORD_IN(table)                                                       \
	"(SELECT 1 FROM " table " k FORCE INDEX (issue_id) "                 \
	"WHERE k.issue_id = i.id AND k.organization_id = i.organization_id " \
	"AND k.word LIKE ?"

/* The words of older versions are looked at where there are any, which is asked
 * once a statement: a look for each issue would double the time of a page. */
#define WORD_OF_OLDER                                                       \
	"IF((SELECT 1 FROM issue_word FORCE INDEX (issue_id) "              \
	"WHERE issue_id > 0 LIMIT 1), " WORD_IN("issue_word") " LIMIT 1), " \
							      "NULL))"

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

/* The narrowest criterion whose index also yields the order, if one is needed.
 */
enum query_walk
query_choose_walk(const struct issue_query *q)
{
	if (q->who->role == ROLE_CUSTOMER)
		return WALK_RAISER; /* one person's are few */
	if (q->ids)
		return WALK_IDS;
	for (unsigned i = 0; i < INDEXES; i++)
		if (query_is_narrowed_by(q, indexes[i].criterion) &&
		    (indexes[i].is_few || q->few ||
		     q->variant.order == ORDER_CREATED))
			return (enum query_walk)(WALK_INDEX + i);
	return WALK_ORGANIZATION;
}

bool
query_has_index(const struct issue_query *q)
{
	for (unsigned i = 0; i < INDEXES; i++)
		if (query_is_narrowed_by(q, indexes[i].criterion))
			return true;
	return false;
}

enum criterion
query_walk_criterion(enum query_walk walk)
{
	return walk < WALK_INDEX ? CRITERIA
				 : indexes[walk - WALK_INDEX].criterion;
}

/* Parts of each index, behind which nothing is passed over. */
static const uint32_t parts = UINT32_C(1) << BY_ORGANIZATION |
			      UINT32_C(1) << BY_CREATED_AFTER |
			      UINT32_C(1) << BY_CREATED_BEFORE;

bool
query_index_tells(enum query_walk walk, enum criterion k)
{
	return walk >= WALK_INDEX &&
	       (indexes[walk - WALK_INDEX].criterion == k ||
		(indexes[walk - WALK_INDEX].holds | parts) & UINT32_C(1) << k);
}

/* Whether issues are passed over that do not fit, and the index that is walked
 * tells which: then they need not be read. */
static bool
index_tells(const struct query_variant *v)
{
	uint32_t rest;

	if (v->walk < WALK_INDEX || v->words)
		return false;
	rest = v->criteria & ~parts;
	rest &= ~(UINT32_C(1) << indexes[v->walk - WALK_INDEX].criterion);
	return rest && !(rest & ~indexes[v->walk - WALK_INDEX].holds);
}

void
query_choose_shape(struct issue_query *q)
{
	const struct issue_filter *f = &q->filter;
	const bool skips = f->offset && !f->behind.id;

	q->variant.shape = skips || q->few || q->variant.walk == WALK_IDS ||
				   index_tells(&q->variant)
			       ? SHAPE_IDS
			       : SHAPE_ROWS;
}

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

/* " AND (…)": behind a cursor. */
static const char *
text_behind(const struct query_variant *v)
{
	return v->descending ? orders[v->order].before : orders[v->order].after;
}

static void
add_has_word(struct buf *b, unsigned spellings, bool public)
{
	const char *not_staff_only = public ? " AND NOT k.staff_only" : "";

	buf_adds(b, " AND COALESCE(");
	for (unsigned i = 0; i < spellings; i++)
		buf_printf(b, SPELLED, not_staff_only);
	if (!spellings)
		buf_printf(b, WORD_IN("search_word") "%s LIMIT 1), ",
			   not_staff_only);
	buf_adds(b, WORD_OF_OLDER);
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
	if (v->shape != SHAPE_END && v->shape != SHAPE_INDEX &&
	    v->shape != SHAPE_WALK)
		buf_adds(b, " AND i.deleted_at IS NULL");
	for (unsigned k = 0; k < CRITERIA; k++)
		if (v->criteria & UINT32_C(1) << k)
			add_criterion(b, &issue_criteria[k]);
	for (size_t i = 0; i < v->words; i++)
		add_has_word(b, v->spelled[i], v->public);
	if (v->behind && v->shape != SHAPE_FOUND)
		buf_adds(b, text_behind(v));
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

static const char *
order_of(const struct query_variant *v)
{
	return v->descending ? orders[v->order].descending
			     : orders[v->order].ascending;
}

/* Those that read the columns of issues. */
static void
add_page_walk(struct buf *b, const struct query_variant *v)
{
	const char *organization = v->joined ? ISSUE_ORGANIZATION_JOIN : "";

	add_columns(b, v);
	if (v->shape == SHAPE_ROWS) {
		add_walk(b, v, organization, totals[v->total].join);
		buf_printf(b, " ORDER BY %s LIMIT ?", order_of(v));
		return;
	}
	if (v->shape == SHAPE_IDS) {
		buf_adds(b, " FROM (SELECT i.id");
		add_walk(b, v, "", "");
		buf_printf(b, " ORDER BY %s LIMIT ? OFFSET ?) page ",
			   order_of(v));
	} else {
		buf_adds(b, " FROM JSON_TABLE(?, '$[*]' COLUMNS "
			    "(id BIGINT PATH '$')) page ");
	}
	buf_printf(b,
		   "JOIN issue i ON i.id = page.id AND i.deleted_at IS NULL %s",
		   organization);
}

static char *
compose_query(const struct query_variant *v)
{
	struct buf b;

	buf_init(&b, 16384);
	switch (v->shape) {
	case SHAPE_ROWS:
	case SHAPE_IDS:
	case SHAPE_PAGE:
		add_page_walk(&b, v);
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
		buf_printf(&b, " ORDER BY %s LIMIT 1 OFFSET ?)", order_of(v));
		break;
	case SHAPE_INDEX:
		buf_adds(&b, "SELECT i.id");
		add_walk(&b, v, "", "");
		buf_adds(&b, " LIMIT ?");
		break;
	case SHAPE_WALK:
		buf_adds(&b, "SELECT i.id");
		add_walk(&b, v, "", "");
		buf_printf(&b, " ORDER BY %s LIMIT ? OFFSET ?", order_of(v));
		break;
	case SHAPE_FOUND:
		buf_printf(&b, "SELECT i.id, TRUE%s",
			   v->behind ? text_behind(v) : "");
		add_walk(&b, v, "", "");
		buf_printf(&b, " ORDER BY %s LIMIT ?", order_of(v));
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
	       a->words == b->words &&
	       memcmp(a->spelled, b->spelled, sizeof(a->spelled)) == 0;
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
