#ifndef DESK_SEARCH_SPLIT_H
#define DESK_SEARCH_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/unicode.h"

/* How a text or a query is divided into the words of the search index; for
 * search_index.c and search_query.c only. */

/* The next word of a walk that word_walk_begin() began: an issue number, or the
 * beginning of one ("iss-2026-00"), is a single word. False at the end. */
bool search_word_next(struct text_word *out, struct word_walk *w);

/* How many bytes of a word are indexed: its first WORD_MAX characters. */
size_t search_word_length(const struct text_word *w);

/* A word of a script without spaces is indexed as its overlapping pairs of
 * characters. The end of the character at s, and of the pair at s, which is a
 * single character at the end of the word. */
const char *search_char_end(const char *s);
const char *search_pair_end(const char *s, const char *end);

#endif
