/* Pages of lists of issues: reads the rows of a query (issue_query.c), puts
 * them in order, and finds how many there are in all: from the rows themselves,
 * from the counters (issue_count.c), or by counting. */

#include <string.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "desk/issue_count.h"
#include "issue_ids.h"
#include "issue_query.h"
#include "issue_row.h"

/* So many issues are sorted in less time than it takes to walk past all others
 * in a large organization. */
#define SORTED_MAX 2500

static int64_t
issue_key(const struct issue *i, enum issue_order order)
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

/* Below 0: a comes before b. As ORDER BY has it (issue_query.c): cursors rely
 * on it. */
static int
compare_issues(const struct issue *a, const struct issue *b,
	       enum issue_order order)
{
	const int64_t x = issue_key(a, order), y = issue_key(b, order);
	const int created = strcmp(a->created_at, b->created_at);

	if (x != y)
		return x < y ? -1 : 1;
	if (created && order != ORDER_UPDATED)
		return created;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* A join promises no order, though it keeps the one it finds: then there is
 * nothing to move. */
static void
sort_issues(struct issue *list, size_t n, const struct query_variant *v)
{
	const int sign = v->descending ? -1 : 1;

	for (size_t i = 1; i < n; i++) {
		const struct issue moved = list[i];
		size_t to = i;

		for (;
		     to &&
		     sign * compare_issues(&list[to - 1], &moved, v->order) > 0;
		     to--)
			list[to] = list[to - 1];
		if (to != i)
			list[to] = moved;
	}
}

void
issue_place(struct issue_cursor *out, const struct issue *i,
	    enum issue_order order)
{
	out->key = issue_key(i, order);
	(void)clock_parse(&out->created, i->created_at);
	out->id = i->id;
}

static enum err
take_rows(struct issue_page *out, const struct issue_query *q,
	  struct rows *rows)
{
	const struct issue_filter *f = &q->filter;
	struct issue *i;

	out->issues = i =
	    arena_alloc(q->c->arena, (rows->count + 1) * sizeof(*i));
	for (; rows_next(rows); i++) {
		issue_read_own(i, rows);
		if (!issue_know_organization(i, q->who))
			issue_read_organization(i, rows);
		if (q->variant.total)
			out->count = col_int(rows);
	}
	if (q->variant.shape != SHAPE_ROWS)
		sort_issues(out->issues, rows->count, &q->variant);
	out->more = rows->count > (size_t)f->limit;
	out->n = out->more ? (size_t)f->limit : rows->count;
	if (out->n)
		issue_place(&out->last, &out->issues[out->n - 1],
			    q->variant.order);
	return issue_name_all(out->issues, out->n, q->c);
}

enum err
query_read_page(struct issue_page *out, struct issue_query *q)
{
	const struct issue_filter *f = &q->filter;
	const size_t n = q->n;
	struct rows rows;
	enum err e;

	query_choose_shape(q);
	query_push_places(q);
	/* one more tells whether more follow */
	query_push(q, PART_PAGE, arg_int(f->limit + 1));
	if (q->variant.shape == SHAPE_IDS)
		query_push(q, PART_PAGE, arg_int(f->behind.id ? 0 : f->offset));
	e = db_query(&rows, q->c->db, query_statement(&q->variant), q->args,
		     q->n);
	q->n = n;
	return e ? e : take_rows(out, q, &rows);
}

enum err
query_read_ids(struct issue_page *out, const struct issue_query *q,
	       const struct id_set *ids)
{
	struct issue_query page = *q;
	struct rows rows;
	enum err e;

	page.variant =
	    (struct query_variant){.shape = SHAPE_PAGE,
				   .order = q->variant.order,
				   .descending = q->variant.descending,
				   .joined = q->variant.joined};
	e = db_query(
	    &rows, q->c->db, query_statement(&page.variant),
	    ARGS(arg_text(json_id_list(q->c->arena, ids->list, ids->n))));
	return e ? e : take_rows(out, &page, &rows);
}

static enum err
count_issue_rows(int64_t *out, struct issue_query *q)
{
	const size_t n = q->n;
	struct query_variant v = q->variant;
	enum err e;

	/* one statement for every order */
	v.shape = SHAPE_COUNT;
	v.behind = false;
	v.order = ORDER_CREATED;
	v.descending = false;
	query_push(q, PART_PAGE, arg_int(COUNT_CAP));
	e = db_number(out, q->c->db, query_statement(&v), q->args, q->n);
	q->n = n;
	return e;
}

/* The page of a list of which it is known how many it has. */
static enum err
read_known_page(struct issue_page *page, const struct issue_query *asked)
{
	struct issue_query q = *asked;

	q.few = query_may_find_few(asked) && page->count <= SORTED_MAX;
	query_prepare(&q);
	return query_read_page(page, &q);
}

static enum err
read_counted_page(struct issue_page *page, const struct issue_query *asked)
{
	const struct issue_filter *f = &asked->filter;
	struct issue_query q = *asked;
	enum err e = OK;

	query_prepare(&q);
	if (f->uncounted)
		return query_read_page(page, &q);
	if (q.variant.total) {
		e = query_read_page(page, &q);
		/* without a row, none tells the total */
		return e || page->n ? e
				    : count_issues(&page->count, q.c, q.who, f);
	}
	if (count_covers(q.who, f))
		e = count_issues(&page->count, q.c, q.who, f);
	else
		e = count_issue_rows(&page->count, &q);
	/* with nothing there the index need not be walked */
	return e || page->count <= f->offset ? e : read_known_page(page, asked);
}

enum err
issue_list(struct issue_page *out, struct ctx *c, const struct actor *who,
	   const struct issue_filter *f)
{
	struct search_pattern words[SEARCH_WORDS_MAX];
	struct issue_query q = {
	    .c = c, .who = who, .filter = *f, .words = words};

	*out = (struct issue_page){.n = 0};
	criteria_permit(&q.filter.narrow, who->role);
	if (f->search) {
		q.n_words = search_patterns(words, c, f->search);
		if (!q.n_words) /* only signs: nothing has them */
			return OK;
		/* one customer's are few */
		if (who->role != ROLE_CUSTOMER)
			return query_search(out, &q);
	}
	return read_counted_page(out, &q);
}
