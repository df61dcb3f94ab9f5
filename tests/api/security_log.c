/* The security log: who logged in, changed access or exported data. */

#include "security_entries.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

START_TEST(logins_are_logged)
{
	struct answer *a;

	set_password(&w.employee, "the right one");
	expect_status(login(w.employee.username, "a wrong one"), 400);
	a = log_of(&w.employee, true);
	expect_newest(a, "login_failed", NULL, w.employee.user);
	expect_without(a, "a wrong one");
	expect_status(login(w.employee.username, "the right one"), 200);
	a = log_of(&w.employee, true);
	expect_newest(a, "login", &w.employee, w.employee.user);
	/* and the owner of the organization sees both */
	a = log_of(&w.vendor, false);
	expect_newest(a, "login", &w.employee, w.employee.user);
	expect_int(a, "count", 2);
	expect_int(log_of(&w.vendor, true), "count", 0);
}
END_TEST

START_TEST(a_sign_up_is_logged)
{
	const char *name = unique("signed");
	const struct answer *a =
	    POST(NULL, "/api/users/",
		 json("{'username':'%s','email':'%s@example.com',"
		      "'password':'a long pass phrase'}",
		      name, name));

	expect_status(a, 201);
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM security_log WHERE user_id = ? "
		    "AND actor_id = user_id AND event = 'signed_up' "
		    "AND address = '127.0.0.1'",
		    ARGS(arg_int(int_at(a, "user.id")))),
	    1);
}
END_TEST

START_TEST(logins_of_customers_are_private)
{
	set_password(&w.customer, "the right one");
	(void)raise_issue(&w.customer, w.org, "Subject");
	expect_status(login(w.customer.username, "the right one"), 200);
	expect_newest(log_of(&w.customer, true), "login", &w.customer,
		      w.customer.user);
	expect_int(log_of(&w.vendor, false), "count", 0);
	expect_int(log_of(&w.stranger, true), "count", 0);
}
END_TEST

START_TEST(passwords_tokens_and_logouts_are_logged)
{
	struct answer *a;

	set_password(&w.employee, "the old one");
	expect_status(POST(w.employee.token, "/api/auth/change-password/",
			   json("{'old_password':'the old one',"
				"'new_password':'the new one'}")),
		      200);
	expect_newest(log_of(&w.vendor, false), "password_changed", &w.employee,
		      w.employee.user);
	a = POST(w.employee.token, "/api/tokens/", json("{'name':'ci'}"));
	expect_status(a, 201);
	expect_newest(log_of(&w.vendor, false), "token_made", &w.employee,
		      w.employee.user);
	expect_text(log_of(&w.vendor, false), "results.0.details", "ci");
	expect_without(log_of(&w.vendor, false), text_at(a, "token"));
	expect_status(
	    DELETE(w.employee.token,
		   text("/api/tokens/%lld/", (long long)int_at(a, "id"))),
	    204);
	expect_newest(log_of(&w.vendor, false), "token_ended", &w.employee,
		      w.employee.user);
	expect_status(POST(w.employee.token, "/api/auth/logout/", NULL), 200);
	expect_newest(log_of(&w.vendor, false), "logout", &w.employee,
		      w.employee.user);
}
END_TEST

START_TEST(roles_and_exports_are_logged)
{
	struct answer *a;

	set_password(&w.vendor, "an owner who stays");
	expect_status(
	    PATCH(w.vendor.token,
		  text("/api/employees/%lld/", (long long)w.employee.profile),
		  json("{'profile_type':'vendor'}")),
	    200);
	a = log_of(&w.vendor, false);
	expect_newest(a, "role_changed", &w.vendor, w.employee.user);
	expect_text(a, "results.0.details", "vendor");
	expect_text(a, "results.0.user_name", w.employee.full_name);
	expect_status(
	    PATCH(w.vendor.token,
		  text("/api/employees/%lld/", (long long)w.employee.profile),
		  json("{'is_active':false}")),
	    200);
	expect_newest(log_of(&w.vendor, false), "role_deactivated", &w.vendor,
		      w.employee.user);
	/* a request that changes nothing adds no entry */
	expect_status(
	    PATCH(w.vendor.token,
		  text("/api/employees/%lld/", (long long)w.employee.profile),
		  json("{'is_active':false}")),
	    200);
	expect_int(log_of(&w.vendor, false), "count", 2);
	expect_status(GET(w.vendor.token, "/api/issues/export/"), 200);
	expect_newest(log_of(&w.vendor, false), "issues_exported", &w.vendor,
		      w.vendor.user);
}
END_TEST

START_TEST(links_of_teams_are_logged)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);

	sql_run("UPDATE organization SET linear_team_id = UUID() WHERE id = ?",
		ARGS(arg_int(w.org)));
	expect_status(
	    PATCH(w.vendor.token, path, json("{'linear_team_id':null}")), 200);
	expect_newest(log_of(&w.vendor, false), "team_untied", &w.vendor, 0);
	/* there is none any more */
	expect_status(
	    PATCH(w.vendor.token, path, json("{'linear_team_id':null}")), 200);
	expect_status(
	    PATCH(w.vendor.token, path, json("{'name':'%s'}", unique("other"))),
	    200);
	expect_int(log_of(&w.vendor, false), "count", 1);
}
END_TEST

START_TEST(only_owners_read_the_log)
{
	struct answer *a = GET(w.employee.token, "/api/security-log/");

	expect_error(a, 403, "permission_denied", NULL);
	a = GET(w.customer.token, "/api/security-log/");
	expect_error(a, 403, "permission_denied", NULL);
	a = GET(w.employee.token, "/api/security-log/?mine=false");
	expect_error(a, 403, "permission_denied", NULL);
	/* a page at a time */
	for (int i = 0; i < 3; i++)
		expect_status(GET(w.vendor.token, "/api/issues/export/"), 200);
	a = GET(w.vendor.token, "/api/security-log/?page_size=2");
	expect_int(a, "count", 3);
	expect(a, length_at(a, "results") == 2);
	expect(a, length_at(GET(w.vendor.token, text_at(a, "next")),
			    "results") == 1);
	expect_error(GET(w.vendor.token, "/api/security-log/?page=9"), 404,
		     "not_found", NULL);
	expect_error(POST(w.vendor.token, "/api/security-log/", "{}"), 405,
		     "method_not_allowed", NULL);
}
END_TEST

Suite *
security_log_suite(void)
{
	Suite *s = suite_create("security_log");
	TCase *t = add_case(s, "log", set_up);

	tcase_add_test(t, logins_are_logged);
	tcase_add_test(t, a_sign_up_is_logged);
	tcase_add_test(t, logins_of_customers_are_private);
	tcase_add_test(t, passwords_tokens_and_logouts_are_logged);
	tcase_add_test(t, roles_and_exports_are_logged);
	tcase_add_test(t, links_of_teams_are_logged);
	tcase_add_test(t, only_owners_read_the_log);
	return s;
}
