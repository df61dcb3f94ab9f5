/* Makes patterns of the words of a query; issue_list_search.c looks for them in
 * the search index. */

#include <string.h>

#include "base/arena.h"
#include "desk/search_index.h"
#include "search_split.h"

/* Whether a word and the text after it are the end of an issue number
 * ("2026-0037"). Then the word is its year, which is not indexed. */
static bool
is_year_of_number(const struct text_word *word, const char *rest)
{
	static const char digits[] = "0123456789";

	return word->n == 4 && strspn(word->s, digits) == 4 && *rest == '-' &&
	       strspn(rest + 1, digits) >= 4;
}

static char *
pattern(struct arena *a, const char *s, size_t n)
{
	return arena_printf(a, "%.*s%%", (int)n, s);
}

/* Adds the pairs of a run, as the index has them; returns how many. */
static size_t
add_pairs(struct search_pattern *out, size_t max, struct arena *a,
	  const struct text_word *word)
{
	const char *s = word->s, *end = s + word->n;
	size_t n = 0;

	for (; n < max && s < end; s = search_char_end(s)) {
		if (n > 0 && search_char_end(s) == end)
			break; /* the last character is in the pair before */
		out[n].now =
		    pattern(a, s, (size_t)(search_pair_end(s, end) - s));
		out[n].before = n ? "%" : out[n].now;
		n++;
	}
	return n;
}

size_t
search_patterns(struct search_pattern out[SEARCH_WORDS_MAX], struct ctx *c,
		const char *query)
{
	struct word_walk walk;
	struct text_word word;
	size_t n = 0;

	word_walk_begin(&walk, c->arena, query);
	while (n < SEARCH_WORDS_MAX && search_word_next(&word, &walk)) {
		if (word.unspaced) {
			n += add_pairs(out + n, SEARCH_WORDS_MAX - n, c->arena,
				       &word);
		} else if (!is_year_of_number(&word, walk.text + walk.at)) {
			out[n].now = out[n].before = pattern(
			    c->arena, word.s, search_word_length(&word));
			n++;
		}
	}
	return n;
}
