#ifndef WORD_H
#define WORD_H

#include <stddef.h>
#include <stdint.h>

#include "ctx.h"

/* The word index behind `search=` (table issue_word). */

#define WORD_MAX	 40   /* characters of a word that count */
#define WORDS_MAX	 1000 /* distinct words of one issue that count */
#define SEARCH_WORDS_MAX 4    /* of one query; further ones are ignored */

/* Inside a transaction: the words of the texts are words of the issue. Its
 * number ("ISS-2026-0037") is one, and so is what it ends with. */
enum err word_index(struct ctx *c, int64_t organization_id, int64_t issue_id,
		    const char *number, const char *title,
		    const char *description) MUST_CHECK;
enum err word_forget(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* The words of a query as patterns of LIKE ("late%"), at most
 * SEARCH_WORDS_MAX; how many. "2026-0037" is taken for a number that lacks its
 * beginning: its year narrows nothing. */
size_t word_patterns(const char *out[SEARCH_WORDS_MAX], struct ctx *c,
		     const char *query);

#endif
