/* Reads the issues that have a word, from the search index. A word of a search
 * stands for all words of the index that begin with it; where these are few,
 * its spellings, each is read by itself, which takes half the time, and allows
 * to read a part. Words of older versions (table issue_word) are read, too. */

#include <string.h>

#include "base/arena.h"
#include "db/statements.h"
#include "issue_ids.h"

/* Of more postings, so many are read at once. The first ones take a third less
 * time than those behind a certain id. */
#define CHUNK 60000

/* So few are read by the beginning of the word, in one statement. */
#define FEW_POSTINGS 5000

enum {
	POSTINGS,
	OF_SPELLING,
	MORE_OF_SPELLING,
	BETWEEN,
	OF_OLDER,
	SPELLING_ENDS,
	NEXT_SPELLING,
	STATEMENTS
};

/* The words of older versions, too; so with all that reads words. */
static struct stmt sql[] = {
    [POSTINGS] = {"(SELECT issue_id FROM search_word WHERE organization_id = ? "
		  "AND word LIKE ? LIMIT ?) UNION ALL (SELECT issue_id "
		  "FROM issue_word WHERE organization_id = ? AND word LIKE ? "
		  "LIMIT ?)"},
    [OF_SPELLING] = {"SELECT issue_id FROM search_word "
		     "WHERE organization_id = ? AND word = ? "
		     "ORDER BY issue_id LIMIT ?"},
    [MORE_OF_SPELLING] = {"SELECT issue_id FROM search_word "
			  "WHERE organization_id = ? AND word = ? "
			  "AND issue_id > ? ORDER BY issue_id LIMIT ?"},
    /* all spellings at once: SPELLINGS of them */
    [BETWEEN] = {"(SELECT issue_id FROM search_word WHERE organization_id = ? "
		 "AND word IN (?, ?, ?, ?) AND issue_id BETWEEN ? AND ? "
		 "LIMIT ?) UNION ALL (SELECT issue_id FROM issue_word "
		 "WHERE organization_id = ? AND word LIKE ? LIMIT ?)"},
    [OF_OLDER] = {"SELECT issue_id FROM issue_word "
		  "WHERE organization_id = ? AND word LIKE ? LIMIT ?"},
    /* the first and the last one: mostly that is the same */
    [SPELLING_ENDS] = {"(SELECT word FROM search_word "
		       "WHERE organization_id = ? AND word LIKE ? "
		       "ORDER BY word LIMIT 1) UNION ALL (SELECT word "
		       "FROM search_word WHERE organization_id = ? "
		       "AND word LIKE ? ORDER BY word DESC LIMIT 1)"},
    [NEXT_SPELLING] = {"SELECT word FROM search_word "
		       "WHERE organization_id = ? AND word LIKE ? "
		       "AND word > ? ORDER BY word LIMIT 1"},
};

const struct statements issue_ids_statements = {sql, STATEMENTS};

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
		ids_add_rows(out, q->c->arena, &rows);
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
		ids_add_rows(out, q->c->arena, &rows);
	}
	db_use_arena(q->c->db, before);
	arena_free(chunk);
	return e;
}

/* Up to `max` postings and one more, or a chunk more. */
static enum err
read_spelling(struct id_set *out, const struct issue_query *q, const char *word,
	      int64_t max)
{
	const struct arg org = arg_int(q->who->organization_id);
	const int64_t first = max < CHUNK ? max + 1 : CHUNK;
	size_t count;
	enum err e = read_id_chunk(out, &count, q, &sql[OF_SPELLING],
				   ARGS(org, arg_text(word), arg_int(first)));

	while (!e && count == (size_t)first && out->n <= (size_t)max) {
		const struct arg behind = arg_int(out->list[out->n - 1]);

		e = read_id_chunk(
		    out, &count, q, &sql[MORE_OF_SPELLING],
		    ARGS(org, arg_text(word), behind, arg_int(first)));
	}
	return e;
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
	e = max > FEW_POSTINGS && q->spelled && q->spelled[word].n
		? read_spellings(out, q, word, max)
		: read_postings(out, q, w, max);
	if (e)
		return e;
	*whole = out->n <= (size_t)max;
	if (*whole)
		ids_order(out);
	else
		common_word_note(q, w->now, max);
	return OK;
}

_Static_assert(SPELLINGS == 4, "BETWEEN takes so many");

enum err
ids_of_word_between(struct id_set *out, bool *whole,
		    const struct issue_query *q, size_t word,
		    const struct id_set *set, int64_t max)
{
	const struct spellings *s = &q->spelled[word];
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg most = arg_int(max + 1);
	struct arg spelled[SPELLINGS];
	struct rows rows;
	enum err e;

	*out = (struct id_set){.n = 0};
	*whole = false;
	if (!s->n || !set->n)
		return OK;
	for (size_t i = 0; i < SPELLINGS; i++)
		spelled[i] = arg_text(s->list[i < s->n ? i : 0]);
	e = db_query(&rows, q->c->db, &sql[BETWEEN],
		     ARGS(org, spelled[0], spelled[1], spelled[2], spelled[3],
			  arg_int(set->list[0]), arg_int(set->list[set->n - 1]),
			  most, org, arg_text(q->words[word].before), most));
	if (e)
		return e;
	*whole = rows.count <= (size_t)max;
	ids_add_rows(out, q->c->arena, &rows);
	ids_order(out);
	return OK;
}

/* The most that a count reads at first: mostly an issue has a word once. */
#define COUNTED_FIRST 10500

enum err
ids_count_word(int64_t *n, const struct issue_query *q, size_t word,
	       int64_t cap)
{
	struct id_set ids;
	bool whole = false;
	enum err e = OK;

	*n = 0;
	for (int64_t max = COUNTED_FIRST; !e && !whole && *n < cap; max *= 4) {
		ids = (struct id_set){.n = 0};
		e = q->spelled && q->spelled[word].n
			? read_spellings(&ids, q, word, max)
			: read_postings(&ids, q, &q->words[word], max);
		whole = ids.n <= (size_t)max;
		ids_order(&ids);
		*n = (int64_t)ids.n < cap ? (int64_t)ids.n : cap;
	}
	return e;
}

/* Adds those between the first one and the last one. */
static enum err
add_spellings(struct spellings *out, const struct issue_query *q,
	      const struct search_pattern *word, const char *last)
{
	const char *next = out->list[0];
	struct rows rows;
	enum err e = OK;

	while (!e && out->n < SPELLINGS && strcmp(next, last) != 0) {
		e = db_one(&rows, q->c->db, &sql[NEXT_SPELLING],
			   ARGS(arg_int(q->who->organization_id),
				arg_text(word->now), arg_text(next)));
		if (!e)
			out->list[out->n++] = next = col_text(&rows);
	}
	if (!e && strcmp(next, last) != 0) /* there are more */
		out->n = 0;
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
ids_spellings(struct spellings *out, const struct issue_query *q,
	      const struct search_pattern *word)
{
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg pattern = arg_text(word->now);
	struct rows rows;
	enum err e = db_query(&rows, q->c->db, &sql[SPELLING_ENDS],
			      ARGS(org, pattern, org, pattern));

	out->n = 0;
	if (e || !rows_next(&rows))
		return e;
	out->list[out->n++] = col_text(&rows);
	return rows_next(&rows) ? add_spellings(out, q, word, col_text(&rows))
				: OK;
}
