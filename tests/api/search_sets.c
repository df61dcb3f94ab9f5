/* Searches whose words have the postings that cost most: two that never meet, a
 * common one on old issues only, one with many spellings, one that stands in an
 * issue several times; alone, together, with filters, in every order. What the
 * API lists must be what this file computes from the numbers of the issues. How
 * much such searches read is bounded by tests/guard/cost. */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "desk/issue_count.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "web/input.h"

/* The issues are numbered from 0. More than FEW (issue_list_search.c) have each
 * half of the common words. */
#define ISSUES	  5200
#define HALF	  (ISSUES / 2)
#define PAGE	  20
#define WORDS_MAX 3

/* The place of an issue by age: another one than by number, and each time of
 * creation is that of two issues. */
#define AGE(i)	   ((i)*2399 % ISSUES)
#define SQL_NUMBER "(SUBSTRING(issue_number, 10) + 0)"

static struct world w;

/* The word is in the issues of which number % every == 0, from the `from`th to
 * before the `to`th by age. */
static const struct set {
	const char *word;
	int every, rest, from, to;
	const char *sql; /* the word as it is stored */
} sets[] = {
    {"common", 1, 0, 0, ISSUES, "'common'"},
    {"older", 1, 0, 0, HALF, "'older'"},
    {"newer", 1, 0, HALF, ISSUES, "'newer'"},
    {"even", 2, 0, 0, ISSUES, "'even'"},
    {"odd", 2, 1, 0, ISSUES, "'odd'"},
    {"third", 3, 0, 0, ISSUES, "'third'"},
    {"seldom", 500, 7, 0, ISSUES, "'seldom'"},
    {"spell", 1, 0, 0, ISSUES, "CONCAT('spell', " SQL_NUMBER " % 90)"},
};

static const struct {
	const char *search;
	int words[WORDS_MAX]; /* in `sets`; -1 at the end */
} searches[] = {
    {"common", {0, -1, -1}},
    {"older", {1, -1, -1}},
    {"third", {5, -1, -1}},
    {"spell", {7, -1, -1}},
    {"older newer", {1, 2, -1}},
    {"newer older common", {2, 1, 0}},
    {"even odd", {3, 4, -1}},
    {"odd older", {4, 1, -1}},
    {"common spell older", {0, 7, 1}},
    {"even third", {3, 5, -1}},
    {"common seldom", {0, 6, -1}},
    {"spell seldom odd", {7, 6, 4}},
};

static const struct {
	const char *query;
	int every, rest; /* the issues that it lets through */
} filters[] = {
    {"", 1, 0},
    {"&status=open", 4, 0},
    {"&priority=urgent", 100, 1},
};

static void
make_issues(void)
{
	sql_run("INSERT INTO issue (organization_id, issue_number, title, "
		"description, status, priority, is_client_issue, created_at, "
		"updated_at) SELECT ?, CONCAT('ISS-2020-', LPAD(seq, 4, '0')), "
		"'t', '', IF(seq % 4 = 0, 1, 2), IF(seq % 100 = 1, 4, 2), 0, "
		"'2020-01-01' + INTERVAL seq * 2399 % ? DIV 2 SECOND, "
		"'2020-01-01' FROM seq_0_to_9999 WHERE seq < ?",
		ARGS(arg_int(w.org), arg_int(ISSUES), arg_int(ISSUES)));
}

/* Twice in the issue: in its text, and in an internal comment. */
static void
make_postings(const struct set *s)
{
	for (int comment = 0; comment < 2; comment++)
		sql_run(text("INSERT INTO search_word (organization_id, word, "
			     "issue_id, staff_only, comment_id) "
			     "SELECT organization_id, %s, id, ?, ? FROM issue "
			     "WHERE organization_id = ? "
			     "AND " SQL_NUMBER " %% ? = ? "
			     "AND " SQL_NUMBER " * 2399 %% ? >= ? "
			     "AND " SQL_NUMBER " * 2399 %% ? < ?",
			     s->sql),
			ARGS(arg_int(comment), arg_int(comment), arg_int(w.org),
			     arg_int(s->every), arg_int(s->rest),
			     arg_int(ISSUES), arg_int(s->from), arg_int(ISSUES),
			     arg_int(s->to)));
}

static void
setup(void)
{
	int64_t repaired;

	fixture_begin();
	make_world(&w);
	make_issues();
	for (size_t i = 0; i < COUNT(sets); i++)
		make_postings(&sets[i]);
	ck_assert_int_eq(count_repair(&repaired, fixture_ctx()), OK);
}

/* --- what must be found ----------------------------------------------------
 */

static bool
has_word(int issue, int word)
{
	const struct set *s = &sets[word];

	return issue % s->every == s->rest && AGE(issue) >= s->from &&
	       AGE(issue) < s->to;
}

static bool
fits(int issue, size_t search, size_t filter)
{
	const int *words = searches[search].words;

	for (int i = 0; i < WORDS_MAX && words[i] >= 0; i++)
		if (!has_word(issue, words[i]))
			return false;
	return issue % filters[filter].every == filters[filter].rest;
}

/* The order of ids is that of the numbers. */
static int
compare_created(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return AGE(x) / 2 != AGE(y) / 2 ? AGE(x) / 2 - AGE(y) / 2 : x - y;
}

static int
compare_created_down(const void *a, const void *b)
{
	return compare_created(b, a);
}

static int
compare_priority_down(const void *a, const void *b)
{
	const bool x = *(const int *)a % 100 == 1,
		   y = *(const int *)b % 100 == 1;

	return x != y ? y - x : compare_created(b, a);
}

static const struct {
	const char *name;
	int (*compare)(const void *, const void *);
} orders[] = {
    {"-created_at", compare_created_down},
    {"created_at", compare_created},
    {"-priority", compare_priority_down},
};

static int
wanted_issues(int out[ISSUES], size_t search, size_t filter, size_t order)
{
	int n = 0;

	for (int i = 0; i < ISSUES; i++)
		if (fits(i, search, filter))
			out[n++] = i;
	qsort(out, (size_t)n, sizeof(out[0]), orders[order].compare);
	return n;
}

/* --- what is found ---------------------------------------------------------
 */

/* The page has the wanted issues from the first one on; returns how many. */
static int
expect_issues(const struct answer *a, const int *wanted, int n, int page)
{
	const struct json *row;
	int i = 0;

	expect_status(a, 200);
	for (row = json_first(at(a, "results")); row; row = json_next(row)) {
		const char *number = json_text(json_get(row, "issue_number"));

		ck_assert_msg(i < n && atoi(number + 9) == wanted[i],
			      "%s: %s at %d", a->request.path, number, i);
		i++;
	}
	ck_assert_msg(i == (n < page ? n : page), "%s: %d issues",
		      a->request.path, i);
	return i;
}

/* The count is a lower bound where thousands of issues have the words. */
static void
expect_count(const struct answer *a, int n)
{
	const int64_t count = int_at(a, "count");

	ck_assert_msg(count <= n && count >= (n < PAGE ? n : PAGE + 1),
		      "%s: %lld of %d", a->request.path, (long long)count, n);
}

static void
expect_search(size_t search, size_t filter, size_t order)
{
	static int wanted[ISSUES];
	const int n = wanted_issues(wanted, search, filter, order);
	const char *path =
	    text("/api/issues/?search=%s%s&ordering=%s&page_size=%d",
		 percent_encode(test_arena(), searches[search].search),
		 filters[filter].query, orders[order].name, PAGE);
	const struct answer *a = GET(w.employee.token, path);
	int from = expect_issues(a, wanted, n, PAGE);

	expect_count(a, n);
	if (n <= 3 * PAGE)
		return;
	/* a page behind it, by number and by key */
	a = GET(w.employee.token, text("%s&page=3", path));
	(void)expect_issues(a, wanted + 2 * PAGE, n - 2 * PAGE, PAGE);
	a = GET(w.employee.token, text("%s&cursor=", path));
	a = GET(w.employee.token, json_text(at(a, "next")));
	(void)expect_issues(a, wanted + from, n - from, PAGE);
}

/* Through all pages: none is missing, none comes twice. */
static void
expect_all_pages(size_t search)
{
	static int wanted[ISSUES];
	const int n = wanted_issues(wanted, search, 0, 0);
	const char *next =
	    text("/api/issues/?search=%s&page_size=100&cursor=",
		 percent_encode(test_arena(), searches[search].search));
	int at_issue = 0;

	while (next) {
		const struct answer *a = GET(w.employee.token, next);

		at_issue +=
		    expect_issues(a, wanted + at_issue, n - at_issue, 100);
		next = json_text(at(a, "next"));
	}
	ck_assert_int_eq(at_issue, n);
}

/* So many issues would slow down the tests that repair or reindex all. */
static void
remove_issues(void)
{
	int64_t repaired;

	sql_run("DELETE FROM search_word WHERE organization_id = ?",
		ARGS(arg_int(w.org)));
	sql_run("DELETE FROM issue WHERE organization_id = ?",
		ARGS(arg_int(w.org)));
	ck_assert_int_eq(count_repair(&repaired, fixture_ctx()), OK);
}

START_TEST(words_alone_and_together)
{
	for (size_t search = 0; search < COUNT(searches); search++)
		for (size_t filter = 0; filter < COUNT(filters); filter++)
			for (size_t order = 0; order < COUNT(orders); order++)
				expect_search(search, filter, order);
	expect_all_pages(1); /* older */
	expect_all_pages(9); /* even third */
	remove_issues();
}
END_TEST

Suite *
search_sets_suite(void)
{
	Suite *s = suite_create("search_sets");
	TCase *t = add_case(s, "search_sets", setup);

	tcase_set_timeout(t, 240);
	tcase_add_test(t, words_alone_and_together);
	return s;
}
