/* Divides a text into the words of the search index. Texts and queries must be
 * divided in the same way, so both use this. */

#include "search_split.h"

#include <ctype.h>
#include <string.h>

#include "desk/search_index.h"

const char *
search_char_end(const char *s)
{
	do
		s++;
	while (((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

size_t
search_word_length(const struct text_word *w)
{
	const char *s = w->s;

	for (size_t n = 0; n < WORD_MAX && s < w->s + w->n; n++)
		s = search_char_end(s);
	return (size_t)(s - w->s);
}

const char *
search_pair_end(const char *s, const char *end)
{
	s = search_char_end(s);
	return s < end ? search_char_end(s) : end;
}

/* Makes an issue number, or the beginning of one, a single word: most of its
 * parts appear in every other number as well. */
static void
join_number(struct text_word *word, struct word_walk *w)
{
	if (word->n != 3 || memcmp(word->s, "iss", 3) != 0)
		return;
	while (w->text[w->at] == '-' &&
	       isdigit((unsigned char)w->text[w->at + 1]))
		for (w->at++; isalnum((unsigned char)w->text[w->at]); w->at++)
			word->n = (size_t)(w->text + w->at + 1 - word->s);
}

bool
search_word_next(struct text_word *out, struct word_walk *w)
{
	if (!word_walk_next(out, w))
		return false;
	join_number(out, w);
	return true;
}
