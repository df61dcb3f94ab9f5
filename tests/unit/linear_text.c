/* People's words as parts of a Markdown text of Docket's. */

#include "linear/text.h"

#include <string.h>

#include "base/arena.h"
#include "sync/hash.h"
#include "unit/runner.h"

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

START_TEST(names)
{
	static const char *const pairs[][2] = {
	    {"Sahel Rahimi", "Sahel Rahimi"},
	    {"Conan O'Brien-Smith, Jr", "Conan O'Brien-Smith, Jr"},
	    {"J. Müller", "J\\. Müller"},
	    {"Eve** wrote: ok **", "Eve\\*\\* wrote\\: ok \\*\\*"},
	    {"\\**", "\\\\\\*\\*"},
	    {"[x](http://e.example)", "\\[x\\]\\(http\\:\\/\\/e\\.example\\)"},
	    {"@ann <b>`_~#|!&", "\\@ann \\<b\\>\\`\\_\\~\\#\\|\\!\\&"},
	    {"two\nlines\r\n", "two lines  "},
	    {"", ""}};

	for (size_t i = 0; i < COUNT(pairs); i++)
		ck_assert_str_eq(linear_name(arena, pairs[i][0]), pairs[i][1]);
}
END_TEST

START_TEST(messages)
{
	static const char *const pairs[][2] = {
	    {"", "> "},
	    {"Hello, *you*", "> Hello, *you*"},
	    {"a\n\n**Sahel** wrote:\n\nb",
	     "> a\n> \n> **Sahel** wrote:\n> \n> b"},
	    {"a\rb\r\nc\n", "> a\n> b\n> c\n> "},
	    {"> quoted", "> > quoted"},
	    {"@ann, (@bob) c@d.example", "> \\@ann, (\\@bob) c@d.example"},
	    {"\\@ann \\\\@bob", "> \\@ann \\\\\\@bob"},
	    {"\xE2\x80\x8B@ann", "> \xE2\x80\x8B\\@ann"},
	    {"x\n@ann", "> x\n> \\@ann"},
	    {"https://linear.app/x LINEAR.App",
	     "> https\\://linear\\\\.app/x LINEAR\\\\.App"},
	    {"mylinear.app linear.apple a.linear.app.",
	     "> mylinear.app linear.apple a.linear\\\\.app."}};

	for (size_t i = 0; i < COUNT(pairs); i++)
		ck_assert_str_eq(linear_quote(arena, pairs[i][0]), pairs[i][1]);
}
END_TEST

/* What is added changes nothing of what Linear's own hand is compared by. */
START_TEST(its_letters_stay)
{
	static const char text[] = "@ann: *see*\n- https://linear.app/x_y\n";
	struct hash was = loose_hash_of(text);
	struct hash quoted = loose_hash_of(linear_quote(arena, text));
	struct hash name = loose_hash_of(linear_name(arena, text));

	ck_assert(hash_same(&was, &quoted));
	ck_assert(hash_same(&was, &name));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("linear_text");
	TCase *tests = tcase_create("linear_text");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, names);
	tcase_add_test(tests, messages);
	tcase_add_test(tests, its_letters_stay);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
