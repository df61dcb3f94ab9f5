/* The calls that the seed system documents, field by field: resolving,
 * reopening, closing and deleting an issue. */

#include "seed_issues.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;
static int64_t ids[ISSUES];

static void
set_up(void)
{
	set_up_four_issues(&w, ids);
}

START_TEST(resolve)
{
	const char *path = issue_path(ids[LAMP], "resolve/");
	struct answer *a = POST(w.employee.token, path,
				json("{'resolution_notes':'New bulb.'}"));

	expect_status(a, 200);
	expect_text(a, "message", "Issue resolved successfully");
	expect_text(a, "previous_status", "in_progress");
	expect_bool(a, "linear_synced", false);
	expect_text(a, "issue.status", "resolved");
	expect_text(a, "issue.resolution_notes", "New bulb.");
	expect_text(a, "issue.description", "about it");
	expect_time(a, "issue.resolved_at");
	expect_int(a, "issue.resolved_by.id", w.employee.profile);
	expect_text(a, "status", "resolved");
	expect_int(a, "id", ids[LAMP]);
	a = POST(w.employee.token, path, NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_int(GET(w.employee.token, issue_path(ids[LAMP], "")), "version",
		   3);
}
END_TEST

START_TEST(resolve_without_notes_and_its_alias)
{
	struct answer *a =
	    POST(w.employee.token,
		 text("/api/issues/resolve/%lld/", (long long)ids[PIPE]), NULL);

	expect_status(a, 200);
	expect_text(a, "issue.status", "resolved");
	expect_text(a, "previous_status", "open");
	expect_null(a, "issue.resolution_notes");
}
END_TEST

#define MERGED_KEYS ISSUE_KEYS " message issue previous_status linear_synced"

/* The response to an action shows the issue, and some of its fields at the top
 * level. */
START_TEST(actions_return_the_whole_issue)
{
	const char *t = w.employee.token;
	struct answer *a = POST(t, issue_path(ids[PIPE], "resolve/"), NULL);

	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "reopen/"), NULL);
	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "close/"), NULL);
	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "assign/"),
		 json("{'employee_id':null}"));
	expect_keys(a, "issue", ISSUE_KEYS);
}
END_TEST

START_TEST(reopen)
{
	const char *t = w.employee.token;
	struct answer *a = POST(t, issue_path(ids[DESK], "reopen/"),
				json("{'comment':'Not yet.'}"));

	expect_status(a, 200);
	expect_text(a, "message", "Issue reopened successfully");
	expect_text(a, "previous_status", "resolved");
	expect_text(a, "issue.status", "in_progress");
	expect_null(a, "issue.resolved_at");
	expect_null(a, "issue.resolved_by");
	a = GET(w.customer.token, issue_path(ids[DESK], ""));
	expect_text(a, "comments.0.content", "Not yet.");
	a = POST(t, issue_path(ids[DESK], "reopen/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	a = POST(t, issue_path(ids[PIPE], "reopen/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	a = POST(t, issue_path(ids[BILL], "reopen/"), NULL);
	expect_status(a, 200);
	expect_text(a, "previous_status", "closed");
	expect_text(a, "issue.status", "in_progress");
}
END_TEST

START_TEST(reopen_by_the_customer)
{
	const char *path = issue_path(ids[DESK], "reopen/");
	struct answer *a = POST(w.stranger.token, path, NULL);

	expect_error(a, 404, "not_found", NULL);
	a = POST(w.customer.token, path, json("{'comment':'Still late'}"));
	expect_status(a, 200);
	expect_text(a, "issue.status", "in_progress");
	expect_status(
	    POST(w.vendor.token, issue_path(ids[DESK], "resolve/"), NULL), 200);
	sql_run("UPDATE issue SET resolved_at = resolved_at - INTERVAL 15 DAY "
		"WHERE id = ?",
		ARGS(arg_int(ids[DESK])));
	a = POST(w.customer.token, path, NULL);
	expect_error(a, 403, "permission_denied", "non_field_errors");
	expect_text(
	    a, "error",
	    "This issue can no longer be reopened. Please raise a new one.");
	expect_text(GET(w.customer.token, issue_path(ids[DESK], "")), "status",
		    "resolved");
	expect_status(POST(w.employee.token, path, NULL), 200);
	expect_status(
	    POST(w.vendor.token, issue_path(ids[DESK], "close/"), NULL), 200);
	a = POST(w.customer.token, path, NULL);
	expect_error(a, 403, "permission_denied", "non_field_errors");
	expect_text(
	    a, "error",
	    "Only staff can reopen a closed issue. Please raise a new one.");
}
END_TEST

START_TEST(close_)
{
	struct answer *a =
	    POST(w.employee.token, issue_path(ids[DESK], "close/"), NULL);

	expect_status(a, 200);
	expect_text(a, "message", "Issue closed successfully");
	expect_text(a, "previous_status", "resolved");
	expect_text(a, "issue.status", "closed");
	expect_text(a, "status", "closed");
	a = POST(w.employee.token, issue_path(ids[DESK], "close/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
}
END_TEST

START_TEST(delete_)
{
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a = DELETE(w.employee.token, path);

	expect_error(a, 403, "permission_denied", NULL);
	a = DELETE(w.vendor.token, path);
	expect_status(a, 204);
	expect(a, a->len == 0);
	a = DELETE(w.vendor.token, path);
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.customer.token, path);
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.vendor.token, issue_path(ids[PIPE], "comments/"));
	expect_error(a, 404, "not_found", NULL);
	expect_titles(w.vendor.token, "", "BDL");
	expect_titles(w.vendor.token, "search=pipe", "");
	expect_int(GET(w.vendor.token, "/api/issues/stats/"), "total", 3);
	/* its number is not used again */
	a = GET(w.customer.token,
		issue_path(raise_issue(&w.customer, w.org, "next"), ""));
	expect_text(a, "issue_number", number_of_this_year(ISSUES + 1));
}
END_TEST

Suite *
seed_actions_suite(void)
{
	Suite *s = suite_create("seed_actions");
	TCase *t = add_case(s, "actions", set_up);

	tcase_add_test(t, resolve);
	tcase_add_test(t, resolve_without_notes_and_its_alias);
	tcase_add_test(t, actions_return_the_whole_issue);
	tcase_add_test(t, reopen);
	tcase_add_test(t, reopen_by_the_customer);
	tcase_add_test(t, close_);
	tcase_add_test(t, delete_);
	return s;
}
