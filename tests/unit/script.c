#include "db/script.h"

#include <string.h>

#include "base/arena.h"
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

/* The statements of the script, each after a '|'. */
static const char *
split(const char *script)
{
	const char *all = "", *one;

	while ((one = script_next(arena, &script)))
		all = arena_printf(arena, "%s|%s", all, one);
	return all;
}

START_TEST(statements)
{
	ck_assert_str_eq(split("a;b"), "|a|b");
	ck_assert_str_eq(split("a b\n c ;\n\td;\n"), "|a b\n c |d");
	ck_assert_str_eq(split("a"), "|a");
}
END_TEST

START_TEST(nothing)
{
	ck_assert_str_eq(split(""), "");
	ck_assert_str_eq(split(" \n;; ;"), "");
	ck_assert_str_eq(split("-- only this"), "");
	ck_assert_str_eq(split("/* or this"), "");
}
END_TEST

START_TEST(quotes)
{
	ck_assert_str_eq(split("'a;b';c"), "|'a;b'|c");
	ck_assert_str_eq(split("'a''b;c';d"), "|'a''b;c'|d");
	ck_assert_str_eq(split("'a\\';b';c"), "|'a\\';b'|c");
	ck_assert_str_eq(split("\"a';\";b"), "|\"a';\"|b");
	ck_assert_str_eq(split("`a\\`;b"), "|`a\\`|b");
	ck_assert_str_eq(split("'-- a';b"), "|'-- a'|b");
	ck_assert_str_eq(split("'never ends; \\"), "|'never ends; \\");
}
END_TEST

START_TEST(comments)
{
	ck_assert_str_eq(split("-- it's;\na;-- b\n/* c; */d"), "|a|d");
	ck_assert_str_eq(split("a -- it's;\nb;c"), "|a -- it's;\nb|c");
	ck_assert_str_eq(split("a /* ';' */ b;c"), "|a /* ';' */ b|c");
	ck_assert_str_eq(split("a--b;c"), "|a--b|c");
	/* what the server runs is not a comment */
	ck_assert_str_eq(split("/*!80000 a */;b"), "|/*!80000 a */|b");
}
END_TEST

START_TEST(parts)
{
	const char *script = "a;\n-- Migration 1: the first\nb;\nc;\n"
			     "-- Migration 12: another\n-- why\nd";
	struct script_part part;

	ck_assert(script_part_next(&part, arena, &script));
	ck_assert_int_eq(part.version, 0);
	ck_assert_str_eq(split(part.text), "|a");
	ck_assert(script_part_next(&part, arena, &script));
	ck_assert_int_eq(part.version, 1);
	ck_assert_str_eq(part.name, "the first");
	ck_assert_str_eq(split(part.text), "|b|c");
	ck_assert(script_part_next(&part, arena, &script));
	ck_assert_int_eq(part.version, 12);
	ck_assert_str_eq(part.name, "another");
	ck_assert_str_eq(split(part.text), "|d");
	ck_assert(!script_part_next(&part, arena, &script));
	script = "-- Migration 3: alone";
	ck_assert(script_part_next(&part, arena, &script));
	ck_assert_int_eq(part.version, 3);
	ck_assert_str_eq(split(part.text), "");
	ck_assert(!script_part_next(&part, arena, &script));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("script");
	TCase *scripts = tcase_create("scripts");

	tcase_add_checked_fixture(scripts, set_up, tear_down);
	tcase_add_test(scripts, statements);
	tcase_add_test(scripts, nothing);
	tcase_add_test(scripts, quotes);
	tcase_add_test(scripts, comments);
	tcase_add_test(scripts, parts);
	suite_add_tcase(suite, scripts);
	return run_suite(suite);
}
