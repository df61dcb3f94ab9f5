#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Unicode: normal form, invisible characters, case folding, word boundaries.
 * All texts are well-formed UTF-8 and end with NUL.
 *
 * The properties come from GNU libunistring. libcurl loads it into every
 * process anyway (through libidn2), so it costs 60 kB and 0.5 ms a process,
 * where ICU costs 770 kB and 3 ms. It keeps no state. */

/* The text as Docket stores it, in the arena: in NFC, without control
 * characters (C0, DEL, C1) and direction marks (Bidi_Control), and without
 * invisible characters at both ends. With `lines`, tabs and line ends (as LF)
 * stay; without it, each becomes a space. "" if nothing of the text is visible.
 * A second call changes nothing. */
char *text_clean(struct arena *a, const char *s, bool lines);

/* Whether any of it is visible: not white space, zero-width characters,
 * fillers, variation selectors and the like. */
bool text_is_visible(const char *s);

/* Splits a text into the words that the search knows: at the word boundaries of
 * UAX #29, and at the punctuation that these leave inside words (L'eau,
 * docket.conf, snake_case). The words are folded, so that case, width,
 * ligatures, accents and ignorable characters make no difference. ß becomes ss,
 * every dash '-', and digits of any script 0 to 9. */
struct word_walk {
	const char *text;   /* folded */
	const char *breaks; /* 1 at each byte where a word may begin; NULL: the
			       text is ASCII, and isalnum() decides */
	size_t n, at;
};

struct text_word {
	const char *s; /* in the folded text, not terminated */
	size_t n;      /* bytes */
	bool unspaced; /* of a script without spaces between words (Han, kana,
			  Thai, …): a run of words, of any length */
};

void word_walk_begin(struct word_walk *w, struct arena *a, const char *s);

/* Reads the next word; false at the end. */
bool word_walk_next(struct text_word *out, struct word_walk *w);

#endif
