#ifndef DESK_SEARCH_INDEX_H
#define DESK_SEARCH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct comment;
struct issue;

/* The search index behind `search=` (table search_word): the words of an
 * issue's number, title, description and public comments and, for staff alone,
 * those of internal comments and of the customer's name and address.
 * base/unicode.h splits and folds words. In scripts without spaces, a run of
 * characters is indexed as its overlapping pairs. */

#define WORD_MAX	 40   /* characters of a word that are indexed */
#define WORDS_MAX	 4000 /* words of one text that are indexed */
#define SEARCH_WORDS_MAX 4    /* of one query; further ones are ignored */

/* Words to be added to the index: of any number of issues and comments, in one
 * statement if they are not very many. */
struct search_words;
struct search_words *search_words_new(struct ctx *c);

/* The words of a new issue. Its number ("ISS-2026-0037") is one word, and its
 * last part another one. Its raiser_name and raiser_email are those of the
 * customer, or NULL without one. */
void search_words_of_issue(struct search_words *w, const struct issue *i);

/* Those of number, title and description alone. */
void search_words_of_texts(struct search_words *w, const struct issue *i);

/* Those of a comment: reads its id, issue_id, content and is_internal. */
void search_words_of_comment(struct search_words *w, int64_t organization_id,
			     const struct comment *m);

/* Inside a transaction that locks the issues (lib/events): adds the words,
 * those that are there already included. */
enum err search_words_write(struct ctx *c, struct search_words *w) MUST_CHECK;

/* Inside such a transaction: removes the words of an issue and its comments; of
 * its number, title and description; of a comment. */
enum err search_forget_issue(struct ctx *c, int64_t issue_id) MUST_CHECK;
enum err search_forget_texts(struct ctx *c, int64_t issue_id) MUST_CHECK;
enum err search_forget_comment(struct ctx *c,
			       const struct comment *m) MUST_CHECK;

/* Not inside a transaction, or in that of the change: */

/* Schedules the issues of a person whose name or address has changed to be
 * indexed again in the background. */
enum err search_person_changed(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Schedules all issues to be indexed again. */
enum err search_all_changed(struct ctx *c) MUST_CHECK;

/* Indexes again a batch of the issues in table issue_word: those of
 * search_person_changed(), and those that an older version has indexed, which
 * are found by their rows there until then. Several daemons may do this at
 * once, and one that is killed leaves its issues to the next. *more: there may
 * be others. */
enum err search_catch_up(bool *more, struct ctx *c) MUST_CHECK;

/* A word of a query, as patterns of LIKE: one for search_word ("late%"), and
 * one for issue_word, where older versions have not split runs into pairs:
 * there, the pairs after the first one match everything. */
struct search_pattern {
	const char *now, *before;
};

/* The words of a query, at most SEARCH_WORDS_MAX; returns how many. "2026-0037"
 * is taken for the end of an issue number, and its year is left out. */
size_t search_patterns(struct search_pattern out[SEARCH_WORDS_MAX],
		       struct ctx *c, const char *query);

#endif
