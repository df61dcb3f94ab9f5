#ifndef DESK_SEARCH_INDEX_H
#define DESK_SEARCH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct comment;
struct issue;

/* The search index behind `search=` (table search_word): which words are in
 * an issue's number, title, description and public comments, and for staff
 * alone those of internal notes and of the customer's name and address.
 * Words are split and folded by unicode.h. Of scripts without spaces, a run
 * is kept as its overlapping pairs of characters. All of these functions but
 * the last two run inside the transaction that changes the text. */

#define WORD_MAX	 40   /* characters of a word that count */
#define WORDS_MAX	 4000 /* words of one text that count */
#define SEARCH_WORDS_MAX 4    /* of one query; further ones are ignored */

/* Of a new issue. Its number ("ISS-2026-0037") is a word, and so is what it
 * ends with. Of its customer: raiser_name and raiser_email; NULL: none. */
enum err search_index_issue(struct ctx *c, const struct issue *i) MUST_CHECK;

/* After its title or description has changed. */
enum err search_reindex_issue(struct ctx *c, const struct issue *i) MUST_CHECK;

/* Of a deleted issue, all of them. */
enum err search_forget_issue(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* Of a comment, by its id, issue_id, content and is_internal: one that is new,
 * was edited (content is the new text), or is withdrawn. */
enum err search_index_comment(struct ctx *c, int64_t organization_id,
			      const struct comment *m) MUST_CHECK;
enum err search_reindex_comment(struct ctx *c, int64_t organization_id,
				const struct comment *m) MUST_CHECK;
enum err search_forget_comment(struct ctx *c,
			       const struct comment *m) MUST_CHECK;

/* After a person's name or address has changed: their issues are indexed again
 * in the background. */
enum err search_person_changed(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Indexes again some of the issues that table issue_word has: those indexed
 * by an older version, which their words there find until then, and those of
 * search_person_changed. Any number of daemons may do that at once; one that
 * is killed leaves the rest to the next. *more: there are more of them. */
enum err search_catch_up(bool *more, struct ctx *c) MUST_CHECK;

/* A word of a query, as patterns of LIKE: of search_word ("late%"), and of the
 * words of older versions, which know no pairs: those behind the first of a
 * run narrow nothing. */
struct search_pattern {
	const char *now, *before;
};

/* Those of a query, at most SEARCH_WORDS_MAX; how many. "2026-0037" is taken
 * for a number that lacks its beginning: its year narrows nothing. */
size_t search_patterns(struct search_pattern out[SEARCH_WORDS_MAX],
		       struct ctx *c, const char *query);

#endif
