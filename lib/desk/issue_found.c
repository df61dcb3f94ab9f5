/* Makes a page of what a search has found. To know which issues come first, and
 * how many there are, all are looked up and sorted; an issue costs several
 * times as much as a posting. So of very many, only a part is looked up if
 * possible: of a list of the newest ones, those with the highest ids, as far as
 * issue_age.h tells that no other one is newer; else those that come first in
 * the list, or that the filter's index lets through. Then the count is a lower
 * bound. */

#include "issue_found.h"

#include "base/arena.h"
#include "base/json_writer.h"
#include "desk/issue_age.h"

/* Of more ids than that, the highest so many are tried first, and then several
 * times as many. */
#define NEWEST	      500
#define NEWEST_GROWTH 4

/* More ids than that are compared with those that the filter's index tells, if
 * it has at most so many entries for each of them: an issue costs several times
 * as much as an entry. */
#define MANY		 4000
#define ENTRIES_AN_ISSUE 4

/* So many entries of the list's index are read first, and then several times as
 * many. */
#define ENTRIES	       1000
#define ENTRIES_GROWTH 4

/* --- all of them ---------------------------------------------------------- */

/* The page among the rows of SHAPE_FOUND; *whole: it is complete. */
static enum err
page_of_rows(struct issue_page *page, bool *whole, struct issue_query *q,
	     struct rows *rows)
{
	const struct issue_filter *f = &q->filter;
	const size_t most = (size_t)f->limit + 1;
	struct id_set ids = {
	    .list = arena_alloc(q->c->arena, most * sizeof(*ids.list))};
	int64_t skip = f->behind.id ? 0 : f->offset;

	page->count = (int64_t)rows->count;
	while (ids.n < most && rows_next(rows)) {
		const int64_t id = col_int(rows);
		const bool is_behind = col_bool(rows);

		if (is_behind && skip-- <= 0)
			ids.list[ids.n++] = id;
	}
	*whole = rows->count < COUNT_CAP || ids.n == most;
	return ids.n && *whole ? query_read_ids(page, q, &ids) : OK;
}

static enum err
read_found(struct issue_page *page, bool *whole,
	   const struct issue_query *asked)
{
	struct issue_query q = *asked;
	struct rows rows;
	enum err e;

	query_prepare(&q);
	q.variant.shape = SHAPE_FOUND;
	query_push_passed(&q);
	query_push(&q, PART_PAGE, arg_int(COUNT_CAP));
	e = db_query(&rows, q.c->db, query_statement(&q.variant), q.args, q.n);
	return e ? e : page_of_rows(page, whole, &q, &rows);
}

enum err
found_page(struct issue_page *page, const struct issue_query *asked)
{
	struct issue_query q = *asked;
	bool whole = false;
	enum err e = OK;

	if (!q.filter.uncounted)
		e = read_found(page, &whole, asked);
	if (e || whole)
		return e;
	query_prepare(&q);
	return query_read_page(page, &q);
}

/* --- the newest ----------------------------------------------------------- */

/* Leaves in the filter what is newer than all issues up to an id. */
static enum err
narrow_to_newer(struct issue_filter *f, bool *known,
		const struct issue_query *q, int64_t id)
{
	struct issue_criteria_set *s = &f->narrow;
	usec_t newest;
	enum err e =
	    issue_age_newest(&newest, known, q->c, q->who->organization_id, id);

	if (e || !*known)
		return e;
	if (!criterion_is_set(s, BY_CREATED_AFTER) ||
	    s->values[BY_CREATED_AFTER] <= newest)
		criterion_set(s, BY_CREATED_AFTER, newest + 1);
	return OK;
}

/* The page among the highest `n` ids; *done: it is full of what is newer than
 * the issues with all other ids. */
static enum err
read_newest(struct issue_page *page, bool *done,
	    const struct issue_query *asked, const struct id_set *ids, size_t n)
{
	const struct id_set highest = {.list = ids->list + (ids->n - n),
				       .n = n};
	struct issue_query q = *asked;
	bool known;
	enum err e = narrow_to_newer(&q.filter, &known, asked,
				     ids->list[ids->n - n - 1]);

	*done = false;
	if (e || !known)
		return e;
	q.ids = json_id_list(q.c->arena, highest.list, highest.n);
	e = read_found(page, done, &q);
	*done = *done && page->more;
	return e;
}

/* Leaves in `ids` what the filter's index lets through, if that is worth being
 * read. */
static enum err
narrow_by_index(struct id_set *ids, const struct issue_query *q)
{
	struct id_set fit;
	bool whole = false;
	enum err e = OK;

	if (query_has_index(q))
		e = ids_of_filter(&fit, &whole, q,
				  (int64_t)ids->n * ENTRIES_AN_ISSUE);
	if (!e && whole)
		ids_intersect(ids, &fit);
	return e;
}

/* The page among the highest ids: *done. */
static enum err
read_highest(struct issue_page *page, bool *done,
	     const struct issue_query *asked, const struct id_set *ids,
	     size_t first, size_t last)
{
	enum err e = OK;

	*done = false;
	if (!asked->filter.descending ||
	    issue_list_order(&asked->filter) != ORDER_CREATED)
		return OK;
	for (size_t n = first;
	     !e && !*done && n <= last && n < ids->n / NEWEST_GROWTH;
	     n *= NEWEST_GROWTH)
		e = read_newest(page, done, asked, ids, n);
	if (!e && *done && !asked->n_words && !asked->filter.narrow.bits)
		page->count = ids->n < COUNT_CAP ? (int64_t)ids->n : COUNT_CAP;
	return e;
}

/* --- along the list ------------------------------------------------------- */

/* Reads the page among ids that come first in the list; *done: it is full. */
static enum err
read_first(struct issue_page *page, bool *done, const struct issue_query *asked,
	   const struct id_set *first)
{
	struct issue_query q = *asked;
	enum err e;

	q.ids = json_id_list(q.c->arena, first->list, first->n);
	e = read_found(page, done, &q);
	*done = *done && page->more;
	return e;
}

/* Walks the list as long as that costs less than looking up all ids: mostly the
 * page is soon full of those that come first. */
static enum err
read_along_list(struct issue_page *page, bool *done,
		const struct issue_query *asked, const struct id_set *ids)
{
	const int64_t most = (int64_t)ids->n * ENTRIES_AN_ISSUE;
	const int64_t page_n =
	    asked->filter.limit + 1 +
	    (asked->filter.behind.id ? 0 : asked->filter.offset);
	struct id_set first = {
	    .list = arena_alloc(asked->c->arena,
				(ids->n + 1) * sizeof(*first.list))};
	bool *seen = arena_alloc(asked->c->arena, ids->n + 1);
	size_t need = (size_t)page_n;
	bool ended = false;
	enum err e = OK;

	*done = false;
	for (int64_t n = ENTRIES, skip = 0;
	     !e && !*done && !ended && skip < most;
	     skip += n, n *= ENTRIES_GROWTH) {
		e = ids_along_list(&first, seen, &ended, asked, ids, n, skip);
		if (e || first.n < need)
			continue;
		e = read_first(page, done, asked, &first);
		need = first.n * 2;
	}
	return e;
}

/* The same without a filter, and words that are still to be looked for: then it
 * is known how many there are. */
static void
tell_found_count(struct issue_page *page, const struct issue_query *asked,
		 const struct id_set *ids)
{
	if (!asked->n_words && !asked->filter.narrow.bits)
		page->count = ids->n < COUNT_CAP ? (int64_t)ids->n : COUNT_CAP;
}

enum err
found_page_of(struct issue_page *page, const struct issue_query *asked,
	      const struct id_set *found)
{
	struct issue_query q = *asked;
	struct id_set ids = *found;
	bool done;
	enum err e = read_highest(page, &done, asked, &ids, NEWEST, NEWEST);

	if (!e && !done && ids.n > MANY)
		e = narrow_by_index(&ids, asked);
	if (!e && !done && ids.n > MANY)
		e = read_along_list(page, &done, asked, &ids);
	if (!e && !done)
		e = read_highest(page, &done, asked, &ids, NEWEST, SIZE_MAX);
	if (!e && done)
		tell_found_count(page, asked, &ids);
	if (e || done)
		return e;
	*page = (struct issue_page){.n = 0};
	q.ids = json_id_list(q.c->arena, ids.list, ids.n);
	return ids.n ? found_page(page, &q) : OK;
}
