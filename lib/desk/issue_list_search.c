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
 * On a stretch, the ids that the list's index has are intersected with the
 * postings between the lowest and the highest of them, if these are not many
 * more; else each issue is asked for the word.
 *
 * An intersection knows the count. A walk of the list knows it where it has
 * seen the end; otherwise the count is that of the word, if there is nothing
 * else, or at least what was seen and one more.
 *
 * issue_ids.c reads postings, issue_found.c sorts what is found. */

#include "base/arena.h"
#include "base/json_writer.h"
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

/* Words of a search that are still to be looked for. */
struct word_rest {
	struct search_pattern words[SEARCH_WORDS_MAX];
	struct spellings spelled[SEARCH_WORDS_MAX];
	size_t n;
};

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
	const char *word = q->words[0].now;
	enum err e;

	*out = COUNT_CAP;
	if (common_word_capped(q, word))
		return OK;
	e = ids_count_word(out, q, 0, COUNT_CAP);
	if (!e && *out >= COUNT_CAP)
		common_word_note_capped(q, word);
	return e;
}

static enum err
count_search(struct issue_page *page, const struct issue_query *q)
{
	page->count = q->filter.offset + (int64_t)page->n + page->more;
	if (q->filter.uncounted || q->filter.narrow.bits || q->n_words > 1)
		return OK;
	return count_word(&page->count, q);
}

/* Leaves in the list those that have all words whose postings in its part of
 * the index are few enough; *rest: the others, which are still to be looked
 * for. */
static enum err
keep_with_words(struct id_set *list, struct word_rest *rest,
		const struct issue_query *q)
{
	struct id_set set = ids_sorted(q->c->arena, list);
	enum err e = OK;

	rest->n = 0;
	for (size_t i = 0; !e && i < q->n_words; i++) {
		struct id_set has;
		bool whole;

		e = ids_of_word_between(&has, &whole, q, i, &set,
					(int64_t)list->n * POSTINGS_AN_ISSUE);
		if (!e && whole) {
			ids_intersect(&set, &has);
			continue;
		}
		rest->words[rest->n] = q->words[i];
		rest->spelled[rest->n++] = q->spelled[i];
	}
	ids_keep(list, &set);
	return e;
}

/* A few of the first issues may be deleted. */
#define SPARE 4

/* The first page, where nothing else is asked of the issues: page->more if it
 * is full of those that come first in the list. */
static enum err
read_first_page(struct issue_page *page, const struct issue_query *asked,
		const struct id_set *list)
{
	const size_t most = (size_t)asked->filter.limit + 1 + SPARE;
	struct issue_query q = *asked;
	const struct id_set first = {.list = list->list,
				     .n = list->n < most ? list->n : most};

	query_prepare(&q);
	return query_read_ids(page, &q, &first);
}

/* The page among those that come first in the list, which are tried before
 * those behind them. */
static enum err
read_page_among(struct issue_page *page, const struct issue_query *asked,
		const struct word_rest *rest, const struct id_set *list)
{
	const struct issue_filter *f = &asked->filter;
	const bool skips = f->offset && !f->behind.id;
	size_t n = 4 * (size_t)(f->limit + 1 + (skips ? f->offset : 0));
	enum err e = OK;

	if (!skips && !f->narrow.bits && !rest->n)
		e = read_first_page(page, asked, list);
	for (bool whole = false; !e && !whole && !page->more; n *= 8) {
		struct issue_query q = *asked;
		struct id_set first = *list;

		whole = n >= list->n;
		if (!whole)
			first.n = n;
		q.ids = json_id_list(q.c->arena, first.list, first.n);
		q.words = rest->words;
		q.spelled = rest->spelled;
		q.n_words = rest->n;
		query_prepare(&q);
		e = query_read_page(page, &q);
	}
	return e;
}

/* Looks for the page on a stretch of the list. *end: where that ends; id 0: the
 * page is full, or the list has ended. */
static enum err
search_stretch(struct issue_page *page, struct issue_cursor *end,
	       const struct issue_query *asked, int64_t stretch)
{
	struct issue_query q = *asked;
	struct word_rest rest;
	struct id_set list;
	bool ended;
	enum err e = ids_of_stretch(&list, asked, stretch);

	end->id = 0;
	ended = list.n < (size_t)stretch;
	if (!e)
		e = keep_with_words(&list, &rest, asked);
	*page = (struct issue_page){.n = 0};
	if (!e && list.n)
		e = read_page_among(page, asked, &rest, &list);
	if (!e && !page->more && !ended) {
		query_prepare(&q);
		e = find_end(&q, stretch);
		*end = q.end;
	}
	return e || end->id ? e : count_search(page, asked);
}

/* How many postings cost as much as an issue of the list. */
#define POSTINGS_WORTH 20

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
