#ifndef DESK_ISSUE_QUERY_H
#define DESK_ISSUE_QUERY_H

#include "db/db.h"
#include "desk/issue.h"
#include "desk/search_index.h"

/* The statements of lists; for issue_list.c and issue_list_search.c only. */

/* What a list walks along, in the order of an index, or, for WALK_IDS, given
 * ids in any order. From WALK_INDEX on: the index of a criterion. */
enum query_walk { WALK_ORGANIZATION, WALK_RAISER, WALK_IDS, WALK_INDEX };

/* What is asked of a walk: rows as they come; rows of which the ids are found
 * first, so that what is skipped or sorted is not joined; how many; the place
 * where a stretch of it ends; the ids that its index alone tells, in any or in
 * its order; or the ids of all that it finds, in order, and which of them are
 * behind the cursor. SHAPE_PAGE is no walk: the rows of ids, which are its only
 * argument. */
enum query_shape {
	SHAPE_ROWS,
	SHAPE_IDS,
	SHAPE_COUNT,
	SHAPE_END,
	SHAPE_INDEX,
	SHAPE_WALK,
	SHAPE_FOUND,
	SHAPE_PAGE
};

/* Which total each row tells. */
enum query_total {
	TOTAL_NONE,
	TOTAL_ALL,
	TOTAL_OF_STATUS,
	TOTAL_OF_CELLS,
	TOTAL_OF_RAISER,
	TOTAL_OF_RAISER_STATUS
};

/* Which statement: all that its text follows from. */
struct query_variant {
	enum query_walk walk;
	enum issue_order order;
	bool descending;
	enum query_shape shape;
	bool behind; /* a cursor */
	bool until;  /* the end of a stretch */
	bool joined; /* with the organization, which the actor does not know */
	bool public; /* not by words that only staff may find */
	enum query_total total;
	uint32_t criteria; /* bits */
	size_t words;
	/* of each word: how many spellings are looked for; 0: all that begin
	 * as it does */
	unsigned char spelled[SEARCH_WORDS_MAX];
};

/* The parts of a statement that take arguments, in the order in which they
 * stand in it. Each criterion is a part of its own. */
enum query_part {
	PART_PASSED, /* the cursor of SHAPE_FOUND */
	PART_TOTAL,
	PART_WALK,
	PART_CRITERIA,
	PART_WORDS = PART_CRITERIA + CRITERIA,
	PART_PLACES, /* a cursor, the end of a stretch */
	PART_PAGE    /* limit, offset */
};

/* All words of the index that a word of a search is the beginning of, if they
 * are few enough; n 0: they are not, or not known. */
#define SPELLINGS 4
struct spellings {
	const char *list[SPELLINGS];
	size_t n;
};

/* At most: the total's and the walk's; one for each criterion; the spellings of
 * each word, and how older versions have it; eight for each place; limit and
 * offset. */
#define QUERY_ARGS                         \
	(1 + 2 * CRITERIA + 2 + CRITERIA + \
	 (SPELLINGS + 1) * SEARCH_WORDS_MAX + 2 * 8 + 2)

/* Ids of issues, ascending, each once; in the arena. */
struct id_set {
	int64_t *list;
	size_t n, room;
};

/* The query of one list. */
struct issue_query {
	struct ctx *c;
	const struct actor *who;
	struct issue_filter filter;
	struct query_variant variant;
	const struct search_pattern *words;
	const struct spellings *spelled; /* of each word; or NULL */
	size_t n_words;
	const char *ids; /* JSON: WALK_IDS along these; or NULL */
	bool few;	 /* are found: these are sorted, any index will do */
	struct issue_cursor end; /* of the stretch; id 0: of the list */
	struct arg args[QUERY_ARGS];
	unsigned parts[QUERY_ARGS]; /* which each belongs to, in their order */
	size_t n;
};

/* Chooses the walk and pushes the arguments of all that narrows the list. Takes
 * c, who, filter and words. */
void query_prepare(struct issue_query *q);

/* The same for the statement that finds the end of a stretch of the walk of
 * `list`: of all issues along it, whatever words they have. */
void query_prepare_end(struct issue_query *q, const struct issue_query *list);

/* The same for SHAPE_INDEX along the narrowest index, and for SHAPE_WALK: with
 * the criteria that the index tells. */
void query_prepare_index(struct issue_query *q);
void query_prepare_walk(struct issue_query *q);

/* Pushes where the page may go: from the cursor to the end of the stretch. */
void query_push_places(struct issue_query *q);

/* Pushes the cursor for SHAPE_FOUND. */
void query_push_passed(struct issue_query *q);

/* Pushes an argument of a part, behind those that the part has; the order in
 * which parts are pushed does not matter. */
void query_push(struct issue_query *q, unsigned part, struct arg a);

/* Whether the filter narrows by the criterion. */
bool query_is_narrowed_by(const struct issue_query *q, enum criterion k);

/* Whether the list is narrowed, and in an order that the indexes of criteria do
 * not yield: if few issues are found, sorting them costs less than walking
 * along the order past all others. */
bool query_may_find_few(const struct issue_query *q);

/* The narrowest index to walk that also yields the order, unless `few`. */
enum query_walk query_choose_walk(const struct issue_query *q);

/* Whether the filter has a criterion with an index. */
bool query_has_index(const struct issue_query *q);

/* The criterion of the index that is walked, or CRITERIA. */
enum criterion query_walk_criterion(enum query_walk walk);

/* Whether the index that is walked tells if an issue fits the criterion. */
bool query_index_tells(enum query_walk walk, enum criterion k);

/* Chooses how the rows of a page are read, once the criteria are pushed. */
void query_choose_shape(struct issue_query *q);

/* The statement of a variant; the process keeps it. */
struct stmt *query_statement(const struct query_variant *v);

/* Reads a page of a prepared query, without `count` unless the rows tell it; or
 * the page that has those issues. */
enum err query_read_page(struct issue_page *out,
			 struct issue_query *q) MUST_CHECK;
enum err query_read_ids(struct issue_page *out, const struct issue_query *q,
			const struct id_set *ids) MUST_CHECK;

/* A page of a search by staff, in issue_list_search.c. Takes c, who, filter and
 * words; it prepares queries of its own. */
enum err query_search(struct issue_page *page,
		      const struct issue_query *asked) MUST_CHECK;

/* Whether the word (a pattern) had at least that many postings in the actor's
 * organization when this process looked less than a minute ago; and notes that
 * it has. The same for the number of issues that have it, if that is COUNT_CAP
 * or more. */
bool common_word_known(const struct issue_query *q, const char *word,
		       int64_t least);
void common_word_note(const struct issue_query *q, const char *word,
		      int64_t least);
bool common_word_capped(const struct issue_query *q, const char *word);
void common_word_note_capped(const struct issue_query *q, const char *word);

/* The place of an issue in a list in that order. */
void issue_place(struct issue_cursor *out, const struct issue *i,
		 enum issue_order order);

#endif
