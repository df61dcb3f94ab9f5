/* Customers withdraw issues, and delete them while nobody has answered. */

#include <string.h>

#include "rights.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

START_TEST(withdrawing)
{
	static const char *const before[] = {"open", "in_progress", "resolved"};
	struct answer *a;

	if (_i > 0)
		expect_status(PATCH(w.employee.token, mine,
				    json("{'status':'%s'}", before[_i])),
			      200);
	a = POST(w.customer.token, issue_path(issue, "close/"), NULL);
	expect_status(a, 200);
	expect_text(a, "status", "closed");
	expect_text(a, "previous_status", before[_i]);
	expect_text(a, "issue.status", "closed");
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	a = GET(w.customer.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	/* theirs all the same */
	expect_status(GET(w.customer.token, mine), 200);
	expect_int(GET(w.customer.token, "/api/issues/"), "count", 1);
	a = GET(w.vendor.token, "/api/notifications/");
	expect_text(a, "results.0.kind", "status");
	a = POST(w.customer.token, issue_path(issue, "close/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_error_shape(
	    POST(w.stranger.token, issue_path(issue, "close/"), NULL), 404,
	    "not_found");
}
END_TEST

/* The issue is (or is not) everywhere that the customer can look. */
static void
expect_seen(bool seen)
{
	const char *t = w.customer.token;
	const char *paths[] = {mine, client_path(issue, ""),
			       issue_path(issue, "comments/"),
			       issue_path(issue, "activity/")};
	const char *lists[] = {
	    "/api/issues/",
	    "/api/client/issues/",
	    "/api/issues/?status=closed",
	    "/api/issues/?status=open",
	    "/api/issues/?priority=medium",
	    "/api/issues/?search=subject",
	    "/api/issues/?cursor=",
	    "/api/issues/?ordering=status",
	    text("/api/issues/?organization=%lld", (long long)w.org)};
	struct answer *a = GET(t, mine);
	const char *status = seen ? text_at(a, "status") : "closed";

	for (size_t i = 0; i < COUNT(paths); i++)
		expect_status(GET(t, paths[i]), seen ? 200 : 404);
	for (size_t i = 0; i < COUNT(lists); i++) {
		const char *only = strstr(lists[i], "?status=");

		a = GET(t, lists[i]);
		expect_int(a, "count",
			   seen && (!only || strcmp(only + 8, status) == 0));
		ck_assert_uint_eq(length_at(a, "results"),
				  (size_t)int_at(a, "count"));
	}
	a = GET(t, "/api/issues/stats/");
	expect_int(a, "total", seen);
	expect_int(a, text("by_status.%s", status), seen);
	a = GET(t, "/api/issues/export/");
	expect(a, (strstr(a->text, "Subject") != NULL) == seen);
	a = GET(t, "/api/notifications/");
	expect(a, seen || !strstr(a->text, "Subject"));
}

/* The same for the staff. */
static void
expect_staff_see(const char *status)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, mine);
	const int64_t customer = int_at(a, "raised_by_customer");

	expect_text(a, "status", status);
	expect_text(a, "raised_by_customer_name", w.customer.full_name);
	expect_int(GET(t, "/api/issues/"), "count", 1);
	expect_int(GET(t, text("/api/issues/?status=%s", status)), "count", 1);
	expect_int(GET(t, text("/api/issues/?raised_by_customer=%lld",
			       (long long)customer)),
		   "count", 1);
	a = GET(t, "/api/issues/stats/");
	expect_int(a, "total", 1);
	expect_int(a, text("by_status.%s", status), 1);
}

static void
delete_it(void)
{
	expect_status(DELETE(w.customer.token, mine), 204);
	expect_seen(false);
	expect_staff_see("closed");
}

START_TEST(deleting)
{
	struct answer *a;

	expect_seen(true);
	/* neither an internal comment nor one by the customer is an answer */
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'hm','internal':true}")),
		      201);
	expect_status(POST(w.customer.token, client_path(issue, "comment/"),
			   json("{'comment':'more'}")),
		      201);
	delete_it();
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	expect_error_shape(DELETE(w.customer.token, mine), 404, "not_found");
	expect_error_shape(PATCH(w.customer.token, mine, json("{'title':'x'}")),
			   404, "not_found");
	expect_error_shape(POST(w.customer.token,
				client_path(issue, "comment/"),
				json("{'comment':'more'}")),
			   404, "not_found");
	expect_error_shape(
	    POST(w.customer.token, issue_path(issue, "reopen/"), NULL), 404,
	    "not_found");
	/* changes by staff meanwhile are counted correctly */
	expect_status(PATCH(w.employee.token, mine,
			    json("{'priority':'low','assigned_to':%lld}",
				 (long long)w.employee.profile)),
		      200);
	expect_seen(false);
	expect_staff_see("closed");
}
END_TEST

START_TEST(a_reply_shows_a_withdrawn_issue_again)
{
	struct answer *a;

	if (_i == 1)
		expect_status(
		    POST(w.employee.token, issue_path(issue, "close/"), NULL),
		    200);
	delete_it();
	if (_i == 2)
		a = POST(w.employee.token, issue_path(issue, "add_comment/"),
			 json("{'content':'Are you sure?'}"));
	else if (_i == 3)
		a = PATCH(w.employee.token, mine, json("{'status':'open'}"));
	else
		a = POST(w.employee.token, issue_path(issue, "reopen/"), NULL);
	expect(a, a->status < 300);
	expect_seen(true);
	expect_staff_see(_i == 2 ? "closed" : _i == 3 ? "open" : "in_progress");
}
END_TEST

START_TEST(answered_issues_are_not_deleted)
{
	struct answer *a;

	if (_i == 0)
		a = POST(w.employee.token, issue_path(issue, "add_comment/"),
			 json("{'content':'We look into it.'}"));
	else
		a = POST(w.employee.token, issue_path(issue, "resolve/"),
			 json("{'resolution_notes':'done'}"));
	expect(a, a->status < 300);
	a = DELETE(w.customer.token, mine);
	expect_error_shape(a, 409, "conflict");
	expect_with(a, "answered");
	expect_seen(true);
	expect_status(POST(w.customer.token, issue_path(issue, "close/"), NULL),
		      200);
}
END_TEST

static int64_t
answers(void)
{
	await_derived();
	return sql_int("SELECT COALESCE(SUM(n), 0) FROM trend_duration "
		       "WHERE organization_id = ? AND kind = 'answer'",
		       ARGS(arg_int(w.org)));
}

static int64_t
first_answer_is(int64_t comment)
{
	return sql_int("SELECT i.first_answered_at <=> (SELECT m.created_at "
		       "FROM comment m WHERE m.id = ?) FROM issue i "
		       "WHERE i.id = ?",
		       ARGS(arg_id(comment), arg_int(issue)));
}

START_TEST(a_withdrawn_comment_does_not_count_as_answer)
{
	const int64_t first = add_comment(&w.employee, issue, "first", false);
	const int64_t second = add_comment(&w.vendor, issue, "second", false);
	int64_t third;

	ck_assert_int_eq(first_answer_is(first), 1);
	expect_status(DELETE(w.vendor.token, comment_path(issue, second)), 204);
	ck_assert_int_eq(first_answer_is(first), 1);
	third = add_comment(&w.vendor, issue, "third", false);
	expect_status(DELETE(w.employee.token, comment_path(issue, first)),
		      204);
	ck_assert_int_eq(first_answer_is(third), 1);
	ck_assert_int_eq(answers(), 1);
	expect_status(DELETE(w.vendor.token, comment_path(issue, third)), 204);
	ck_assert_int_eq(first_answer_is(0), 1);
	ck_assert_int_eq(answers(), 0);
	/* so the customer may still delete the issue */
	expect_status(DELETE(w.customer.token, mine), 204);
	third = add_comment(&w.vendor, issue, "fourth", false);
	ck_assert_int_eq(first_answer_is(third), 1);
	ck_assert_int_eq(answers(), 1);
	expect_seen(true);
}
END_TEST

Suite *
rights_withdraw_suite(void)
{
	Suite *s = suite_create("rights_withdraw");
	TCase *t = add_case(s, "withdrawing", set_up);

	tcase_add_loop_test(t, withdrawing, 0, 3);
	tcase_add_test(t, deleting);
	tcase_add_loop_test(t, a_reply_shows_a_withdrawn_issue_again, 0, 4);
	tcase_add_loop_test(t, answered_issues_are_not_deleted, 0, 2);
	tcase_add_test(t, a_withdrawn_comment_does_not_count_as_answer);
	return s;
}
