#include <string.h>

#include "base/json.h"
#include "unit/runner.h"

/* The first and last sequence of each row of RFC 3629's table. */
static const struct {
	const char *text;
	size_t characters;
} valid[] = {
    {"", 0},
    {"a", 1},
    {"\x7f", 1},
    {"\xc2\x80", 1},
    {"\xdf\xbf", 1},
    {"\xe0\xa0\x80", 1},
    {"\xec\xbf\xbf", 1},
    {"\xed\x80\x80", 1},
    {"\xed\x9f\xbf", 1},
    {"\xee\x80\x80", 1},
    {"\xef\xbf\xbf", 1},
    {"\xf0\x90\x80\x80", 1},
    {"\xf3\xbf\xbf\xbf", 1},
    {"\xf4\x8f\xbf\xbf", 1},
    {"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z", 5},
};

/* Truncated, overlong, surrogate, past U+10FFFF, stray. */
static const char *const invalid[] = {
    "\x80",
    "\xbf",
    "\xc0\x80",
    "\xc1\xbf",
    "\xc2",
    "\xc2\x7f",
    "\xc2\xc0",
    "\xe0\x80\x80",
    "\xe0\x9f\xbf",
    "\xe2\x82",
    "\xe2\x82\x28",
    "\xe2\x28\xac",
    "\xed\xa0\x80",
    "\xed\xbf\xbf",
    "\xf0\x80\x80\x80",
    "\xf0\x8f\xbf\xbf",
    "\xf0\x9f\x98",
    "\xf0\x9f\x98\x28",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xff",
    "\xfe",
    "abc\xc3",
    "abc\xffz",
};

START_TEST(well_formed)
{
	for (size_t i = 0; i < COUNT(valid); i++) {
		ck_assert_msg(utf8_valid(valid[i].text, strlen(valid[i].text)),
			      "row %zu", i);
		ck_assert_uint_eq(utf8_length(valid[i].text),
				  valid[i].characters);
	}
	ck_assert(utf8_valid("a\0b", 3));
}
END_TEST

START_TEST(malformed)
{
	for (size_t i = 0; i < COUNT(invalid); i++)
		ck_assert_msg(!utf8_valid(invalid[i], strlen(invalid[i])),
			      "row %zu", i);
}
END_TEST

/* What lies behind the end must not complete what is in front of it. The copy
 * is of exactly that size, so that a sanitizer sees a read past it. */
START_TEST(cut_anywhere)
{
	static const char text[] = "\xf0\x9f\x98\x80";

	for (size_t n = 1; n < 4; n++) {
		char *copy = malloc(n);

		memcpy(copy, text, n);
		ck_assert(!utf8_valid(copy, n));
		free(copy);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("utf8");

	ADD_TESTS(s, "utf8", well_formed, malformed, cut_anywhere);
	return run_suite(s);
}
