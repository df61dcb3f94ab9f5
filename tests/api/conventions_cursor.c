/* Pages by cursor. */

#include <string.h>

#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;

static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

#define MANY 11

static void
set_up_many(void)
{
	static const char *const priorities[] = {"low", "high", "high"};

	set_up();
	for (int i = 1; i < MANY; i++) {
		struct answer *a =
		    POST(w.customer.token, "/api/client/issues/raise/",
			 json("{'organization':%lld,'title':'Number %d',"
			      "'description':'','priority':'%s'}",
			      (long long)w.org, i, priorities[i % 3]));

		expect_status(a, 201);
		if (i % 4 == 0)
			expect_status(
			    POST(w.vendor.token,
				 issue_path(int_at(a, "issue.id"), "resolve/"),
				 NULL),
			    200);
	}
}

/* Appends the ids of a page. */
static const char *
ids_of(const char *before, const struct answer *a)
{
	const struct json *j;
	int64_t id;

	for (j = json_first(at(a, "results")); j; j = json_next(j)) {
		ck_assert(json_int(&id, json_get(j, "id")));
		before = text("%s %lld", before, (long long)id);
	}
	return before;
}

START_TEST(pages_by_cursor)
{
	static const char *const queries[] = {
	    "",
	    "&ordering=created_at",
	    "&ordering=updated_at",
	    "&ordering=-updated_at",
	    "&ordering=priority",
	    "&ordering=-priority",
	    "&ordering=status",
	    "&ordering=-status",
	    "&priority=high",
	    "&status=open&ordering=-priority",
	    "&search=number",
	    "&assigned_to=none&ordering=updated_at",
	    "&search=number&ordering=priority",
	};
	const char *const tokens[] = {w.employee.token, w.customer.token};
	const size_t n = 2 * COUNT(queries);

	for (size_t i = 0; i < n; i++) {
		const char *t = tokens[i % 2], *query = queries[i / 2];
		struct answer *all =
		    GET(t, text("/api/issues/?page_size=100%s", query));
		const char *walked = "";
		struct answer *a =
		    GET(t, text("/api/issues/?cursor=&page_size=3%s", query));

		for (int page = 0; page <= MANY; page++) {
			expect_status(a, 200);
			expect_keys(a, "", PAGE_KEYS);
			expect_int(a, "count", int_at(all, "count"));
			walked = ids_of(walked, a);
			if (json_is_null(at(a, "next")))
				break;
			expect(a, length_at(a, "results") == 3);
			a = GET(t, text_at(a, "next"));
		}
		ck_assert_msg(strcmp(walked, ids_of("", all)) == 0,
			      "%s: by key%s\nby page%s", query, walked,
			      ids_of("", all));
	}
}
END_TEST

/* Issues that are raised meanwhile do not shift the pages. */
START_TEST(cursors_are_stable)
{
	struct answer *all = GET(w.employee.token, "/api/issues/");
	struct answer *a =
	    GET(w.employee.token, "/api/issues/?cursor=&page_size=4");
	const char *walked = ids_of("", a);

	while (!json_is_null(at(a, "next"))) {
		raise_issue(&w.customer, w.org, "Meanwhile");
		a = GET(w.employee.token, text_at(a, "next"));
		expect_status(a, 200);
		walked = ids_of(walked, a);
	}
	ck_assert_str_eq(walked, ids_of("", all));
}
END_TEST

START_TEST(invalid_cursors)
{
	struct answer *a =
	    GET(w.employee.token, "/api/issues/?cursor=&page_size=2");
	const char *next = text_at(a, "next");
	const char *cursor = strstr(next, "cursor=");
	struct answer *b;

	expect(a, cursor != NULL);
	cursor = text("%.*s", (int)strcspn(cursor, "&"), cursor);
	b = GET(w.employee.token, "/api/issues/?cursor=nonsense");
	expect_error(b, 400, "invalid", "cursor");
	/* the cursor of a list in another order */
	b = GET(w.employee.token,
		text("/api/issues/?%s&ordering=priority", cursor));
	expect_error(b, 400, "invalid", "cursor");
	/* another person's cursor shows nobody more than they may see */
	b = GET(w.outsider.token, text("/api/issues/?%s", cursor));
	expect_status(b, 200);
	expect(b, length_at(b, "results") == 0);
}
END_TEST

/* The response to a request for the page after that cursor. */
static int
status_behind(const char *list, const char *cursor)
{
	struct answer *a = GET(w.employee.token, text("%s.%s", list, cursor));

	if (a->status != 200)
		expect_error(a, 400, "invalid", "cursor");
	return a->status;
}

#define FAR "253402300799999999" /* the end of the year 9999 */

/* Cursors of a list whose greatest key that is. */
static void
try_cursors(const char *list, const char *key, const char *past)
{
	static const char *const wrong[] = {"0",
					    "-1",
					    "-9223372036854775808",
					    "9223372036854775808",
					    "",
					    "+1",
					    "99999999999999999999",
					    "%201",
					    "0x1",
					    "1e1",
					    "a"};

	ck_assert_int_eq(status_behind(list, "1.1.1"), 200);
	ck_assert_int_eq(status_behind(list, "1." FAR ".9223372036854775807"),
			 200);
	ck_assert_int_eq(status_behind(list, text("%s.1.1", key)), 200);
	ck_assert_int_eq(status_behind(list, text("%s.1.1", past)), 400);
	ck_assert_int_eq(status_behind(list, "9223372036854775807.1.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.253402300800000000.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.1.1.1"), 400);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *v = wrong[i];

		ck_assert_int_eq(status_behind(list, text("%s.1.1", v)), 400);
		ck_assert_int_eq(status_behind(list, text("1.%s.1", v)), 400);
		ck_assert_int_eq(status_behind(list, text("1.1.%s", v)), 400);
	}
}

/* Each part of a cursor at its limits and beyond, in every order. */
START_TEST(cursors_at_their_limits)
{
	static const struct {
		const char *ordering, *key, *past;
	} orders[] = {{"created_at", FAR, "253402300800000000"},
		      {"updated_at", FAR, "253402300800000000"},
		      {"priority", "4", "5"},
		      {"status", "4", "5"}};

	for (size_t i = 0; i < 2 * COUNT(orders); i++)
		try_cursors(text("/api/issues/?ordering=%s%s&cursor=%zu",
				 i % 2 ? "-" : "", orders[i / 2].ordering,
				 i + 1),
			    orders[i / 2].key, orders[i / 2].past);
	/* with one priority in the filter, the key is a time */
	ck_assert_int_eq(status_behind("/api/issues/?priority=high"
				       "&ordering=priority&cursor=5",
				       FAR ".1.1"),
			 200);
}
END_TEST

Suite *
conventions_cursor_suite(void)
{
	Suite *s = suite_create("conventions_cursor");
	TCase *t = add_case(s, "cursors", set_up_many);

	tcase_add_test(t, pages_by_cursor);
	tcase_add_test(t, cursors_are_stable);
	tcase_add_test(t, invalid_cursors);
	tcase_add_test(t, cursors_at_their_limits);
	return s;
}
