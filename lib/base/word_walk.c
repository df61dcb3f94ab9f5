/* The words that the search knows: a text is folded (case, width, accents),
 * then divided by Unicode's word breaks (UAX 29) and where a script without
 * spaces begins or ends. The properties and breaks come from libunistring; what
 * is added here are letters that people type without their stroke. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/unicode.h"
#include "characters.h"

/* --- folding ------------------------------------------------------------- */

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
			character_put(o, (ucs4_t)*s);
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
		character_put(o, ' ');
	else if (makes_no_difference(c) || put_plain(o, c))
		return;
	else if (uc_decimal_value(c) >= 0)
		character_put(o, (ucs4_t)('0' + uc_decimal_value(c)));
	else
		character_put(o, is_category(c, UC_CATEGORY_MASK_Pd) ? '-' : c);
}

static char *
case_folded(struct arena *a, const char *s)
{
	size_t n;
	uint8_t *t =
	    u8_casefold((const uint8_t *)s, strlen(s), NULL, NULL, NULL, &n);

	return text_keep(a, t, n);
}

static char *
folded(struct arena *a, const char *s)
{
	const char *plain = case_folded(a, text_normalized(a, UNINORM_NFKD, s));
	const uint8_t *p;
	struct out o = {0};
	ucs4_t c;
	size_t n;

	plain = text_normalized(a, UNINORM_NFKD, plain);
	o.s = arena_alloc(a, strlen(plain) + 4);
	for (p = (const uint8_t *)plain; (n = character_next(&c, p)) > 0;
	     p += n)
		put_folded(&o, c);
	o.s[o.n] = '\0';
	return text_normalized(a, UNINORM_NFC, (const char *)o.s);
}

static char *
lower_ascii(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

/* --- words --------------------------------------------------------------- */

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

	while ((n = character_next(&c, s + w->at)) > 0 && !is_word_character(c))
		w->at += n;
	if (!n)
		return false;
	out->s = w->text + w->at;
	out->unspaced = is_unspaced(c);
	do
		w->at += n;
	while ((n = character_next(&c, s + w->at)) > 0 &&
	       word_continues(w, w->at, c, out->unspaced));
	out->n = (size_t)(w->text + w->at - out->s);
	return true;
}
