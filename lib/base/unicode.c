/* What Docket needs of Unicode: the form in which texts are stored
 * (text_clean), whether anything of a text is visible, and the words that the
 * search knows. ASCII takes a short way through most of it. The properties of
 * characters and the normal forms come from libunistring; what is added here
 * are the few characters that its properties do not cover, and letters that
 * people type without their stroke. */
#include "base/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwbrk.h>

#include "base/arena.h"

/* A text under construction, which grows by whole characters. */
struct out {
	uint8_t *s;
	size_t n;
};

static void
put_character(struct out *o, ucs4_t c)
{
	o->n += (size_t)u8_uctomb(o->s + o->n, c, 4);
}

/* Reads the character at s; returns its length in bytes, 0 at the end. */
static size_t
next_char(ucs4_t *c, const uint8_t *s)
{
	return *s ? (size_t)u8_mbtouc_unsafe(c, s, 4) : 0;
}

static bool
text_is_ascii(const char *s)
{
	while (*s && !((unsigned char)*s & 0x80))
		s++;
	return !*s;
}

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

	for (; (n = next_char(&c, p)) > 0; p += n)
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

	for (; (n = next_char(&c, p)) > 0; p += n) {
		if (c == '\r' && p[1] == '\n')
			continue; /* one line end */
		c = without_control(c, lines);
		if (c)
			put_character(o, c);
	}
	o->s[o->n] = '\0';
}

/* Moves what the library has allocated into the arena. */
static char *
keep(struct arena *a, uint8_t *s, size_t n)
{
	char *copy;

	if (!s)
		abort(); /* out of memory: the text is well-formed */
	copy = arena_memdup(a, s, n);
	free(s);
	return copy;
}

static char *
normalized(struct arena *a, uninorm_t form, const char *s)
{
	size_t n;
	uint8_t *t =
	    u8_normalize(form, (const uint8_t *)s, strlen(s), NULL, &n);

	return keep(a, t, n);
}

/* Skips the invisible characters that belong to the visible one before them:
 * the variation selector of an emoji, the tags of a flag. */
static const uint8_t *
behind_extenders(const uint8_t *p)
{
	ucs4_t c;
	size_t n;

	while ((n = next_char(&c, p)) > 0 &&
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

	for (; (n = next_char(&c, p)) > 0; p += n) {
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
		s = normalized(a, UNINORM_NFC, s);
	return trimmed(a, s);
}

/* Letters that Unicode does not decompose, but that people also type without
 * their stroke, and ligatures that count as letters. */
static const struct {
	ucs4_t letter;
	const char *plain;
} plain_letters[] = {
    {0xe6, "ae"}, {0xf0, "d"},	{0xf8, "o"},  {0xfe, "th"},  {0x111, "d"},
    {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"},
};

static bool
put_plain(struct out *o, ucs4_t c)
{
	if (c > 0x167)
		return false;
	for (size_t i = 0; i < sizeof(plain_letters) / sizeof(*plain_letters);
	     i++) {
		if (plain_letters[i].letter != c)
			continue;
		for (const char *s = plain_letters[i].plain; *s; s++)
			put_character(o, (ucs4_t)*s);
		return true;
	}
	return false;
}

/* Accents, and the points of Hebrew and Arabic. Not the vowel signs of other
 * scripts, nor the mark that makes が of か. */
static bool
is_accent(ucs4_t c)
{
	const int class = uc_combining_class(c);

	return class == 1 || (class >= 10 && class <= 36) || class >= 200;
}

static bool
is_category(ucs4_t c, uint32_t mask)
{
	return uc_is_general_category_withtable(c, mask);
}

static bool
makes_no_difference(ucs4_t c)
{
	const ucs4_t tatweel = 0x640; /* stretches a word of Arabic */

	return is_accent(c) || c == tatweel ||
	       uc_is_property_default_ignorable_code_point(c);
}

/* Adds one decomposed, case-folded character in the form for the search. */
static void
put_folded(struct out *o, ucs4_t c)
{
	const ucs4_t zero_width_space = 0x200b;

	if (c == zero_width_space)
		put_character(o, ' ');
	else if (makes_no_difference(c) || put_plain(o, c))
		return;
	else if (uc_decimal_value(c) >= 0)
		put_character(o, (ucs4_t)('0' + uc_decimal_value(c)));
	else
		put_character(o, is_category(c, UC_CATEGORY_MASK_Pd) ? '-' : c);
}

static char *
case_folded(struct arena *a, const char *s)
{
	size_t n;
	uint8_t *t =
	    u8_casefold((const uint8_t *)s, strlen(s), NULL, NULL, NULL, &n);

	return keep(a, t, n);
}

static char *
folded(struct arena *a, const char *s)
{
	const char *plain = case_folded(a, normalized(a, UNINORM_NFKD, s));
	const uint8_t *p;
	struct out o = {0};
	ucs4_t c;
	size_t n;

	plain = normalized(a, UNINORM_NFKD, plain);
	o.s = arena_alloc(a, strlen(plain) + 4);
	for (p = (const uint8_t *)plain; (n = next_char(&c, p)) > 0; p += n)
		put_folded(&o, c);
	o.s[o.n] = '\0';
	return normalized(a, UNINORM_NFC, (const char *)o.s);
}

static char *
lower_ascii(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

void
word_walk_begin(struct word_walk *w, struct arena *a, const char *s)
{
	char *breaks;

	*w = (struct word_walk){0};
	if (text_is_ascii(s)) {
		w->text = lower_ascii(a, s);
		w->n = strlen(s);
		return;
	}
	w->text = folded(a, s);
	w->n = strlen(w->text);
	breaks = arena_alloc(a, w->n + 1);
	u8_wordbreaks((const uint8_t *)w->text, w->n, breaks);
	w->breaks = breaks;
}

/* Letters, digits, and signs that readers take for a word, such as emoji. */
static bool
is_word_character(ucs4_t c)
{
	if (c < 0x80)
		return isalnum((int)c);
	return uc_is_property_alphabetic(c) ||
	       is_category(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
				  UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_So);
}

static bool
is_unspaced(ucs4_t c)
{
	static const char *const scripts[] = {
	    "Han",     "Hiragana", "Katakana", "Bopomofo",
	    "Yi",      "Thai",	   "Lao",      "Khmer",
	    "Myanmar", "Tai_Le",   "Tai_Viet", "Tai_Tham",
	    "Tangut",  "Nushu",	   "Tibetan",  "New_Tai_Lue"};
	const uc_script_t *script;

	if (c < 0xe00) /* all these scripts come later */
		return false;
	if (uc_wordbreak_property(c) == WBP_KATAKANA)
		return true; /* also ー, which belongs to no script */
	script = uc_script(c);
	for (size_t i = 0; script && i < sizeof(scripts) / sizeof(*scripts);
	     i++)
		if (strcmp(script->name, scripts[i]) == 0)
			return true;
	return false;
}

/* Whether the current word continues with the character at `at`. */
static bool
word_continues(const struct word_walk *w, size_t at, ucs4_t c, bool unspaced)
{
	if (!is_word_character(c))
		return false;
	if (c >= 0x80 && is_category(c, UC_CATEGORY_MASK_M))
		return true;
	if (is_unspaced(c) != unspaced)
		return false;
	return unspaced || !w->breaks || !w->breaks[at];
}

bool
word_walk_next(struct text_word *out, struct word_walk *w)
{
	const uint8_t *s = (const uint8_t *)w->text;
	ucs4_t c = 0;
	size_t n;

	while ((n = next_char(&c, s + w->at)) > 0 && !is_word_character(c))
		w->at += n;
	if (!n)
		return false;
	out->s = w->text + w->at;
	out->unspaced = is_unspaced(c);
	do
		w->at += n;
	while ((n = next_char(&c, s + w->at)) > 0 &&
	       word_continues(w, w->at, c, out->unspaced));
	out->n = (size_t)(w->text + w->at - out->s);
	return true;
}
