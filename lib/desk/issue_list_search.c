/* Searches by staff. A search walks either the word index, where it sorts what
 * it finds, or the list itself, where it stops when the page is full. The word
 * index costs as much as the rarest word has postings, the list as much as
 * there are issues before the page is full, and nobody knows beforehand how
 * many: a common word may be on old issues only, and two may never meet. So
 * both grow in turn: as long as every word has more postings than are worth
 * it, a stretch of the list is tried, each several times as long as the one
 * before. Thus a search costs a small multiple of the cheaper of the two, and
 * its pages are full whenever there is enough to fill them.
 *
 * A walk of the word index knows the count. A walk of the list knows it where
 * it has seen the end; otherwise the count is that of the word, if there is
 * nothing else, or at least what was seen and one more. */

#include "base/arena.h"
#include "db/statements.h"
#include "issue_query.h"
#include "issue_row.h"

/* The first stretch of the list, in issues, and how each one grows. */
#define STRETCH	       250
#define STRETCH_GROWTH 5

/* How many postings of a word cost as much as an issue of a stretch does, of
 * which the words have to be looked through. With several words, so have those
 * of the posting's issue. */
#define POSTINGS_OF_ONE	    5
#define POSTINGS_OF_SEVERAL 1

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

const struct statements issue_search_statements = {sql, STATEMENTS};

/* Whether so many issues have a word: that is read off the index, where a
 * count up to there would need a table of its own. One that is in a text and
 * in comments counts for each. */
static enum err
word_is_common(bool *out, struct issue_query *q,
	       const struct search_pattern *word, int64_t least)
{
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg behind = arg_int(least - 1);

	return db_exists(out, q->c->db, &sql[IS_COMMON],
			 ARGS(org, arg_text(word->now), behind, org,
			      arg_text(word->before), behind));
}

static enum err
count_rare_word(int64_t *out, struct issue_query *q,
		const struct search_pattern *word)
{
	const struct arg org = arg_int(q->who->organization_id);
	struct rows rows;
	enum err e =
	    db_one(&rows, q->c->db, &sql[RARITY],
		   ARGS(org, arg_text(word->now), org, arg_text(word->before)));

	if (!e)
		*out = col_int(&rows);
	return e;
}

/* Sets q->rare to the word with the fewest postings, if it has less than
 * `least`. */
static enum err
find_rare_word(struct issue_query *q, int64_t least)
{
	enum err e = OK;

	for (size_t i = 0; !e && least && i < q->n_words; i++) {
		bool common;

		e = word_is_common(&common, q, &q->words[i], least);
		if (e || common)
			continue;
		q->rare = &q->words[i];
		if (i + 1 < q->n_words)
			e = count_rare_word(&least, q, q->rare);
	}
	return e;
}

/* --- along the word index ------------------------------------------------- */

/* The page among all that was found; *whole: it is complete. */
static enum err
page_of_found(struct issue_page *page, bool *whole, struct issue_query *q,
	      struct rows *rows)
{
	const struct issue_filter *f = &q->filter;
	int64_t *ids =
	    arena_alloc(q->c->arena, ((size_t)f->limit + 1) * sizeof(*ids));
	int64_t skip = f->behind.id ? 0 : f->offset;
	size_t n = 0;

	page->count = (int64_t)rows->count;
	while (n < (size_t)f->limit + 1 && rows_next(rows)) {
		const int64_t id = col_int(rows);
		const bool is_behind = col_bool(rows);

		if (is_behind && skip-- <= 0)
			ids[n++] = id;
	}
	*whole = rows->count < COUNT_CAP || n > (size_t)f->limit;
	return n && *whole ? query_read_ids(page, q, ids, n) : OK;
}

/* Walks along the postings of asked->rare. */
static enum err
search_postings(struct issue_page *page, const struct issue_query *asked)
{
	struct issue_query q = *asked;
	struct rows rows;
	bool whole = false;
	enum err e = OK;

	query_prepare(&q);
	if (!q.filter.uncounted) {
		q.variant.shape = SHAPE_FOUND;
		query_push_passed(&q);
		query_push(&q, PART_PAGE, arg_int(COUNT_CAP));
		e = db_query(&rows, q.c->db, query_statement(&q.variant),
			     q.args, q.n);
		if (!e)
			e = page_of_found(page, &whole, &q, &rows);
	}
	if (e || whole)
		return e;
	q = *asked;
	query_prepare(&q);
	return query_read_page(page, &q);
}

/* --- along the list ------------------------------------------------------- */

/* Sets q->end to the place so many issues on; none, if the list ends before. */
static enum err
find_end(struct issue_query *q, int64_t stretch)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	struct issue i;
	enum err e;

	query_prepare_end(&k, q);
	query_push_places(&k);
	query_push(&k, PART_PAGE, arg_int(stretch - 1));
	e = db_one(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	issue_read_own(&i, &rows);
	issue_place(&q->end, &i, k.variant.order);
	return OK;
}

/* The count of a word without anything else: the index knows it. */
static enum err
count_word(int64_t *out, const struct issue_query *q)
{
	const struct search_pattern *word = &q->words[0];
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg cap = arg_int(COUNT_CAP);
	struct rows rows;
	enum err e = db_one(&rows, q->c->db, &sql[COMMON],
			    ARGS(org, arg_text(word->now), cap, org,
				 arg_text(word->before), cap));

	if (!e)
		*out = col_int(&rows);
	if (*out > COUNT_CAP)
		*out = COUNT_CAP;
	return e;
}

static enum err
count_search(struct issue_page *page, const struct issue_query *q)
{
	page->count = q->filter.offset + (int64_t)page->n + page->more;
	if (q->filter.uncounted || q->variant.criteria || q->n_words > 1)
		return OK;
	return count_word(&page->count, q);
}

/* Looks for the page on a stretch of the list; *done: it is full, or the list
 * has ended. */
static enum err
search_stretch(struct issue_page *page, bool *done,
	       const struct issue_query *asked, int64_t stretch)
{
	struct issue_query q = *asked;
	enum err e;

	query_prepare(&q);
	e = find_end(&q, q.filter.offset + stretch);
	if (!e)
		e = query_read_page(page, &q);
	*done = e || page->more || !q.end.id;
	return e || !*done ? e : count_search(page, &q);
}

enum err
query_search(struct issue_page *page, const struct issue_query *asked)
{
	const int64_t worth =
	    asked->n_words > 1 ? POSTINGS_OF_SEVERAL : POSTINGS_OF_ONE;
	struct issue_query q = *asked;
	int64_t stretch = STRETCH;
	bool done = false;
	enum err e = OK;

	while (!e && !done) {
		e = find_rare_word(&q, stretch * worth);
		if (!e && q.rare)
			return search_postings(page, &q);
		if (!e)
			e = search_stretch(page, &done, asked, stretch);
		stretch *= STRETCH_GROWTH;
	}
	return e;
}
