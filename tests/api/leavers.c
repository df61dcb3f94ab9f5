/* How the issues of staff who leave are handed over. */

#include <string.h>

#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* An issue in that status that is assigned to the employee. */
static int64_t
issue_in(const char *status)
{
	const int64_t id = raise_issue(&w.customer, w.org, status);

	expect_status(PATCH(w.vendor.token, issue_path(id, ""),
			    json("{'status':'%s','assigned_to':%lld}", status,
				 (long long)w.employee.profile)),
		      200);
	return id;
}

static struct answer *
change(int64_t profile, const char *body)
{
	return PATCH(w.vendor.token,
		     text("/api/employees/%lld/", (long long)profile), body);
}

static int64_t
assignee_of(int64_t issue)
{
	return sql_int("SELECT COALESCE(assigned_to, 0) FROM issue "
		       "WHERE id = ?",
		       ARGS(arg_int(issue)));
}

static int64_t
count_of(const char *who)
{
	return int_at(
	    GET(w.vendor.token, text("/api/issues/?assigned_to=%s", who)),
	    "count");
}

static int64_t
count_of_profile(int64_t profile)
{
	return count_of(text("%lld", (long long)profile));
}

START_TEST(their_issues_are_unassigned)
{
	const int64_t open = issue_in("open"), begun = issue_in("in_progress");
	const int64_t resolved = issue_in("resolved");
	const int64_t closed = issue_in("closed");
	struct answer *a;

	expect_status(change(w.employee.profile, json("{'is_active':false}")),
		      200);
	ck_assert_int_eq(assignee_of(open), 0);
	ck_assert_int_eq(assignee_of(begun), 0);
	ck_assert_int_eq(assignee_of(resolved), w.employee.profile);
	ck_assert_int_eq(assignee_of(closed), w.employee.profile);
	ck_assert_int_eq(count_of("none"), 2);
	ck_assert_int_eq(count_of_profile(w.employee.profile), 2);
	a = GET(w.vendor.token, issue_path(begun, ""));
	expect_text(a, "status", "in_progress");
	expect_null(a, "assigned_to");
	a = GET(w.vendor.token, issue_path(open, "activity/"));
	expect_text(a, "results.2.field", "assigned_to");
	expect_text(a, "results.2.from", w.employee.full_name);
	expect_null(a, "results.2.to");
	expect_text(a, "results.2.actor_name", w.vendor.full_name);
	/* a reopened issue is unassigned as well, no matter who reopens it */
	expect_status(
	    POST(w.customer.token, issue_path(resolved, "reopen/"), NULL), 200);
	expect_status(PATCH(w.vendor.token, issue_path(closed, ""),
			    json("{'status':'open'}")),
		      200);
	ck_assert_int_eq(count_of("none"), 4);
	ck_assert_int_eq(count_of_profile(w.employee.profile), 0);
	/* reactivating does not return issues */
	expect_status(change(w.employee.profile, json("{'is_active':true}")),
		      200);
	ck_assert_int_eq(count_of("none"), 4);
}
END_TEST

START_TEST(a_successor_gets_them)
{
	const struct person heir = make_person("heir", ROLE_EMPLOYEE, w.org);
	const int64_t open = issue_in("open"), closed = issue_in("closed");
	struct answer *a;

	/* so that what follows from raising them comes before */
	await_derived();
	a = change(w.employee.profile, json("{'is_active':false,"
					    "'successor':%lld}",
					    (long long)heir.profile));
	expect_status(a, 200);
	expect_bool(a, "employee.is_active", false);
	ck_assert_int_eq(assignee_of(open), heir.profile);
	ck_assert_int_eq(assignee_of(closed), w.employee.profile);
	ck_assert_int_eq(count_of_profile(heir.profile), 1);
	ck_assert_int_eq(count_of("none"), 0);
	a = GET(heir.token, issue_path(open, ""));
	expect_text(a, "status", "open");
	a = GET(heir.token, "/api/notifications/");
	expect_text(a, "results.0.kind", "assigned");
	expect_int(a, "results.0.issue", open);
	a = GET(w.vendor.token, issue_path(open, "activity/"));
	expect_text(a, "results.2.to", heir.full_name);
}
END_TEST

START_TEST(valid_successors)
{
	const struct person gone = make_person("gone", ROLE_EMPLOYEE, w.org);
	const int64_t issue = issue_in("open");
	const int64_t wrong[] = {gone.profile, w.employee.profile,
				 w.outsider.profile, w.customer.profile,
				 999999999};
	struct answer *a;

	expect_status(change(gone.profile, json("{'is_active':false}")), 200);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		a = change(w.employee.profile,
			   json("{'is_active':false,'successor':%lld}",
				(long long)wrong[i]));
		expect_error(a, 400, "invalid", "successor");
	}
	a = change(w.employee.profile,
		   json("{'successor':%lld}", (long long)w.vendor.profile));
	expect_error(a, 400, "invalid", "successor");
	a = change(w.employee.profile,
		   json("{'is_active':true,'successor':%lld}",
			(long long)w.vendor.profile));
	expect_error(a, 400, "invalid", "successor");
	expect_status(GET(w.employee.token, "/api/issues/"), 200);
	ck_assert_int_eq(assignee_of(issue), w.employee.profile);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM handover "
				 "WHERE organization_id = ?",
				 ARGS(arg_int(w.org))),
			 0);
}
END_TEST

/* More issues than a batch: docket-sync does the rest, also after a process
 * that was interrupted. */
START_TEST(docket_sync_hands_over_the_rest)
{
	const struct person heir = make_person("heir", ROLE_EMPLOYEE, w.org);
	const int64_t first = issue_in("closed");

	for (int i = 0; i < 70; i++)
		(void)issue_in("open");
	expect_status(change(w.employee.profile,
			     json("{'is_active':false,'successor':%lld}",
				  (long long)heir.profile)),
		      200);
	ck_assert_int_ge(count_of_profile(heir.profile), 40);
	ck_assert_int_eq(sql_await(0,
				   "SELECT COUNT(*) FROM handover "
				   "WHERE organization_id = ?",
				   ARGS(arg_int(w.org))),
			 0);
	ck_assert_int_eq(count_of_profile(heir.profile), 70);
	ck_assert_int_eq(count_of_profile(w.employee.profile), 1);
	ck_assert_int_eq(assignee_of(first), w.employee.profile);
	/* there is not a notification for every issue */
	await_derived();
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM notification "
				 "WHERE user_id = ? AND kind = 'assigned'",
				 ARGS(arg_int(heir.user))),
			 49);
}
END_TEST

/* Issues that are assigned while the employee is deactivated. */
START_TEST(issues_assigned_meanwhile_are_handed_over)
{
	const char *leave = json("{'is_active':false}");
	const char *assign =
	    json("{'assigned_to':%lld}", (long long)w.employee.profile);
	struct request list[16];

	for (size_t i = 0; i < COUNT(list); i++) {
		const int64_t id = raise_issue(&w.customer, w.org, "At once");

		list[i] = (struct request){.method = "PATCH",
					   .token = w.vendor.token,
					   .path = issue_path(id, ""),
					   .body = assign,
					   .body_len = strlen(assign)};
	}
	list[COUNT(list) / 2].path =
	    text("/api/employees/%lld/", (long long)w.employee.profile);
	list[COUNT(list) / 2].body = leave;
	list[COUNT(list) / 2].body_len = strlen(leave);
	(void)send_all(list, COUNT(list));
	ck_assert_int_eq(sql_await(0,
				   "SELECT COUNT(*) FROM handover "
				   "WHERE organization_id = ?",
				   ARGS(arg_int(w.org))),
			 0);
	ck_assert_int_eq(count_of_profile(w.employee.profile), 0);
	ck_assert_int_eq(count_of("none"), (int64_t)COUNT(list));
}
END_TEST

Suite *
leavers_suite(void)
{
	Suite *s = suite_create("leavers");
	TCase *t = add_case(s, "leavers", set_up);

	tcase_add_test(t, their_issues_are_unassigned);
	tcase_add_test(t, a_successor_gets_them);
	tcase_add_test(t, valid_successors);
	tcase_add_test(t, docket_sync_hands_over_the_rest);
	tcase_add_test(t, issues_assigned_meanwhile_are_handed_over);
	return s;
}
