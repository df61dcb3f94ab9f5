#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* What Unicode knows about text: normal form, what shows nothing, how letters
 * fold, where words begin. All texts are well-formed UTF-8 and end with NUL.
 *
 * The properties come from GNU libunistring. libcurl has it in every process
 * already (by way of libidn2), so that it takes 60 kB and 0.5 ms for each,
 * where ICU takes 770 kB and 3 ms. It keeps no state. */

/* The text as Docket keeps it, in the arena: in NFC, without control
 * characters (C0, DEL, C1) and those that set the direction of writing
 * (Bidi_Control), and trimmed of what shows nothing. With `lines`, tabs stay,
 * and line ends, as LF; without, each becomes a space. "" when nothing of it
 * can be seen. Applied again, it changes nothing. */
char *text_clean(struct arena *a, const char *s, bool lines);

/* Whether a reader sees anything of it: false of white space, zero-width
 * characters, fillers, variation selectors and the like. */
bool text_is_visible(const char *s);

/* The words of a text, as they are searched for: by the word boundaries of
 * UAX #29, and split at the punctuation that these leave inside words (L'eau,
 * docket.conf, snake_case); folded, so that case, width, ligatures, accents and
 * what is ignorable make no difference. ß is ss, dashes are '-', digits of any
 * script are 0 to 9. */
struct word_walk {
	const char *text;   /* folded */
	const char *breaks; /* 1 at each byte where a word may begin; NULL: of
			       ASCII, whose letters and digits say it */
	size_t n, at;
};

struct text_word {
	const char *s; /* in the folded text, not terminated */
	size_t n;      /* bytes */
	bool unspaced; /* of a script that has no spaces between words (Han,
			  kana, Thai, …): a run of words, of any length */
};

void word_walk_begin(struct word_walk *w, struct arena *a, const char *s);

/* The next one; false at the end. */
bool word_walk_next(struct text_word *out, struct word_walk *w);

#endif
