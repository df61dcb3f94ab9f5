/* Searches by staff. A search either intersects the postings of its words, and
 * sorts what they have in common, or walks the list itself, where it stops when
 * the page is full. The first costs as much as there are postings, the second
 * as much as there are issues before the page is full, and nobody knows
 * beforehand how many: a common word may be on old issues only, and two may
 * never meet. So both grow in turn: as long as every word has more postings
 * than are worth it, a stretch of the list is tried, each several times as long
 * as the one before. Thus a search costs a small multiple of the cheaper of the
 * two, and its pages are full whenever there is enough to fill them.
 *
 * An intersection knows the count. A walk of the list knows it where it has
 * seen the end; otherwise the count is that of the word, if there is nothing
 * else, or at least what was seen and one more.
 *
 * issue_ids.c reads postings, issue_found.c sorts what is found. */

#include "base/arena.h"
#include "db/statements.h"
#include "desk/issue_count.h"
#include "issue_found.h"
#include "issue_query.h"
#include "issue_row.h"

/* The first stretch of the list, in issues, how each one grows, and the longest
 * one: of a longer one, what it finds might be far more than a page. */
#define STRETCH	       250
#define STRETCH_GROWTH 5
#define STRETCH_MAX    (STRETCH * 125)

/* With so few postings, or issues that the filter lets through, the list is not
 * even tried. */
#define FEW 2500

/* A word with more postings than so many for each issue that is left is looked
 * for in these issues instead. */
#define POSTINGS_AN_ISSUE 4

enum { COMMON, STATEMENTS };

static struct stmt sql[] = {
    [COMMON] = {"SELECT COUNT(*) FROM ((SELECT DISTINCT issue_id "
		"FROM search_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?) UNION (SELECT DISTINCT issue_id "
		"FROM issue_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?)) n"},
};

const struct statements issue_search_statements = {sql, STATEMENTS};

/* --- along the postings --------------------------------------------------- */

/* Intersects `ids` with the words other than that which was read, as far as
 * their postings are worth being read, and searches what is left for the
 * others. */
static enum err
search_rest(struct issue_page *page, const struct issue_query *asked,
	    struct id_set *ids, size_t read)
{
	struct search_pattern others[SEARCH_WORDS_MAX];
	struct spellings spelled[SEARCH_WORDS_MAX];
	struct issue_query q = *asked;
	enum err e = OK;

	q.words = others;
	q.spelled = spelled;
	q.n_words = 0;
	for (size_t i = 0; !e && ids->n && i < asked->n_words; i++) {
		struct id_set more = {.n = 0};
		bool whole;

		if (i == read)
			continue;
		e = ids_of_word(&more, &whole, asked, i,
				(int64_t)ids->n * POSTINGS_AN_ISSUE);
		if (e || whole) {
			ids_intersect(ids, &more);
			continue;
		}
		others[q.n_words] = asked->words[i];
		if (asked->spelled)
			spelled[q.n_words] = asked->spelled[i];
		else
			e = ids_spellings(&spelled[q.n_words], asked,
					  &asked->words[i]);
		q.n_words++;
	}
	return e || !ids->n ? e : found_page_of(page, &q, ids);
}

/* *done: there was a word with at most `max` postings, and the page is read
 * along these. */
static enum err
search_postings(struct issue_page *page, bool *done,
		const struct issue_query *q, int64_t max)
{
	struct id_set ids;

	*done = false;
	for (size_t i = 0; i < q->n_words; i++) {
		enum err e = ids_of_word(&ids, done, q, i, max);

		if (e)
			return e;
		if (*done)
			return search_rest(page, q, &ids, i);
	}
	return OK;
}

/* *done: the filter lets few issues through, and the page is read among these,
 * whatever words they have. */
static enum err
search_few(struct issue_page *page, bool *done, const struct issue_query *asked)
{
	struct issue_query q = *asked;
	struct issue_filter all = q.filter;
	int64_t n;
	enum err e;

	*done = false;
	all.search = NULL;
	if (!query_has_index(&q) || !count_covers(q.who, &all))
		return OK;
	e = count_issues(&n, q.c, q.who, &all);
	if (e || n > FEW)
		return e;
	*done = true;
	q.few = true;
	return n ? found_page(page, &q) : OK;
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
	enum err e;

	*out = COUNT_CAP;
	if (common_word_capped(q, word->now))
		return OK;
	e = db_one(&rows, q->c->db, &sql[COMMON],
		   ARGS(org, arg_text(word->now), cap, org,
			arg_text(word->before), cap));
	if (e)
		return e;
	*out = col_int(&rows);
	if (*out >= COUNT_CAP) {
		*out = COUNT_CAP;
		common_word_note_capped(q, word->now);
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
	struct issue_query q = *asked;
	enum err e;

	query_prepare(&q);
	e = find_end(&q, stretch);
	if (!e)
		e = query_read_page(page, &q);
	*end = q.end;
	if (page->more)
		end->id = 0;
	return e || end->id ? e : count_search(page, &q);
}

/* How many postings cost as much as an issue of the list. */
#define POSTINGS_WORTH 10

/* A stretch begins where the last one has ended, if that has found nothing,
 * else where the page does. */
static enum err
search_list(struct issue_page *page, struct issue_query *q)
{
	int64_t stretch = STRETCH, walked = 0;
	struct issue_cursor end = {.id = 0};
	bool done = false;
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
		e = search_postings(page, &done, q,
				    (walked + stretch) * POSTINGS_WORTH);
		if (e || done)
			return e;
	}
}

enum err
query_search(struct issue_page *page, const struct issue_query *asked)
{
	struct spellings spelled[SEARCH_WORDS_MAX];
	struct issue_query q = *asked;
	bool done;
	enum err e = search_postings(page, &done, &q, FEW);

	if (e || done)
		return e;
	q.spelled = spelled;
	for (size_t i = 0; !e && i < q.n_words; i++)
		e = ids_spellings(&spelled[i], &q, &q.words[i]);
	if (!e)
		e = search_few(page, &done, &q);
	return e || done ? e : search_list(page, &q);
}
