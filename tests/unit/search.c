#include "desk/search_index.h"

#include <string.h>

#include "base/arena.h"
#include "unit/runner.h"

static struct ctx c;

static void
setup(void)
{
	c = (struct ctx){.arena = arena_new()};
}

static void
teardown(void)
{
	arena_free(c.arena);
}

/* A query, and its patterns: of the index, and of older versions. */
static const struct {
	const char *query, *now, *before;
} queries[] = {
    {"", "", ""},
    {"\u201c\u2014!", "", ""},
    {"Late order", "late% order% ", "late% order% "},
    {"a b c d e f", "a% b% c% d% ", "a% b% c% d% "},
    {"100%_x", "100% x% ", "100% x% "},
    {"ISS-2026-0037", "iss-2026-0037% ", "iss-2026-0037% "},
    {"iss-2026", "iss-2026% ", "iss-2026% "},
    {"ISS\u20112026\u20110037", "iss-2026-0037% ", "iss-2026-0037% "},
    {"2026-0037", "0037% ", "0037% "},
    {"2026-37", "2026% 37% ", "2026% 37% "},
    {"mississippi-1", "mississippi% 1% ", "mississippi% 1% "},
    {"\u4e0a", "\u4e0a% ", "\u4e0a% "},
    {"\u4e0a\u6d77", "\u4e0a\u6d77% ", "\u4e0a\u6d77% "},
    {"\u4e0a\u6d77\u51fa", "\u4e0a\u6d77% \u6d77\u51fa% ", "\u4e0a\u6d77% % "},
    {"a \u4e0a\u6d77\u51fa\u79df\u8f66",
     "a% \u4e0a\u6d77% \u6d77\u51fa% \u51fa\u79df% ", "a% \u4e0a\u6d77% % % "},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa% ",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa% "},
};

START_TEST(queries_become_patterns)
{
	struct search_pattern patterns[SEARCH_WORDS_MAX];
	const size_t n = search_patterns(patterns, &c, queries[_i].query);
	char now[300] = "", before[300] = "";

	for (size_t i = 0; i < n; i++) {
		strcat(strcat(now, patterns[i].now), " ");
		strcat(strcat(before, patterns[i].before), " ");
	}
	ck_assert_str_eq(now, queries[_i].now);
	ck_assert_str_eq(before, queries[_i].before);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("search");
	TCase *t = tcase_create("queries");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, queries_become_patterns, 0, COUNT(queries));
	suite_add_tcase(s, t);
	return run_suite(s);
}
