/* The form in which texts are stored (text_clean), and whether anything of a
 * text is visible. ASCII takes a short way. The properties of characters and
 * the normal forms come from libunistring; what is added here are the few
 * characters that its properties do not cover. */
#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "characters.h"

static bool
is_control(ucs4_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Blank by definition, though no property says so: the Braille pattern without
 * dots, the anchors of interlinear annotation, the filler of Khitan, the
 * musical null notehead. */
static bool
is_blank(ucs4_t c)
{
	return c == 0x2800 || (c >= 0xfff9 && c <= 0xfffb) || c == 0x16fe4 ||
	       c == 0x1d159;
}

static bool
shows_nothing(ucs4_t c)
{
	if (c < 0x7f)
		return c <= ' ';
	return is_control(c) || is_blank(c) || uc_is_property_white_space(c) ||
	       uc_is_property_default_ignorable_code_point(c) ||
	       uc_is_property_bidi_control(c) ||
	       uc_is_property_not_a_character(c);
}

bool
text_is_visible(const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	ucs4_t c;
	size_t n;

	for (; (n = character_next(&c, p)) > 0; p += n)
		if (!shows_nothing(c))
			return true;
	return false;
}

/* What a character becomes: line ends and tabs are white space that people
 * type; every other control character is dropped (0). */
static ucs4_t
without_control(ucs4_t c, bool lines)
{
	if (c == '\t')
		return lines ? c : ' ';
	if (c == '\n' || c == '\r' || c == 0x85)
		return lines ? '\n' : ' ';
	if (!lines && (c == '\v' || c == '\f' || c == 0x2028 || c == 0x2029))
		return ' ';
	return is_control(c) || uc_is_property_bidi_control(c) ? 0 : c;
}

static void
drop_controls(struct out *o, const char *s, bool lines)
{
	const uint8_t *p = (const uint8_t *)s;
	ucs4_t c;
	size_t n;

	for (; (n = character_next(&c, p)) > 0; p += n) {
		if (c == '\r' && p[1] == '\n')
			continue; /* one line end */
		c = without_control(c, lines);
		if (c)
			character_put(o, c);
	}
	o->s[o->n] = '\0';
}

/* Moves what the library has allocated into the arena. */
char *
text_keep(struct arena *a, uint8_t *s, size_t n)
{
	char *copy;

	if (!s)
		abort(); /* out of memory: the text is well-formed */
	copy = arena_memdup(a, s, n);
	free(s);
	return copy;
}

char *
text_normalized(struct arena *a, uninorm_t form, const char *s)
{
	size_t n;
	uint8_t *t =
	    u8_normalize(form, (const uint8_t *)s, strlen(s), NULL, &n);

	return text_keep(a, t, n);
}

/* Skips the invisible characters that belong to the visible one before them:
 * the variation selector of an emoji, the tags of a flag. */
static const uint8_t *
behind_extenders(const uint8_t *p)
{
	ucs4_t c;
	size_t n;

	while ((n = character_next(&c, p)) > 0 &&
	       uc_is_property_default_ignorable_code_point(c) &&
	       uc_is_property_grapheme_extend(c))
		p += n;
	return p;
}

static char *
trimmed(struct arena *a, const char *s)
{
	const uint8_t *p = (const uint8_t *)s, *start = NULL, *end = p;
	ucs4_t c;
	size_t n;

	for (; (n = character_next(&c, p)) > 0; p += n) {
		if (shows_nothing(c))
			continue;
		if (!start)
			start = p;
		end = p + n;
	}
	if (!start)
		return arena_strdup(a, "");
	end = behind_extenders(end);
	return arena_memdup(a, start, (size_t)(end - start));
}

char *
text_clean(struct arena *a, const char *s, bool lines)
{
	struct out o = {arena_alloc(a, strlen(s) + 4), 0};

	drop_controls(&o, s, lines);
	s = (const char *)o.s;
	if (!text_is_ascii(s))
		s = text_normalized(a, UNINORM_NFC, s);
	return trimmed(a, s);
}
