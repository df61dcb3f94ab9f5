#ifndef DESK_ISSUE_QUERY_H
#define DESK_ISSUE_QUERY_H

#include "db/db.h"
#include "desk/issue.h"
#include "desk/search_index.h"

/* The statements of lists; for issue_list.c and issue_list_search.c only. */

/* What a list walks along, in the order of an index. From WALK_INDEX on: the
 * index of a criterion. */
enum query_walk { WALK_ORGANIZATION, WALK_RAISER, WALK_WORD, WALK_INDEX };

/* What is asked of a walk: rows as they come; rows of which the ids are found
 * first, so that what is skipped or sorted is not joined; how many; or the
 * place where a stretch of it ends. */
enum query_shape { SHAPE_ROWS, SHAPE_IDS, SHAPE_COUNT, SHAPE_END };

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
	size_t words;	   /* beside the one that is walked along */
};

/* The parts of a statement that take arguments, in the order in which they
 * stand in it. Each criterion is a part of its own. */
enum query_part {
	PART_TOTAL,
	PART_WALK,
	PART_CRITERIA,
	PART_WORDS = PART_CRITERIA + CRITERIA,
	PART_PLACES, /* a cursor, the end of a stretch */
	PART_PAGE    /* limit, offset */
};

/* At most: the total's and the walk's; two for each word; eight for each
 * place; limit and offset. */
#define QUERY_ARGS \
	(1 + 2 * CRITERIA + 5 + CRITERIA + 2 * SEARCH_WORDS_MAX + 2 * 8 + 2)

/* The query of one list. */
struct issue_query {
	struct ctx *c;
	const struct actor *who;
	struct issue_filter filter;
	struct query_variant variant;
	struct search_pattern words[SEARCH_WORDS_MAX];
	size_t n_words;
	const struct search_pattern *rare; /* the word to walk along */
	struct issue_cursor end; /* of the stretch; id 0: of the list */
	struct arg args[QUERY_ARGS];
	unsigned parts[QUERY_ARGS]; /* which each belongs to, in their order */
	size_t n;
};

/* Chooses the walk and pushes the arguments of all that narrows the list. Takes
 * c, who, filter and words. */
void query_prepare(struct issue_query *q);

/* The same for the statement that finds the end of a stretch: of all issues of
 * the organization, whatever words they have. */
void query_prepare_end(struct issue_query *q, enum issue_order order);

/* Pushes where the page may go: from the cursor to the end of the stretch. */
void query_push_places(struct issue_query *q);

/* Pushes an argument of a part, behind those that the part has; the order in
 * which parts are pushed does not matter. */
void query_push(struct issue_query *q, unsigned part, struct arg a);

/* Whether the filter narrows by the criterion. */
bool query_is_narrowed_by(const struct issue_query *q, enum criterion k);

/* The narrowest index to walk that also yields the order. */
enum query_walk query_choose_walk(const struct issue_query *q);

/* Chooses how the rows of a page are read, once the criteria are pushed. */
void query_choose_shape(struct issue_query *q);

/* The statement of a variant; the process keeps it. */
struct stmt *query_statement(const struct query_variant *v);

/* Searches, in issue_list_search.c. */

/* Sets q->rare to the word that fewest issues have, if few enough do. */
enum err query_find_rare_word(struct issue_query *q) MUST_CHECK;

/* True when the search is for common words only, which may seldom meet. */
bool query_is_stretched(const struct issue_query *q);

/* Of such a search: the place where the stretch that a page may look through
 * ends, and how many there are. */
enum err query_find_end(struct issue_query *q) MUST_CHECK;
enum err query_count_common(struct issue_page *page,
			    struct issue_query *q) MUST_CHECK;

/* The place of an issue in a list in that order. */
void issue_place(struct issue_cursor *out, const struct issue *i,
		 enum issue_order order);

#endif
