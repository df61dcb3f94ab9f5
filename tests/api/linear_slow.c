/* Requests while Linear is slow or down, and what arrives afterwards. */

#include <string.h>

#include "linear_world.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/simulator.h"

static struct world w;

static void
set_up(void)
{
	set_up_linear(&w);
}

START_TEST(linear_is_slow)
{
	const char *title = unique("Slow");
	int64_t issue;

	linear_faults("[{'kind':'latency','min':" SLOW_MS ",'max':" SLOW_MS
		      ",'on':'IssueCreate','next':1}]");
	issue = expect_queued(raise_titled(&w, title, "medium"));
	linear_well(); /* it goes on at once */
	expect_arrival(&w, issue, title);
}
END_TEST

START_TEST(linear_is_down)
{
	const char *title = unique("Down");
	struct answer *a;
	int64_t issue;

	linear_down();
	issue = expect_queued(raise_titled(&w, title, "medium"));
	a = POST(w.vendor.token, issue_path(issue, "resolve/"), NULL);
	expect_status(a, 200);
	expect(a, a->micros < SLOW);
	expect_text(a, "message",
		    "Issue resolved successfully; Linear sync is queued");
	expect_bool(a, "linear_synced", false);
	a = POST(w.customer.token, client_path(issue, "comment/"),
		 json("{'comment':'Hello?'}"));
	expect_status(a, 201);
	expect(a, a->micros < SLOW);
	expect_bool(a, "synced_to_linear", false);
	ck_assert_int_eq(linear_count(title), 0);
	linear_well();
	expect_arrival(&w, issue, title);
	a = linear_issue(linear_id_of(issue));
	expect_text(a, "state.name", "Done");
	expect_with(a, "Hello?");
}
END_TEST

/* Linear executed the request, but its response was lost. */
START_TEST(a_lost_response_creates_one_issue)
{
	const char *title = unique("Unanswered");
	struct answer *a;

	linear_faults("[{'kind':'drop_after','on':'IssueCreate','next':1}]");
	a = raise_titled(&w, title, "medium");
	expect_status(a, 201);
	expect_arrival(&w, int_at(a, "issue.id"), title);
}
END_TEST

START_TEST(many_raises_while_linear_is_down)
{
	const char *title = unique("Many");
	struct request list[20];
	struct answer **a;

	linear_down();
	for (size_t i = 0; i < COUNT(list); i++) {
		const char *body = json("{'organization':%lld,'title':'%s %zu',"
					"'description':''}",
					(long long)w.org, title, i);

		list[i] = (struct request){.method = "POST",
					   .path = "/api/client/issues/raise/",
					   .token = w.customer.token,
					   .body = body,
					   .body_len = strlen(body)};
	}
	a = send_all(list, COUNT(list));
	linear_well();
	expect_no_jobs(w.org);
	for (size_t i = 0; i < COUNT(list); i++) {
		expect_status(a[i], 201);
		ck_assert_int_eq(linear_count(text("%s %zu", title, i)), 1);
	}
}
END_TEST

/* Reading never sends a request to Linear. */
START_TEST(reading_while_linear_is_slow)
{
	const char *const paths[] = {"/api/issues/", "/api/issues/stats/",
				     "/api/organizations/",
				     "/api/notifications/"};

	linear_faults("[{'kind':'latency','min':" SLOW_MS ",'max':" SLOW_MS
		      "}]");
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer *a = GET(w.vendor.token, paths[i]);

		expect_status(a, 200);
		expect(a, a->micros < SLOW);
	}
}
END_TEST

Suite *
linear_slow_suite(void)
{
	Suite *s = suite_create("linear_slow");
	TCase *t = add_case(s, "slow", set_up);

	tcase_add_unchecked_fixture(t, NULL, linear_mend);
	tcase_set_timeout(t, 4 * AWAIT_S);
	tcase_add_test(t, linear_is_slow);
	tcase_add_test(t, linear_is_down);
	tcase_add_test(t, a_lost_response_creates_one_issue);
	tcase_add_test(t, many_raises_while_linear_is_down);
	tcase_add_test(t, reading_while_linear_is_slow);
	return s;
}
