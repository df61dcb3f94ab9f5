/* Reads sets of issues: those that have a word, from the search index, and
 * those that a filter lets through, from the narrowest index of table issue. A
 * set is an array of ids in order, so that two are intersected in one pass:
 * that costs a fraction of a join, which looks each issue up. What is read is
 * bounded by the caller, who goes on another way where there is more. The lists
 * are issue_list_search.c's and issue_found.c's. */

#include "issue_ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/statements.h"

/* Of more postings, so many are read at once. */
#define CHUNK 20000

enum { POSTINGS, OF_SPELLING, OF_OLDER, NEXT_SPELLING, STATEMENTS };

/* The words of older versions, too; so with all that reads words. */
static struct stmt sql[] = {
    [POSTINGS] = {"(SELECT issue_id FROM search_word WHERE organization_id = ? "
		  "AND word LIKE ? LIMIT ?) UNION ALL (SELECT issue_id "
		  "FROM issue_word WHERE organization_id = ? AND word LIKE ? "
		  "LIMIT ?)"},
    [OF_SPELLING] = {"SELECT issue_id FROM search_word "
		     "WHERE organization_id = ? AND word = ? AND issue_id > ? "
		     "ORDER BY issue_id LIMIT ?"},
    [OF_OLDER] = {"SELECT issue_id FROM issue_word "
		  "WHERE organization_id = ? AND word LIKE ? LIMIT ?"},
    [NEXT_SPELLING] = {"SELECT word FROM search_word "
		       "WHERE organization_id = ? AND word LIKE ? "
		       "AND word > ? ORDER BY word LIMIT 1"},
};

const struct statements issue_ids_statements = {sql, STATEMENTS};

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

/* Postings are in the order of their words, and an issue has one for each text
 * that has the word. */
static void
order_ids(struct id_set *set)
{
	size_t n = 0;

	if (!is_ascending(set))
		qsort(set->list, set->n, sizeof(*set->list), compare_id);
	for (size_t i = 0; i < set->n; i++)
		if (n == 0 || set->list[n - 1] != set->list[i])
			set->list[n++] = set->list[i];
	set->n = n;
}

/* Adds the ids of rows, in any order. */
static void
add_ids(struct id_set *out, struct arena *a, struct rows *rows)
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

static enum err
read_postings(struct id_set *out, const struct issue_query *q,
	      const struct search_pattern *word, int64_t max)
{
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg limit = arg_int(max + 1);
	struct rows rows;
	enum err e = db_query(&rows, q->c->db, &sql[POSTINGS],
			      ARGS(org, arg_text(word->now), limit, org,
				   arg_text(word->before), limit));

	if (!e)
		add_ids(out, q->c->arena, &rows);
	return e;
}

/* Runs a statement whose rows are forgotten once their ids are taken. */
static enum err
read_id_chunk(struct id_set *out, size_t *count, const struct issue_query *q,
	      struct stmt *statement, const struct arg *args, size_t n)
{
	struct arena *chunk = arena_new();
	struct arena *before = db_use_arena(q->c->db, chunk);
	struct rows rows;
	enum err e = db_query(&rows, q->c->db, statement, args, n);

	if (!e) {
		*count = rows.count;
		add_ids(out, q->c->arena, &rows);
	}
	db_use_arena(q->c->db, before);
	arena_free(chunk);
	return e;
}

static enum err
read_spelling(struct id_set *out, const struct issue_query *q, const char *word,
	      int64_t max)
{
	int64_t behind = 0;
	size_t count;
	enum err e;

	do {
		e = read_id_chunk(out, &count, q, &sql[OF_SPELLING],
				  ARGS(arg_int(q->who->organization_id),
				       arg_text(word), arg_int(behind),
				       arg_int(CHUNK)));
		if (e || !count)
			return e;
		behind = out->list[out->n - 1];
	} while (count == CHUNK && out->n <= (size_t)max);
	return OK;
}

static enum err
read_spellings(struct id_set *out, const struct issue_query *q, size_t word,
	       int64_t max)
{
	const struct spellings *s = &q->spelled[word];
	size_t count;
	enum err e = read_id_chunk(out, &count, q, &sql[OF_OLDER],
				   ARGS(arg_int(q->who->organization_id),
					arg_text(q->words[word].before),
					arg_int(max + 1)));

	for (size_t i = 0; !e && i < s->n && out->n <= (size_t)max; i++)
		e = read_spelling(out, q, s->list[i], max);
	return e;
}

enum err
ids_of_word(struct id_set *out, bool *whole, const struct issue_query *q,
	    size_t word, int64_t max)
{
	const struct search_pattern *w = &q->words[word];
	enum err e;

	*whole = false;
	*out = (struct id_set){.n = 0};
	if (common_word_known(q, w->now, max))
		return OK;
	e = max > CHUNK && q->spelled && q->spelled[word].n
		? read_spellings(out, q, word, max)
		: read_postings(out, q, w, max);
	if (e)
		return e;
	*whole = out->n <= (size_t)max;
	if (*whole)
		order_ids(out);
	else
		common_word_note(q, w->now, max);
	return OK;
}

/* Each one is the first behind the one before. */
enum err
ids_spellings(struct spellings *out, const struct issue_query *q,
	      const struct search_pattern *word)
{
	const char *behind = "";
	struct rows rows;
	enum err e = OK;

	for (out->n = 0; !e; out->n++) {
		e = db_one(&rows, q->c->db, &sql[NEXT_SPELLING],
			   ARGS(arg_int(q->who->organization_id),
				arg_text(word->now), arg_text(behind)));
		if (e || out->n == SPELLINGS)
			break;
		out->list[out->n] = behind = col_text(&rows);
	}
	if (!e) /* there are more */
		out->n = 0;
	return e == ERR_NOTFOUND ? OK : e;
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
	add_ids(out, q->c->arena, &rows);
	order_ids(out);
	return OK;
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

const char *
ids_json(struct arena *a, const struct id_set *set)
{
	struct jsonout j;
	struct buf json;
	const char *text;

	buf_init(&json, set->n * 24 + 16);
	json_begin(&j, &json);
	json_array(&j, NULL);
	for (size_t i = 0; i < set->n; i++)
		json_integer(&j, NULL, set->list[i]);
	json_end(&j);
	text = arena_memdup(a, json.data, json.len);
	buf_release(&json);
	return text;
}
