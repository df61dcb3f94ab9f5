#ifndef BASE_CHARACTERS_H
#define BASE_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwbrk.h>

/* Characters of texts; for unicode.c and word_walk.c only, which alone know
 * libunistring. */

struct arena;

/* A text under construction, which grows by whole characters. */
struct out {
	uint8_t *s;
	size_t n;
};

/* There must be room for it. */
static inline void
character_put(struct out *o, ucs4_t c)
{
	o->n += (size_t)u8_uctomb(o->s + o->n, c, 4);
}

/* Reads the character at s; returns its length in bytes, 0 at the end. */
static inline size_t
character_next(ucs4_t *c, const uint8_t *s)
{
	return *s ? (size_t)u8_mbtouc_unsafe(c, s, 4) : 0;
}

static inline bool
text_is_ascii(const char *s)
{
	while (*s && !((unsigned char)*s & 0x80))
		s++;
	return !*s;
}

/* Moves what the library has allocated into the arena. */
char *text_keep(struct arena *a, uint8_t *s, size_t n);

char *text_normalized(struct arena *a, uninorm_t form, const char *s);

#endif
