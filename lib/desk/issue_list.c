/* Lists of issues. Which index to walk is chosen from the filter, so that a
 * page costs the same however many issues there are; the statements are made
 * once from fixed texts, and what a client sends is only ever bound. */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"
#include "desk/search_index.h"
#include "issue_row.h"

/* A search walks the word index where at most this many issues have the word,
 * else the list itself, on which hits are then dense. */
#define RARE 1000

/* Counts of a common word stop here. */
#define COMMON_CAP 1000

/* Common words may meet nowhere, or not for long. A page looks for them on so
 * many issues, fewer the more words there are, and says where to go on: ten
 * milliseconds of the server's. */
#define STRETCH 500

_Static_assert((int)STATUS_CLOSED == (int)PRIORITY_URGENT,
	       "a cursor knows how many follow");

/* What a list walks along: each has an index whose order is the list's. */
enum walk {
	WALK_ORGANIZATION,
	WALK_RAISER,
	WALK_STATUS,
	WALK_PRIORITY,
	WALK_CATEGORY,
	WALK_ASSIGNEE,
	WALK_CUSTOMER,
	WALK_VENDOR,
	WALK_ORDER,
	WALK_WORD,
	WALK_MAX
};

static const struct {
	const char *from;
	const char *where; /* takes whose, and which */
} walks[WALK_MAX] = {
    /* its index is that of the order */
    [WALK_ORGANIZATION] = {"issue i FORCE INDEX (by_created)",
			   "i.organization_id = ?"},
    [WALK_RAISER] = {"issue i FORCE INDEX (by_raiser)", ISSUE_OF_RAISER},
    [WALK_STATUS] = {"issue i FORCE INDEX (by_status)",
		     "i.organization_id = ? AND i.status = ?"},
    [WALK_PRIORITY] = {"issue i FORCE INDEX (by_priority)",
		       "i.organization_id = ? AND i.priority = ?"},
    [WALK_CATEGORY] = {"issue i FORCE INDEX (by_category)",
		       "i.organization_id = ? AND i.category = ?"},
    [WALK_ASSIGNEE] = {"issue i FORCE INDEX (by_assignee)",
		       "i.organization_id = ? AND i.assigned_to <=> ?"},
    [WALK_CUSTOMER] = {"issue i FORCE INDEX (by_customer)",
		       "i.organization_id = ? AND i.customer_id = ?"},
    [WALK_VENDOR] = {"issue i FORCE INDEX (by_vendor)",
		     "i.organization_id = ? AND i.vendor_id = ?"},
    [WALK_ORDER] = {"issue i FORCE INDEX (by_order)",
		    "i.organization_id = ? AND i.order_id = ?"},
    /* the words of older versions, too; so with all that reads words */
    [WALK_WORD] = {"(SELECT w.issue_id FROM search_word w "
		   "WHERE w.organization_id = ? AND w.word LIKE ? UNION "
		   "SELECT o.issue_id FROM issue_word o "
		   "WHERE o.organization_id = ? AND o.word LIKE ?) found "
		   "STRAIGHT_JOIN issue i ON i.id = found.issue_id",
		   "TRUE"},
};

/* Ties are broken by created_at, then id, in the same direction: every index
 * ends with them. Behind a cursor come whole ranges of that index, so that
 * nothing is read to be skipped. */
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

/* What narrows a list beside what it walks along: only those in use become
 * part of its statement, each with one argument. */
enum criterion {
	BY_ORGANIZATION,
	BY_STATUS,
	BY_PRIORITY,
	BY_CATEGORY,
	BY_CLIENT,
	BY_SYNCED,
	BY_ASSIGNEE,
	BY_CUSTOMER,
	BY_VENDOR,
	BY_ORDER,
	BY_CREATED_AFTER,
	BY_CREATED_BEFORE,
	BY_UPDATED_AFTER,
	BY_UPDATED_BEFORE,
	BY_WORD, /* SEARCH_WORDS_MAX of them */
	CRITERIA = BY_WORD + SEARCH_WORDS_MAX
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

static const char *const criteria[BY_WORD] = {
    [BY_ORGANIZATION] = " AND i.organization_id = ?",
    [BY_STATUS] = " AND i.status = ?",
    [BY_PRIORITY] = " AND i.priority = ?",
    [BY_CATEGORY] = " AND i.category = ?",
    [BY_CLIENT] = " AND i.is_client_issue = ?",
    [BY_SYNCED] = " AND i.synced_to_linear = ?",
    [BY_ASSIGNEE] = " AND i.assigned_to <=> NULLIF(?, -1)",
    [BY_CUSTOMER] = " AND i.customer_id = ?",
    [BY_VENDOR] = " AND i.vendor_id = ?",
    [BY_ORDER] = " AND i.order_id = ?",
    [BY_CREATED_AFTER] = " AND i.created_at >= ?",
    [BY_CREATED_BEFORE] = " AND i.created_at <= ?",
    [BY_UPDATED_AFTER] = " AND i.updated_at >= ?",
    [BY_UPDATED_BEFORE] = " AND i.updated_at <= ?",
};

enum { TOTAL_ARGS = 11, WALK_ARGS = 4, CURSOR_ARGS = 8, PAGE_ARGS = 2 };

/* What is asked of a walk: rows as they come; rows of which the ids are found
 * first, so that what is skipped or sorted is not joined; how many; or the
 * place where a stretch of it ends. */
enum shape { SHAPE_ROWS, SHAPE_IDS, SHAPE_COUNT, SHAPE_END };

enum total {
	TOTAL_NONE,
	TOTAL_ALL,
	TOTAL_OF_STATUS,
	TOTAL_OF_CELLS,
	TOTAL_OF_RAISER,
	TOTAL_OF_RAISER_STATUS
};

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

/* Which statement: all that its text follows from. */
struct variant {
	enum walk walk;
	enum issue_order order;
	bool descending;
	enum shape shape;
	bool behind; /* a cursor */
	bool until;  /* the end of a stretch */
	bool joined; /* with the organization, which the actor does not know */
	bool public; /* not by words that only staff may find */
	enum total total;  /* each row tells how many there are in all */
	unsigned criteria; /* bits */
};

/* The statements that this process has made. Clients choose among very many,
 * so the oldest gives way. */
static struct {
	struct variant variant;
	struct stmt stmt;
} made[128];
static size_t n_made;

enum { IS_COMMON, RARITY, COMMON, STATEMENTS };

static struct stmt sql[] = {
    [IS_COMMON] = {"(SELECT 1 FROM search_word WHERE organization_id = ? "
		   "AND word LIKE ? LIMIT 1 OFFSET ?) UNION ALL "
		   "(SELECT 1 FROM issue_word WHERE organization_id = ? "
		   "AND word LIKE ? LIMIT 1 OFFSET ?) LIMIT 1"},
    [RARITY] = {"SELECT (SELECT COUNT(*) FROM search_word "
		"WHERE organization_id = ? AND word LIKE ?) + "
		"(SELECT COUNT(*) FROM issue_word "
		"WHERE organization_id = ? AND word LIKE ?)"},
    [COMMON] = {"SELECT COUNT(*) FROM ((SELECT DISTINCT issue_id "
		"FROM search_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?) UNION (SELECT DISTINCT issue_id "
		"FROM issue_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?)) n"},
};

const struct statements issue_list_statements = {sql, STATEMENTS};

/* FROM and WHERE: what is walked along, and what is left out on the way. */
static void
add_walk(struct buf *b, const struct variant *v, const char *organization,
	 const char *total)
{
	buf_printf(b, " FROM %s %s%sWHERE %s",
		   v->walk == WALK_ORGANIZATION ? orders[v->order].from
						: walks[v->walk].from,
		   organization, total, walks[v->walk].where);
	/* any issue may end a stretch: the index alone tells which */
	if (v->shape != SHAPE_END)
		buf_adds(b, " AND i.deleted_at IS NULL");
	for (unsigned k = 0; k < CRITERIA; k++)
		if (v->criteria & (1U << k))
			buf_adds(b, k < BY_WORD ? criteria[k]
						: has_word[v->public]);
	if (v->behind)
		buf_adds(b, v->descending ? orders[v->order].before
					  : orders[v->order].after);
	if (v->until)
		buf_adds(b, v->descending ? orders[v->order].down_to
					  : orders[v->order].up_to);
}

static void
add_columns(struct buf *b, const struct variant *v)
{
	buf_printf(b, "SELECT STRAIGHT_JOIN " ISSUE_OWN "%s%s",
		   v->joined ? ", " ISSUE_ORGANIZATION : "",
		   totals[v->total].column);
}

static char *
compose(const struct variant *v)
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
same_variant(const struct variant *a, const struct variant *b)
{
	return a->walk == b->walk && a->order == b->order &&
	       a->descending == b->descending && a->shape == b->shape &&
	       a->behind == b->behind && a->until == b->until &&
	       a->joined == b->joined && a->public == b->public &&
	       a->total == b->total && a->criteria == b->criteria;
}

static struct stmt *
statement(const struct variant *v)
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
	made[i].stmt = (struct stmt){.sql = compose(v)};
	made[i].variant = *v;
	return &made[i].stmt;
}

/* A list in the making. */
struct listing {
	struct ctx *c;
	const struct actor *who;
	const struct issue_filter *f;
	struct variant variant;
	struct search_pattern words[SEARCH_WORDS_MAX];
	size_t n_words;
	const struct search_pattern *rare; /* the word to walk along */
	struct issue_cursor end; /* of the stretch; id 0: of the list */
	struct arg args[TOTAL_ARGS + WALK_ARGS + CRITERIA + SEARCH_WORDS_MAX +
			2 * CURSOR_ARGS + PAGE_ARGS];
	size_t n;
};

static void
push(struct listing *l, struct arg a)
{
	assert(l->n < sizeof(l->args) / sizeof(l->args[0]));
	l->args[l->n++] = a;
}

/* Whether so many issues have a word: that is read off the index, where a
 * count up to there would need a table of its own. One that is in a text and
 * in comments counts for each. */
static enum err
is_common(bool *out, struct listing *l, const struct search_pattern *word,
	  int64_t least)
{
	const struct arg org = arg_int(l->who->organization_id);
	const struct arg behind = arg_int(least - 1);

	return db_exists(out, l->c->db, &sql[IS_COMMON],
			 ARGS(org, arg_text(word->now), behind, org,
			      arg_text(word->before), behind));
}

static enum err
count_rare(int64_t *out, struct listing *l, const struct search_pattern *word)
{
	const struct arg org = arg_int(l->who->organization_id);
	struct rows rows;
	enum err e =
	    db_one(&rows, l->c->db, &sql[RARITY],
		   ARGS(org, arg_text(word->now), org, arg_text(word->before)));

	if (!e)
		*out = col_int(&rows);
	return e;
}

/* The word that fewest issues have, if few enough do. */
static enum err
find_rare_word(struct listing *l)
{
	int64_t least = RARE;
	enum err e = OK;

	for (size_t i = 0; !e && least && i < l->n_words; i++) {
		bool common;

		e = is_common(&common, l, &l->words[i], least);
		if (e || common)
			continue;
		l->rare = &l->words[i];
		if (i + 1 < l->n_words)
			e = count_rare(&least, l, l->rare);
	}
	return e;
}

/* The narrowest criterion whose index also yields the order. */
static enum walk
choose_walk(const struct listing *l)
{
	const struct issue_filter *f = l->f;
	const enum issue_order order = l->variant.order;

	if (l->who->role == ROLE_CUSTOMER)
		return WALK_RAISER; /* one person's are few */
	if (l->rare)
		return WALK_WORD;
	if (f->order_id)
		return WALK_ORDER;
	if (f->customer_id)
		return WALK_CUSTOMER;
	if (order != ORDER_CREATED)
		return WALK_ORGANIZATION;
	if (f->vendor_id)
		return WALK_VENDOR;
	if (f->assigned_to)
		return WALK_ASSIGNEE;
	if (f->status)
		return WALK_STATUS;
	if (f->category)
		return WALK_CATEGORY;
	if (f->priority)
		return WALK_PRIORITY;
	return WALK_ORGANIZATION;
}

/* Of all that are one's own, or of those of the status that is asked for. */
static void
push_status_total(struct listing *l, enum total all, enum total of_status,
		  int64_t whose)
{
	const enum status status = l->f->status;

	l->variant.total = status ? of_status : all;
	push(l, arg_int(whose));
	if (status)
		push(l, arg_int(status));
}

static void
push_cells_total(struct listing *l)
{
	const struct issue_filter *f = l->f;
	const struct arg values[] = {
	    arg_id(f->status), arg_id(f->priority), arg_id(f->category),
	    arg_switch(f->is_client_issue), arg_switch(f->synced_to_linear)};

	l->variant.total = TOTAL_OF_CELLS;
	push(l, arg_int(l->who->organization_id));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		push(l, values[i]);
		push(l, values[i]);
	}
}

/* From the page's own statement: one less. But how far a page by number may
 * reach has to be known first, and whose a person's cells are has to be asked.
 */
static void
push_total(struct listing *l)
{
	const struct issue_filter *f = l->f;
	const bool total = count_is_total(f);

	if (f->uncounted || (f->offset && !f->behind.id) ||
	    !count_covers(l->who, f) || f->assigned_to || f->customer_id)
		return;
	if (l->who->role == ROLE_CUSTOMER && total)
		push_status_total(l, TOTAL_OF_RAISER, TOTAL_OF_RAISER_STATUS,
				  l->who->user_id);
	else if (l->who->role != ROLE_CUSTOMER && total)
		push_status_total(l, TOTAL_ALL, TOTAL_OF_STATUS,
				  l->who->organization_id);
	else if (l->who->role != ROLE_CUSTOMER)
		push_cells_total(l);
}

static void
push_walk(struct listing *l)
{
	const struct issue_filter *f = l->f;

	push(l,
	     arg_int(l->who->role == ROLE_CUSTOMER ? l->who->user_id
						   : l->who->organization_id));
	switch (l->variant.walk) {
	case WALK_STATUS:
		push(l, arg_int(f->status));
		break;
	case WALK_PRIORITY:
		push(l, arg_int(f->priority));
		break;
	case WALK_CATEGORY:
		push(l, arg_int(f->category));
		break;
	case WALK_ASSIGNEE:
		push(l,
		     arg_id(f->assigned_to == ASSIGNEE_NONE ? 0
							    : f->assigned_to));
		break;
	case WALK_CUSTOMER:
		push(l, arg_int(f->customer_id));
		break;
	case WALK_VENDOR:
		push(l, arg_int(f->vendor_id));
		break;
	case WALK_ORDER:
		push(l, arg_int(f->order_id));
		break;
	case WALK_WORD:
		push(l, arg_text(l->rare->now));
		push(l, arg_int(l->who->organization_id));
		push(l, arg_text(l->rare->before));
		break;
	case WALK_ORGANIZATION:
	case WALK_RAISER:
	case WALK_MAX:
		break;
	}
}

/* An argument that is NULL narrows nothing, nor does what is walked along. */
static void
narrow(struct listing *l, enum criterion k, enum walk walk, struct arg a)
{
	if (a.type == ARG_NULL || (walk && l->variant.walk == walk))
		return;
	l->variant.criteria |= 1U << k;
	push(l, a);
}

static void
push_criteria(struct listing *l)
{
	const struct issue_filter *f = l->f;
	const enum walk none = WALK_ORGANIZATION;
	/* the word index is the organization's own; the issue must be too */
	const int64_t organization = l->variant.walk == WALK_WORD
					 ? l->who->organization_id
					 : f->organization_id;
	unsigned word = BY_WORD;

	narrow(l, BY_ORGANIZATION, none, arg_id(organization));
	narrow(l, BY_STATUS, WALK_STATUS, arg_id(f->status));
	narrow(l, BY_PRIORITY, WALK_PRIORITY, arg_id(f->priority));
	narrow(l, BY_CATEGORY, WALK_CATEGORY, arg_id(f->category));
	narrow(l, BY_CLIENT, none, arg_switch(f->is_client_issue));
	narrow(l, BY_SYNCED, none, arg_switch(f->synced_to_linear));
	narrow(l, BY_ASSIGNEE, WALK_ASSIGNEE, arg_id(f->assigned_to));
	narrow(l, BY_CUSTOMER, WALK_CUSTOMER, arg_id(f->customer_id));
	narrow(l, BY_VENDOR, WALK_VENDOR, arg_id(f->vendor_id));
	narrow(l, BY_ORDER, WALK_ORDER, arg_id(f->order_id));
	narrow(l, BY_CREATED_AFTER, none, arg_time(f->created_after));
	narrow(l, BY_CREATED_BEFORE, none, arg_time(f->created_before));
	narrow(l, BY_UPDATED_AFTER, none, arg_time(f->updated_after));
	narrow(l, BY_UPDATED_BEFORE, none, arg_time(f->updated_before));
	for (size_t i = 0; i < l->n_words; i++) {
		if (&l->words[i] == l->rare)
			continue;
		narrow(l, (enum criterion)word++, none,
		       arg_text(l->words[i].now));
		push(l, arg_text(l->words[i].before));
	}
}

/* The values of a status or priority that come behind one (step 1), or before
 * it (-1), as the list goes: at most three. */
static void
push_values(struct listing *l, int64_t value, int64_t step)
{
	if (l->variant.descending)
		step = -step;
	for (int i = 0; i < 3; i++) {
		value += step;
		push(l, value > 0 && value <= STATUS_CLOSED ? arg_int(value)
							    : arg_id(0));
	}
}

/* A place in the list, and which side of it is meant. */
static void
push_place(struct listing *l, const struct issue_cursor *k, int64_t step)
{
	const enum issue_order order = l->variant.order;

	if (order == ORDER_CREATED || order == ORDER_UPDATED) {
		push(l, arg_time(k->key));
		push(l, arg_time(k->key));
	} else {
		push_values(l, k->key, step);
		push(l, arg_int(k->key));
		push(l, arg_time(k->created));
		push(l, arg_int(k->key));
		push(l, arg_time(k->created));
	}
	push(l, arg_int(k->id));
}

/* Where the page may go: from the cursor to the end of the stretch. */
static void
push_places(struct listing *l)
{
	l->variant.behind = l->f->behind.id != 0;
	l->variant.until = l->end.id != 0;
	if (l->variant.behind)
		push_place(l, &l->f->behind, 1);
	if (l->variant.until)
		push_place(l, &l->end, -1);
}

static int64_t
key_of(const struct issue *i, enum issue_order order)
{
	usec_t t = 0;

	switch (order) {
	case ORDER_PRIORITY:
		return i->kind.priority;
	case ORDER_STATUS:
		return i->kind.status;
	case ORDER_UPDATED:
		(void)clock_parse(&t, i->updated_at);
		return t;
	case ORDER_CREATED:
	case ORDER_MAX:
		break;
	}
	(void)clock_parse(&t, i->created_at);
	return t;
}

/* Below 0: a comes before b. */
static int
compare(const struct issue *a, const struct issue *b, enum issue_order order)
{
	const int64_t x = key_of(a, order), y = key_of(b, order);
	const int created = strcmp(a->created_at, b->created_at);

	if (x != y)
		return x < y ? -1 : 1;
	if (created)
		return created;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* A join promises no order, though it keeps the one it finds: then there is
 * nothing to move. */
static void
put_in_order(struct issue *list, size_t n, const struct variant *v)
{
	const int sign = v->descending ? -1 : 1;

	for (size_t i = 1; i < n; i++) {
		const struct issue moved = list[i];
		size_t to = i;

		for (;
		     to && sign * compare(&list[to - 1], &moved, v->order) > 0;
		     to--)
			list[to] = list[to - 1];
		if (to != i)
			list[to] = moved;
	}
}

enum issue_order
issue_list_order(const struct issue_filter *f)
{
	if ((f->order == ORDER_STATUS && f->status) ||
	    (f->order == ORDER_PRIORITY && f->priority))
		return ORDER_CREATED;
	return f->order;
}

static enum err
read_page(struct issue_page *out, struct listing *l)
{
	const struct issue_filter *f = l->f;
	const size_t n = l->n;
	struct rows rows;
	struct issue *i;
	enum err e;

	l->variant.shape =
	    l->variant.walk == WALK_WORD || (f->offset && !f->behind.id)
		? SHAPE_IDS
		: SHAPE_ROWS;
	push_places(l);
	push(l, arg_int(f->limit + 1)); /* one more tells whether more follow */
	if (l->variant.shape == SHAPE_IDS)
		push(l, arg_int(f->behind.id ? 0 : f->offset));
	e = db_query(&rows, l->c->db, statement(&l->variant), l->args, l->n);
	l->n = n;
	if (e)
		return e;
	out->issues = i =
	    arena_alloc(l->c->arena, (rows.count + 1) * sizeof(*i));
	for (; rows_next(&rows); i++) {
		issue_read_own(i, &rows);
		if (!issue_know_organization(i, l->who))
			issue_read_organization(i, &rows);
		if (l->variant.total)
			out->count = col_int(&rows);
	}
	if (l->variant.shape == SHAPE_IDS)
		put_in_order(out->issues, rows.count, &l->variant);
	out->more = rows.count > (size_t)f->limit;
	out->n = out->more ? (size_t)f->limit : rows.count;
	return issue_name_all(out->issues, out->n, l->c);
}

static enum err
count_rows(int64_t *out, struct listing *l)
{
	const size_t n = l->n;
	struct variant v = l->variant;
	struct rows rows;
	enum err e;

	/* one statement for every order */
	v.shape = SHAPE_COUNT;
	v.behind = false;
	v.order = ORDER_CREATED;
	v.descending = false;
	push(l, arg_int(COUNT_CAP));
	e = db_one(&rows, l->c->db, statement(&v), l->args, l->n);
	l->n = n;
	if (!e)
		*out = col_int(&rows);
	return e;
}

static void
place_of(struct issue_cursor *out, const struct issue *i,
	 enum issue_order order)
{
	out->key = key_of(i, order);
	(void)clock_parse(&out->created, i->created_at);
	out->id = i->id;
}

/* Where the stretch that a page may look through ends: so many of the
 * organization's issues on, whatever words they have. */
static enum err
find_end(struct listing *l)
{
	const struct issue_filter *f = l->f;
	struct listing k = {.c = l->c, .who = l->who, .f = f};
	struct rows rows;
	struct issue i;
	enum err e;

	k.variant = (struct variant){.shape = SHAPE_END,
				     .order = l->variant.order,
				     .descending = l->variant.descending};
	push_walk(&k);
	/* where they are part of the index that is walked */
	if (k.variant.order == ORDER_CREATED) {
		narrow(&k, BY_CREATED_AFTER, WALK_ORGANIZATION,
		       arg_time(f->created_after));
		narrow(&k, BY_CREATED_BEFORE, WALK_ORGANIZATION,
		       arg_time(f->created_before));
	}
	push_places(&k);
	push(&k, arg_int(STRETCH / (int64_t)l->n_words - 1));
	e = db_one(&rows, k.c->db, statement(&k.variant), k.args, k.n);
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	issue_read_own(&i, &rows);
	place_of(&l->end, &i, k.variant.order);
	return OK;
}

/* Common words: a page of what one stretch has, and where that was too little,
 * the place to go on from. */
static enum err
read_stretch(struct issue_page *page, struct listing *l)
{
	enum err e = find_end(l);

	if (!e)
		e = read_page(page, l);
	if (e || page->more || !l->end.id)
		return e;
	page->more = page->cut = true;
	page->last = l->end;
	return OK;
}

/* Of a search for common words alone: where there is one word, the index knows;
 * else it is as many as were seen, and one more when more follow. */
static enum err
count_common(struct issue_page *page, struct listing *l)
{
	const struct arg org = arg_int(l->who->organization_id);
	const struct arg cap = arg_int(COMMON_CAP);
	struct rows rows;
	enum err e;

	page->count =
	    l->f->offset + (int64_t)page->n + (page->more && !page->cut);
	if (l->variant.criteria != 1U << BY_WORD)
		return OK;
	e = db_one(&rows, l->c->db, &sql[COMMON],
		   ARGS(org, arg_text(l->words[0].now), cap, org,
			arg_text(l->words[0].before), cap));
	if (!e)
		page->count = col_int(&rows);
	if (page->count > COMMON_CAP)
		page->count = COMMON_CAP;
	return e;
}

static enum err
read_counted(struct issue_page *page, struct listing *l)
{
	const bool common =
	    l->n_words && !l->rare && l->who->role != ROLE_CUSTOMER;
	enum err e = OK;

	if (common) {
		e = read_stretch(page, l);
		return e || l->f->uncounted || !page->n ? e
							: count_common(page, l);
	}
	if (l->f->uncounted)
		return read_page(page, l);
	if (l->variant.total) {
		e = read_page(page, l);
		/* no row that could tell */
		return e || page->n
			   ? e
			   : count_issues(&page->count, l->c, l->who, l->f);
	}
	if (count_covers(l->who, l->f))
		e = count_issues(&page->count, l->c, l->who, l->f);
	else
		e = count_rows(&page->count, l);
	/* nothing there, or not so far: do not walk the index to find that out
	 */
	return e || page->count <= l->f->offset ? e : read_page(page, l);
}

enum err
issue_list(struct issue_page *out, struct ctx *c, const struct actor *who,
	   const struct issue_filter *f)
{
	struct listing l = {.c = c, .who = who, .f = f};
	struct issue_page page = {0};
	enum err e = OK;

	if (f->search) {
		l.n_words = search_patterns(l.words, c, f->search);
		if (!l.n_words) { /* only signs: nothing has them */
			*out = page;
			return OK;
		}
		if (who->role != ROLE_CUSTOMER)
			e = find_rare_word(&l);
	}
	if (e)
		return e;
	l.variant.order = issue_list_order(f);
	l.variant.walk = choose_walk(&l);
	l.variant.descending = f->descending;
	l.variant.joined = !who->organization_name;
	l.variant.public = who->role == ROLE_CUSTOMER;
	push_total(&l);
	push_walk(&l);
	push_criteria(&l);
	e = read_counted(&page, &l);
	if (e)
		return e;
	if (page.n && !page.cut)
		place_of(&page.last, &page.issues[page.n - 1], l.variant.order);
	*out = page;
	return OK;
}
