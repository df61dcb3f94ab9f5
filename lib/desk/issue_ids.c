/* Sets of issues, and those that a filter lets through, from an index of table
 * issue. A set is an array of ids in order, so that two are intersected in one
 * pass: that costs a fraction of a join, which looks each issue up. What is
 * read is bounded by the caller, who goes on another way where there is more.
 * issue_ids_word.c reads those that have a word; the lists are
 * issue_list_search.c's and issue_found.c's. */

#include "issue_ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static int
compare_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
is_ascending(const struct id_set *set)
{
	for (size_t i = 1; i < set->n; i++)
		if (set->list[i - 1] > set->list[i])
			return false;
	return true;
}

void
ids_order(struct id_set *set)
{
	size_t n = 0;

	if (!is_ascending(set))
		qsort(set->list, set->n, sizeof(*set->list), compare_id);
	for (size_t i = 0; i < set->n; i++)
		if (n == 0 || set->list[n - 1] != set->list[i])
			set->list[n++] = set->list[i];
	set->n = n;
}

void
ids_add_rows(struct id_set *out, struct arena *a, struct rows *rows)
{
	if (out->n + rows->count > out->room) {
		const int64_t *before = out->list;

		out->room = 2 * out->n + rows->count;
		out->list = arena_alloc(a, out->room * sizeof(*out->list));
		if (out->n)
			memcpy(out->list, before, out->n * sizeof(*before));
	}
	while (rows_next(rows))
		out->list[out->n++] = col_int(rows);
}

enum err
ids_of_filter(struct id_set *out, bool *whole, const struct issue_query *q,
	      int64_t max)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	enum err e;

	query_prepare_index(&k);
	query_push(&k, PART_PAGE, arg_int(max + 1));
	e = db_query(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	if (e)
		return e;
	*whole = rows.count <= (size_t)max;
	*out = (struct id_set){.n = 0};
	ids_add_rows(out, q->c->arena, &rows);
	ids_order(out);
	return OK;
}

enum err
ids_of_stretch(struct id_set *out, const struct issue_query *q, int64_t n)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	enum err e;

	query_prepare_walk(&k);
	query_push_places(&k);
	query_push(&k, PART_PAGE, arg_int(n));
	query_push(&k, PART_PAGE, arg_int(0));
	e = db_query(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	*out = (struct id_set){.n = 0};
	if (!e)
		ids_add_rows(out, q->c->arena, &rows);
	return e;
}

struct id_set
ids_sorted(struct arena *a, const struct id_set *set)
{
	struct id_set sorted = {
	    .list = arena_alloc(a, (set->n + 1) * sizeof(*sorted.list)),
	    .n = set->n};

	if (set->n)
		memcpy(sorted.list, set->list, set->n * sizeof(*set->list));
	ids_order(&sorted);
	return sorted;
}

void
ids_keep(struct id_set *list, const struct id_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (bsearch(&list->list[i], set->list, set->n,
			    sizeof(*set->list), compare_id))
			list->list[n++] = list->list[i];
	list->n = n;
}

static void
take_once(struct id_set *out, bool *seen, const struct id_set *set, int64_t id)
{
	const int64_t *at =
	    bsearch(&id, set->list, set->n, sizeof(id), compare_id);

	if (!at || seen[at - set->list])
		return;
	seen[at - set->list] = true;
	out->list[out->n++] = id;
}

enum err
ids_along_list(struct id_set *out, bool *seen, bool *ended,
	       const struct issue_query *q, const struct id_set *set, int64_t n,
	       int64_t skip)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	enum err e;

	query_prepare_walk(&k);
	query_push_places(&k);
	query_push(&k, PART_PAGE, arg_int(n));
	query_push(&k, PART_PAGE, arg_int(skip));
	e = db_query(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	if (e)
		return e;
	*ended = rows.count < (size_t)n;
	while (rows_next(&rows))
		take_once(out, seen, set, col_int(&rows));
	return OK;
}

void
ids_intersect(struct id_set *set, const struct id_set *other)
{
	size_t n = 0;

	for (size_t i = 0, k = 0; i < set->n; i++) {
		while (k < other->n && other->list[k] < set->list[i])
			k++;
		if (k < other->n && other->list[k] == set->list[i])
			set->list[n++] = set->list[i];
	}
	set->n = n;
}
