/* Lists of issues. Which index to walk is chosen from the filter, so that a
 * page costs the same however many issues there are; the statements are made
 * once from fixed texts, and what a client sends is only ever bound. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "count.h"
#include "db.h"
#include "issue_row.h"
#include "statements.h"
#include "user.h"
#include "word.h"

/* A search walks the word index where at most this many issues have the word,
 * else the list itself, on which hits are then dense. */
#define RARE 2000

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
	const char *where; /* takes two arguments */
} walks[WALK_MAX] = {
    /* its index is that of the order */
    [WALK_ORGANIZATION] = {"issue i FORCE INDEX (by_created)",
			   "i.organization_id = ? AND ? IS NULL"},
    [WALK_RAISER] = {"issue i FORCE INDEX (by_raiser)",
		     "i.raised_by = ? AND ? IS NULL"},
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
    [WALK_WORD] = {"issue i", "i.id IN (SELECT w.issue_id FROM issue_word w "
			      "WHERE w.organization_id = ? AND w.word LIKE ?)"},
};

/* Ties are broken by created_at, then id, in the same direction: every index
 * ends with them. */
static const struct {
	const char *ascending, *descending; /* ORDER BY */
	const char *after, *before;	    /* behind a cursor */
	const char *from; /* of an organization's list in this order */
} orders[ORDER_MAX] = {
/* the first comparison bounds the range that is read, the rest settles ties;
 * both forms take the same five arguments */
#define PAIR(col, op)                             \
	" AND " col " " op "= ? AND (" col " " op \
	" ? OR ? IS NULL OR ? IS NULL OR i.id " op " ?)"
#define TRIPLE(col, op)                                                    \
	" AND " col " " op "= ? AND (" col " " op " ? OR i.created_at " op \
	" ? OR (i.created_at = ? AND i.id " op " ?))"
    [ORDER_CREATED] = {"i.created_at, i.id", "i.created_at DESC, i.id DESC",
		       PAIR("i.created_at", ">"), PAIR("i.created_at", "<"),
		       "issue i FORCE INDEX (by_created)"},
    [ORDER_UPDATED] = {"i.updated_at, i.id", "i.updated_at DESC, i.id DESC",
		       PAIR("i.updated_at", ">"), PAIR("i.updated_at", "<"),
		       "issue i FORCE INDEX (by_updated)"},
    [ORDER_PRIORITY] = {"i.priority, i.created_at, i.id",
			"i.priority DESC, i.created_at DESC, i.id DESC",
			TRIPLE("i.priority", ">"), TRIPLE("i.priority", "<"),
			"issue i FORCE INDEX (by_priority)"},
    [ORDER_STATUS] = {"i.status, i.created_at, i.id",
		      "i.status DESC, i.created_at DESC, i.id DESC",
		      TRIPLE("i.status", ">"), TRIPLE("i.status", "<"),
		      "issue i FORCE INDEX (by_status)"},
#undef PAIR
#undef TRIPLE
};

/* An argument that is NULL lets everything through. */
#define HAS_WORD                                                             \
	" AND (? IS NULL OR EXISTS (SELECT 1 FROM issue_word w "             \
	"WHERE w.issue_id = i.id AND w.organization_id = i.organization_id " \
	"AND w.word LIKE ?))"

#define FILTER                                                             \
	" AND i.deleted_at IS NULL"                                        \
	" AND (? IS NULL OR i.organization_id = ?)"                        \
	" AND (? IS NULL OR i.status = ?)"                                 \
	" AND (? IS NULL OR i.priority = ?)"                               \
	" AND (? IS NULL OR i.category = ?)"                               \
	" AND (? IS NULL OR i.is_client_issue = ?)"                        \
	" AND (? IS NULL OR i.synced_to_linear = ?)"                       \
	" AND (? IS NULL OR i.assigned_to <=> NULLIF(?, -1))"              \
	" AND (? IS NULL OR i.customer_id = ?)"                            \
	" AND (? IS NULL OR i.vendor_id = ?)"                              \
	" AND (? IS NULL OR i.order_id = ?)"                               \
	" AND (? IS NULL OR i.created_at >= ?)"                            \
	" AND (? IS NULL OR i.created_at <= ?)"                            \
	" AND (? IS NULL OR i.updated_at >= ?)"                            \
	" AND (? IS NULL OR i.updated_at <= ?)" HAS_WORD HAS_WORD HAS_WORD \
	    HAS_WORD

enum { WALK_ARGS = 2, FILTER_ARGS = 36, CURSOR_ARGS = 5, PAGE_ARGS = 2 };

enum shape { SHAPE_PAGE, SHAPE_BEHIND, SHAPE_COUNT, SHAPE_MAX };

static struct stmt made[WALK_MAX][ORDER_MAX][2][SHAPE_MAX];

enum { RARITY, STATEMENTS };

static struct stmt sql[] = {
    [RARITY] = {"SELECT COUNT(*) FROM (SELECT 1 FROM issue_word "
		"WHERE organization_id = ? AND word LIKE ? LIMIT ?) n"},
};

const struct statements issue_list_statements = {sql, STATEMENTS};

static char *
compose(enum walk walk, enum issue_order order, bool descending,
	enum shape shape)
{
	const char *from =
	    walk == WALK_ORGANIZATION ? orders[order].from : walks[walk].from;
	const char *by =
	    descending ? orders[order].descending : orders[order].ascending;
	struct buf b;

	buf_init(&b, 16384);
	if (shape == SHAPE_COUNT)
		buf_adds(&b, "SELECT COUNT(*) FROM (SELECT i.id FROM ");
	else
		buf_adds(&b, "SELECT " ISSUE_OWN ", " ISSUE_JOINED
			     " FROM (SELECT i.id FROM ");
	buf_printf(&b, "%s WHERE %s%s", from, walks[walk].where, FILTER);
	if (shape == SHAPE_COUNT) {
		buf_adds(&b, " LIMIT ? OFFSET ?) n");
		return b.data;
	}
	if (shape == SHAPE_BEHIND)
		buf_adds(&b, descending ? orders[order].before
					: orders[order].after);
	buf_printf(&b,
		   " ORDER BY %s LIMIT ? OFFSET ?) page STRAIGHT_JOIN issue i "
		   "ON i.id = page.id " ISSUE_JOINS "ORDER BY %s",
		   by, by);
	return b.data;
}

static struct stmt *
statement(enum walk walk, enum issue_order order, bool descending,
	  enum shape shape)
{
	struct stmt *s = &made[walk][order][descending][shape];

	if (!s->sql)
		s->sql = compose(walk, order, descending, shape);
	return s;
}

/* A list in the making. */
struct listing {
	struct ctx *c;
	const struct actor *who;
	const struct issue_filter *f;
	enum walk walk;
	const char *words[SEARCH_WORDS_MAX];
	size_t n_words;
	const char *rare; /* the word to walk along */
	struct arg args[WALK_ARGS + FILTER_ARGS + CURSOR_ARGS + PAGE_ARGS];
	size_t n;
};

static void
push(struct listing *l, struct arg a)
{
	assert(l->n < sizeof(l->args) / sizeof(l->args[0]));
	l->args[l->n++] = a;
}

static void
push_twice(struct listing *l, struct arg a)
{
	push(l, a);
	push(l, a);
}

/* The word that fewest issues have, if few enough do. */
static enum err
find_rare_word(struct listing *l)
{
	int64_t least = RARE, n;
	struct rows rows;
	enum err e;

	for (size_t i = 0; i < l->n_words; i++) {
		e = db_one(&rows, l->c->db, &sql[RARITY],
			   ARGS(arg_int(l->who->organization_id),
				arg_text(l->words[i]), arg_int(least)));
		if (e)
			return e;
		n = col_int(&rows);
		if (n < least) {
			least = n;
			l->rare = l->words[i];
		}
	}
	return OK;
}

/* The narrowest criterion whose index also yields the order. */
static enum walk
choose_walk(const struct listing *l)
{
	const struct issue_filter *f = l->f;

	if (l->who->role == ROLE_CUSTOMER)
		return WALK_RAISER; /* one person's are few */
	if (l->rare)
		return WALK_WORD;
	if (f->order_id)
		return WALK_ORDER;
	if (f->customer_id)
		return WALK_CUSTOMER;
	if (f->order != ORDER_CREATED)
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

static struct arg
walk_key(const struct listing *l)
{
	const struct issue_filter *f = l->f;

	switch (l->walk) {
	case WALK_STATUS:
		return arg_int(f->status);
	case WALK_PRIORITY:
		return arg_int(f->priority);
	case WALK_CATEGORY:
		return arg_int(f->category);
	case WALK_ASSIGNEE:
		return arg_id(f->assigned_to == ASSIGNEE_NONE ? 0
							      : f->assigned_to);
	case WALK_CUSTOMER:
		return arg_int(f->customer_id);
	case WALK_VENDOR:
		return arg_int(f->vendor_id);
	case WALK_ORDER:
		return arg_int(f->order_id);
	case WALK_WORD:
		return arg_text(l->rare);
	case WALK_ORGANIZATION:
	case WALK_RAISER:
	case WALK_MAX:
		break;
	}
	return arg_id(0);
}

static struct arg
arg_switch(int v)
{
	return v < 0 ? arg_id(0) : arg_int(v);
}

static void
push_filter(struct listing *l)
{
	const struct issue_filter *f = l->f;

	push(l,
	     arg_int(l->who->role == ROLE_CUSTOMER ? l->who->user_id
						   : l->who->organization_id));
	push(l, walk_key(l));
	push_twice(l, arg_id(f->organization_id));
	push_twice(l, arg_id(f->status));
	push_twice(l, arg_id(f->priority));
	push_twice(l, arg_id(f->category));
	push_twice(l, arg_switch(f->is_client_issue));
	push_twice(l, arg_switch(f->synced_to_linear));
	push_twice(l, arg_id(f->assigned_to));
	push_twice(l, arg_id(f->customer_id));
	push_twice(l, arg_id(f->vendor_id));
	push_twice(l, arg_id(f->order_id));
	push_twice(l, arg_time(f->created_after));
	push_twice(l, arg_time(f->created_before));
	push_twice(l, arg_time(f->updated_after));
	push_twice(l, arg_time(f->updated_before));
	for (size_t i = 0; i < SEARCH_WORDS_MAX; i++)
		push_twice(l, arg_text(i < l->n_words ? l->words[i] : NULL));
	/* the word index is the organization's own; the issue must be too */
	if (l->walk == WALK_WORD) {
		l->args[WALK_ARGS] = l->args[0];
		l->args[WALK_ARGS + 1] = l->args[0];
	}
}

static void
push_cursor(struct listing *l)
{
	const struct issue_cursor *k = &l->f->behind;
	bool time =
	    l->f->order == ORDER_CREATED || l->f->order == ORDER_UPDATED;
	struct arg key = time ? arg_time(k->key) : arg_int(k->key);
	struct arg created = arg_time(k->created);

	push_twice(l, key);
	push_twice(l, created);
	push(l, arg_int(k->id));
}

static enum err
read_page(struct issue_page *out, struct listing *l)
{
	const struct issue_filter *f = l->f;
	struct rows rows;
	struct issue *i;
	enum err e;

	if (f->behind.id)
		push_cursor(l);
	push(l, arg_int(f->limit + 1)); /* one more tells whether more follow */
	push(l, arg_int(f->behind.id ? 0 : f->offset));
	e = db_query(&rows, l->c->db,
		     statement(l->walk, f->order, f->descending,
			       f->behind.id ? SHAPE_BEHIND : SHAPE_PAGE),
		     l->args, l->n);
	if (e)
		return e;
	out->more = rows.count > (size_t)f->limit;
	out->n = out->more ? (size_t)f->limit : rows.count;
	out->issues = i =
	    arena_alloc(l->c->arena, (rows.count + 1) * sizeof(*i));
	for (; rows_next(&rows); i++) {
		issue_read_own(i, &rows);
		issue_read_joined(i, &rows);
	}
	return OK;
}

static enum err
count_rows(int64_t *out, struct listing *l)
{
	const struct issue_filter *f = l->f;
	size_t n = l->n;
	struct rows rows;
	enum err e;

	push(l, arg_int(COUNT_CAP));
	push(l, arg_int(0));
	e = db_one(&rows, l->c->db,
		   statement(l->walk, f->order, f->descending, SHAPE_COUNT),
		   l->args, l->n);
	l->n = n;
	if (!e)
		*out = col_int(&rows);
	return e;
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

enum err
issue_list(struct issue_page *out, struct ctx *c, const struct actor *who,
	   const struct issue_filter *f)
{
	struct listing l = {.c = c, .who = who, .f = f};
	struct issue_page page = {0};
	const struct issue *last;
	enum err e = OK;

	if (f->search) {
		l.n_words = word_patterns(l.words, c, f->search);
		if (!l.n_words) { /* only signs: nothing has them */
			*out = page;
			return OK;
		}
		if (who->role != ROLE_CUSTOMER)
			e = find_rare_word(&l);
	}
	if (e)
		return e;
	l.walk = choose_walk(&l);
	push_filter(&l);
	if (!f->uncounted && count_covers(who, f))
		e = count_issues(&page.count, c, who, f);
	else if (!f->uncounted)
		e = count_rows(&page.count, &l);
	/* nothing there, or not so far: do not walk the index to find that out
	 */
	if (!e && (f->uncounted || page.count > f->offset))
		e = read_page(&page, &l);
	if (e)
		return e;
	if (page.n) {
		last = &page.issues[page.n - 1];
		page.last.key = key_of(last, f->order);
		(void)clock_parse(&page.last.created, last->created_at);
		page.last.id = last->id;
	}
	*out = page;
	return OK;
}
