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
 * In the order of created_at, the ids of a stretch lie close together. Then the
 * postings between the least and the greatest of them are read, of each word
 * that the index has, rather than the words of each issue.
 *
 * A walk of the word index knows the count. A walk of the list knows it where
 * it has seen the end; otherwise the count is that of the word, if there is
 * nothing else, or at least what was seen and one more. */

#include "base/arena.h"
#include "db/statements.h"
#include "issue_query.h"
#include "issue_row.h"

/* The first stretch of the list, in issues, how each one grows, and the longest
 * one: of a longer one, what it finds might be far more than a page. */
#define STRETCH	       250
#define STRETCH_GROWTH 5
#define STRETCH_MAX    (STRETCH * 125)

/* How far apart the ids of a stretch may lie, for each of its issues: other
 * organizations have ids between them. */
#define SPREAD 64

/* With so few postings, the list is not even tried. Of several words, each
 * posting has its issue's words looked through. */
#define FEW_OF_ONE     1250
#define FEW_OF_SEVERAL 250

enum { IS_COMMON, RARITY, COMMON, NEXT_SPELLING, STATEMENTS };

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
    [NEXT_SPELLING] = {"SELECT word FROM search_word "
		       "WHERE organization_id = ? AND word LIKE ? "
		       "AND word > ? ORDER BY word LIMIT 1"},
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

		if (least <= COUNT_CAP && common_word_known(q, q->words[i].now))
			continue;
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

static bool
any_is_spelled(const struct issue_query *q)
{
	for (size_t i = 0; i < q->n_words; i++)
		if (q->spelled[i].n)
			return true;
	return false;
}

/* Sets which ids the stretch of `list` has, if the postings between them are
 * worth being walked: few words, and ids that lie close together, as they do in
 * the order of created_at. */
static enum err
find_span(struct issue_query *q, const struct issue_query *list,
	  int64_t stretch)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	int64_t least;
	enum err e;

	if (list->variant.order != ORDER_CREATED || !any_is_spelled(q))
		return OK;
	query_prepare_end(&k, list);
	k.variant.shape = SHAPE_SPAN;
	query_push_places(&k);
	query_push(&k, PART_PAGE, arg_int(stretch));
	e = db_one(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	if (e)
		return e;
	least = col_int(&rows);
	q->greatest_id = col_int(&rows);
	q->least_id = least;
	if (q->greatest_id - q->least_id > stretch * SPREAD)
		q->greatest_id = 0;
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
	enum err e;

	*out = COUNT_CAP;
	if (common_word_known(q, word->now))
		return OK;
	e = db_one(&rows, q->c->db, &sql[COMMON],
		   ARGS(org, arg_text(word->now), cap, org,
			arg_text(word->before), cap));
	if (e)
		return e;
	*out = col_int(&rows);
	if (*out >= COUNT_CAP) {
		*out = COUNT_CAP;
		common_word_note(q, word->now);
	}
	return OK;
}

static enum err
count_search(struct issue_page *page, const struct issue_query *q)
{
	page->count = q->filter.offset + (int64_t)page->n + page->more;
	if (q->filter.uncounted || q->variant.criteria || q->n_words > 1)
		return OK;
	return count_word(&page->count, q);
}

/* Looks for the page on a stretch of the list. *end: where that ends; id 0: the
 * page is full, or the list has ended. */
static enum err
search_stretch(struct issue_page *page, struct issue_cursor *end,
	       const struct issue_query *asked, int64_t stretch)
{
	struct issue_query list = *asked, q = *asked;
	enum err e;

	query_prepare(&list);
	e = find_end(&list, stretch);
	if (!e)
		e = find_span(&q, &list, stretch);
	q.end = list.end;
	query_prepare(&q);
	if (!e)
		e = query_read_page(page, &q);
	*end = q.end;
	if (page->more)
		end->id = 0;
	return e || end->id ? e : count_search(page, &q);
}

/* The words of the index that begin as `word` does: each one is the first
 * behind the one before. */
static enum err
find_spellings(struct spellings *out, const struct issue_query *q,
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

/* How many postings cost as much as a stretch of the list: where its spans are
 * walked, a posting costs more than an issue does, and much more with several
 * words; else the words of each issue are looked through. */
static int64_t
postings_worth(const struct issue_query *q, int64_t stretch)
{
	const bool spans =
	    q->filter.order == ORDER_CREATED && any_is_spelled(q);

	if (q->n_words > 1)
		return spans ? stretch / 4 : stretch;
	return spans ? stretch / 2 : stretch * 5;
}

/* A stretch begins where the last one has ended, if that has found nothing,
 * else where the page does. */
static enum err
search_list(struct issue_page *page, struct issue_query *q)
{
	int64_t stretch = STRETCH, walked = 0;
	struct issue_cursor end = {.id = 0};
	enum err e;

	for (;;) {
		e = search_stretch(page, &end, q, q->filter.offset + stretch);
		if (e || !end.id)
			return e;
		walked += stretch;
		stretch *= STRETCH_GROWTH;
		if (!page->n && !q->filter.offset) {
			q->filter.behind = end;
			if (stretch > STRETCH_MAX)
				stretch = STRETCH_MAX;
		}
		e = find_rare_word(q, postings_worth(q, walked + stretch));
		if (e || q->rare)
			return e ? e : search_postings(page, q);
	}
}

enum err
query_search(struct issue_page *page, const struct issue_query *asked)
{
	struct spellings spelled[SEARCH_WORDS_MAX];
	struct issue_query q = *asked;
	enum err e =
	    find_rare_word(&q, q.n_words > 1 ? FEW_OF_SEVERAL : FEW_OF_ONE);

	if (e || q.rare)
		return e ? e : search_postings(page, &q);
	q.spelled = spelled;
	for (size_t i = 0; !e && i < q.n_words; i++)
		e = find_spellings(&spelled[i], &q, &q.words[i]);
	return e ? e : search_list(page, &q);
}
