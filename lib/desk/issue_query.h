#ifndef DESK_ISSUE_QUERY_H
#define DESK_ISSUE_QUERY_H

#include "db/db.h"
#include "desk/issue.h"
#include "desk/search_index.h"

/* The statements of lists; for issue_list.c and issue_list_search.c only. */

/* What a list walks along, in the order of an index: WALK_WORD the postings of
 * a word, WALK_SPAN those of several words between two ids. From WALK_INDEX on:
 * the index of a criterion. */
enum query_walk {
	WALK_ORGANIZATION,
	WALK_RAISER,
	WALK_WORD,
	WALK_SPAN,
	WALK_INDEX
};

/* What is asked of a walk: rows as they come; rows of which the ids are found
 * first, so that what is skipped or sorted is not joined; how many; the place
 * where a stretch of it ends; its least and greatest id; or the ids of all that
 * it finds, in order, and which of them are behind the cursor. SHAPE_PAGE is no
 * walk: the rows of ids, which are its only argument. */
enum query_shape {
	SHAPE_ROWS,
	SHAPE_IDS,
	SHAPE_COUNT,
	SHAPE_END,
	SHAPE_SPAN,
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
	size_t words;	   /* beside those that are walked along */
	size_t spans;	   /* of WALK_SPAN: how many are */
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

/* At most: the total's and the walk's; two for each word, or those of its span;
 * eight for each place; limit and offset. */
#define QUERY_ARGS                                                        \
	(1 + 2 * CRITERIA + 5 + CRITERIA + SPAN_ARGS * SEARCH_WORDS_MAX + \
	 2 * 8 + 2)

/* All words of the index that a word of a search is the beginning of, if they
 * are few enough; n 0: they are not. */
#define SPELLINGS 8
#define SPAN_ARGS (1 + SPELLINGS + 2 + 2)
struct spellings {
	const char *list[SPELLINGS];
	size_t n;
};

/* The query of one list. */
struct issue_query {
	struct ctx *c;
	const struct actor *who;
	struct issue_filter filter;
	struct query_variant variant;
	const struct search_pattern *words;
	size_t n_words;
	const struct search_pattern *rare; /* that to walk along, or NULL */
	const struct spellings *spelled;   /* of each word, for WALK_SPAN */
	int64_t least_id, greatest_id;	   /* WALK_SPAN; 0: not that */
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

/* Pushes where the page may go: from the cursor to the end of the stretch. */
void query_push_places(struct issue_query *q);

/* Pushes the cursor for SHAPE_FOUND. */
void query_push_passed(struct issue_query *q);

/* Pushes an argument of a part, behind those that the part has; the order in
 * which parts are pushed does not matter. */
void query_push(struct issue_query *q, unsigned part, struct arg a);

/* Whether the filter narrows by the criterion. */
bool query_is_narrowed_by(const struct issue_query *q, enum criterion k);

/* The narrowest index to walk that also yields the order. */
enum query_walk query_choose_walk(const struct issue_query *q);

/* The criterion of the index that is walked, or CRITERIA. */
enum criterion query_walk_criterion(enum query_walk walk);

/* Chooses how the rows of a page are read, once the criteria are pushed. */
void query_choose_shape(struct issue_query *q);

/* The statement of a variant; the process keeps it. */
struct stmt *query_statement(const struct query_variant *v);

/* Reads a page of a prepared query, without `count` unless the rows tell it; or
 * the page that has those issues. */
enum err query_read_page(struct issue_page *out,
			 struct issue_query *q) MUST_CHECK;
enum err query_read_ids(struct issue_page *out, const struct issue_query *q,
			const int64_t *ids, size_t n) MUST_CHECK;

/* A page of a search by staff, in issue_list_search.c. Takes c, who, filter and
 * words; it prepares queries of its own. */
enum err query_search(struct issue_page *page,
		      const struct issue_query *asked) MUST_CHECK;

/* Whether COUNT_CAP issues or more of the actor's organization had the word (a
 * pattern) when this process counted them less than a minute ago; and notes
 * that they do. */
bool common_word_known(const struct issue_query *q, const char *word);
void common_word_note(const struct issue_query *q, const char *word);

/* The place of an issue in a list in that order. */
void issue_place(struct issue_cursor *out, const struct issue *i,
		 enum issue_order order);

#endif
