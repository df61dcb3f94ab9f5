#include "base/unicode.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "dispatch.h"
#include "unit/runner.h"
#include "web/input.h"

static struct arena *arena;

static void
setup(void)
{
	arena = arena_new();
}

static void
teardown(void)
{
	arena_free(arena);
}

/* Invisible characters: some of each property, and those that no property has.
 */
static const char *const invisible[] = {
    "",
    " \t\r\n\v\f",
    "\xc2\x85"
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    "\x01\x1f\x7f\xc2\x80\xc2\x9f",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\u2061\u2064",
    "\u00ad",
    "\u034f",
    "\u061c",
    "\u115f",
    "\u1160",
    "\u17b4\u17b5",
    "\u180b\u180e\u180f",
    "\u200e\u200f\u202a\u202e\u2066\u2069",
    "\u206a\u206f",
    "\u2800",
    "\u3164",
    "\ufe00\ufe0f",
    "\ufeff",
    "\uffa0",
    "\ufff9\ufffb",
    "\ufffe\uffff",
    "\U000e0001\U000e0041\U000e007f",
    "\U000e0100\U000e01ef",
    "\U0001d159\U0001d173",
    "\U00016fe4",
};

START_TEST(what_shows_nothing_is_empty)
{
	const char *s = invisible[_i];

	ck_assert(!text_is_visible(s));
	ck_assert_str_eq(text_clean(arena, s, false), "");
	ck_assert_str_eq(text_clean(arena, s, true), "");
}
END_TEST

static const char *const visible[] = {
    "a",      "0",	".",	  "\u0301",	"\u00a9", "\u4e0a", "\u0e01",
    "\u05d0", "\u0627", "\uac00", "\U0001f600", "\u2801", "\ufffd", "\ue000",
};

START_TEST(what_shows_something_stays)
{
	const char *s = visible[_i];

	ck_assert(text_is_visible(s));
	ck_assert_str_eq(text_clean(arena, s, false), s);
}
END_TEST

/* The first five: lines of Unicode's NormalizationTest.txt. */
static const struct {
	const char *sent, *line, *lines;
} cleaned[] = {
    {"\u1e0a\u0323", "\u1e0c\u0307", "\u1e0c\u0307"},
    {"D\u0307\u0323", "\u1e0c\u0307", "\u1e0c\u0307"},
    {"\u212b", "\u00c5", "\u00c5"},
    {"\u1100\u1161\u11a8", "\uac01", "\uac01"},
    {"\u0344", "\u0308\u0301", "\u0308\u0301"},
    {"Gera\u0308t", "Ger\u00e4t", "Ger\u00e4t"},
    {"\ufb01 \uff21 \u00b2", "\ufb01 \uff21 \u00b2", "\ufb01 \uff21 \u00b2"},
    {"  a  b ", "a  b", "a  b"},
    {"a\tb\nc", "a b c", "a\tb\nc"},
    {"a\r\nb\rc\xc2\x85"
     "d",
     "a b c d", "a\nb\nc\nd"},
    {"a\u2028b", "a b", "a\u2028b"},
    {"a\x01\x1b\x7f\xc2\x80z", "az", "az"},
    {"abc\u202edef\u202c", "abcdef", "abcdef"},
    {"\u200bab\u200b\ufeff", "ab", "ab"},
    {"a\u200db", "a\u200db", "a\u200db"},
    {"\u2764\ufe0f", "\u2764\ufe0f", "\u2764\ufe0f"},
    {"\u2764\ufe0f\u200b ", "\u2764\ufe0f", "\u2764\ufe0f"},
    {"\U0001f3f4\U000e0067\U000e0062\U000e007f",
     "\U0001f3f4\U000e0067\U000e0062\U000e007f",
     "\U0001f3f4\U000e0067\U000e0062\U000e007f"},
};

START_TEST(text_is_cleaned)
{
	const char *line = text_clean(arena, cleaned[_i].sent, false);
	const char *lines = text_clean(arena, cleaned[_i].sent, true);

	ck_assert_str_eq(line, cleaned[_i].line);
	ck_assert_str_eq(lines, cleaned[_i].lines);
	ck_assert_str_eq(text_clean(arena, line, false), line);
	ck_assert_str_eq(text_clean(arena, lines, true), lines);
}
END_TEST

/* A text, and its words with '|' after each. */
static const struct {
	const char *text, *words;
} splits[] = {
    {"", ""},
    {" .,-\u2014\u201c\u200b", ""},
    {"The quick brown fox", "the|quick|brown|fox|"},
    {"\u201cprinter\u201d", "printer|"},
    {"L\u2019imprimante", "l|imprimante|"},
    {"l'imprimante", "l|imprimante|"},
    {"login\u2014screen", "login|screen|"},
    {"order\u00a04711", "order|4711|"},
    {"\u00abdevis\u00bb", "devis|"},
    {"docket.conf snake_case 3.14", "docket|conf|snake|case|3|14|"},
    {"ISS\u20112026\uff0d0037", "iss|2026|0037|"},
    {"Gera\u0308t Ger\u00e4t GERAT", "gerat|gerat|gerat|"},
    {"\uff21\uff22\uff23\uff14", "abc4|"},
    {"Stra\u00dfe STRASSE \u1e9e", "strasse|strasse|ss|"},
    {"\ufb01nal o\ufb03ce", "final|office|"},
    {"\u0130stanbul ISPARTA \u0131s\u0131", "istanbul|isparta|isi|"},
    {"\u00d8rsted \u0141\u00f3d\u017a \u00c6sir c\u0153ur",
     "orsted|lodz|aesir|coeur|"},
    {"\u039f\u0394\u039f\u03a3 \u03cc\u03b4\u03bf\u03c2",
     "\u03bf\u03b4\u03bf\u03c3|\u03bf\u03b4\u03bf\u03c3|"},
    {"\u0421\u0447\u0451\u0442", "\u0441\u0447\u0435\u0442|"},
    {"Lie\u00adfer\u200dung", "lieferung|"},
    {"print\u200ber", "print|er|"},
    {"\ud504\ub9b0\ud130 \uc624\ub958", "\ud504\ub9b0\ud130|\uc624\ub958|"},
    {"\u1112\u1161\u11ab", "\ud55c|"},
    {"\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627",
     "\u0645\u0631\u062d\u0628\u0627|"},
    {"\u0623\u0645\u0640\u0640\u0631 \u0664\u0667", "\u0627\u0645\u0631|47|"},
    {"\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd|"},
    {"\u0939\u093f\u0928\u094d\u0926\u0940 \u0926",
     "\u0939\u093f\u0928\u094d\u0926\u0940|\u0926|"},
    {"abc\u4e0a\u6d77de", "abc|\u4e0a\u6d77|de|"},
    {"\u304b\u304c\u30d7\u30ea\u30f3\u30bf\u30fc",
     "\u304b\u304c\u30d7\u30ea\u30f3\u30bf\u30fc|"},
    {"\uff8c\uff9f\uff98\uff9d\uff80\uff70", "\u30d7\u30ea\u30f3\u30bf\u30fc|"},
    {"\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07 ok",
     "\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07|ok|"},
    {"late \U0001f69a!", "late|\U0001f69a|"},
};

START_TEST(text_is_split_into_folded_words)
{
	struct word_walk walk;
	struct text_word word;
	char words[200] = "";

	word_walk_begin(&walk, arena, splits[_i].text);
	while (word_walk_next(&word, &walk)) {
		strncat(words, word.s, word.n);
		strcat(words, "|");
	}
	ck_assert_str_eq(words, splits[_i].words);
}
END_TEST

START_TEST(scripts_without_spaces_are_known)
{
	static const char *const unspaced[] = {
	    "\u4e0a", "\u3005", "\u304b", "\u30ab", "\u30fc",	  "\u3105",
	    "\u0e01", "\u0e81", "\u1780", "\u1000", "\U00020000", "\uf900"};
	static const char *const spaced[] = {"a",      "7",	 "\u00e9",
					     "\u0431", "\u05d0", "\u0627",
					     "\u0905", "\uac00", "\u10d0"};
	struct word_walk walk;
	struct text_word word;

	for (size_t i = 0; i < COUNT(unspaced); i++) {
		word_walk_begin(&walk, arena, unspaced[i]);
		ck_assert(word_walk_next(&word, &walk));
		ck_assert_msg(word.unspaced, "%s", unspaced[i]);
	}
	for (size_t i = 0; i < COUNT(spaced); i++) {
		word_walk_begin(&walk, arena, spaced[i]);
		ck_assert(word_walk_next(&word, &walk));
		ck_assert_msg(!word.unspaced, "%s", spaced[i]);
	}
}
END_TEST

/* Whether the field refuses an invisible text. */
static void
expect_refused(const struct route *r, const struct field *f, const char *text)
{
	const struct field fields[] = {*f, FIELDS_END};
	struct faults faults;
	const struct json *body;
	const char *why;
	struct input in;
	char *s = arena_printf(arena, "{\"%s\":\"%s\"}", f->name, text);

	faults_init(&faults, arena);
	body = json_parse(arena, s, strlen(s), &why);
	ck_assert_msg(body != NULL, "%s", why);
	ck_assert_msg(input_read(&in, arena, fields, body, NULL, &faults) ==
			  ERR_INVALID,
		      "%s takes %s", r->stem, s);
}

/* For every route, so that none is forgotten. */
START_TEST(no_field_takes_an_invisible_text)
{
	size_t n = 0;

	for (const struct route *r = routes; r->pattern; r++) {
		for (const struct field *f = r->fields; f && f->name; f++) {
			if (f->flags & (F_BLANK | F_QUERY) ||
			    (f->type != FIELD_LINE && f->type != FIELD_TEXT &&
			     f->type != FIELD_EMAIL))
				continue;
			n++;
			for (size_t i = 4; i < COUNT(invisible); i++)
				expect_refused(r, f, invisible[i]);
		}
	}
	ck_assert_uint_ge(n, 10);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("unicode");
	TCase *t = tcase_create("text");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, what_shows_nothing_is_empty, 0,
			    COUNT(invisible));
	tcase_add_loop_test(t, what_shows_something_stays, 0, COUNT(visible));
	tcase_add_loop_test(t, text_is_cleaned, 0, COUNT(cleaned));
	tcase_add_loop_test(t, text_is_split_into_folded_words, 0,
			    COUNT(splits));
	tcase_add_test(t, scripts_without_spaces_are_known);
	tcase_add_test(t, no_field_takes_an_invisible_text);
	suite_add_tcase(s, t);
	return run_suite(s);
}
