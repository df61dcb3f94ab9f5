/* What existing clients do with accounts, and how they raise issues. */

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

/* POST /api/issues/ by a customer raises an issue. */
START_TEST(customers_create_by_raising)
{
	struct answer *a = POST(w.customer.token, "/api/issues/",
				json("{'organization':%lld," PLAIN_ISSUE
				     ",'priority':'critical'}",
				     (long long)w.org));

	expect_status(a, 201);
	expect_keys(a, "", "message issue linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	expect_int(a, "issue.organization", w.org);
	expect_text(a, "issue.priority", "urgent");
	a = POST(
	    w.employee.token, "/api/issues/",
	    json("{'organization':%lld," PLAIN_ISSUE "}", (long long)w.org));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

/* Raising an issue without naming an organization. */
START_TEST(raise_without_an_organization)
{
	static const char *const paths[] = {"/api/issues/raise/",
					    "/api/issues/"};

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct person p = make_person("fresh", ROLE_CUSTOMER, 0);
		struct answer *a =
		    POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));

		/* there are several organizations */
		expect_error(a, 400, "invalid", "organization");
		raise_issue(&p, w.other_org, "First");
		a = POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));
		expect_status(a, 201);
		expect_int(a, "issue.organization", w.other_org);
		a = POST(p.token, paths[i],
			 json("{'organization':null," PLAIN_ISSUE "}"));
		expect_int(a, "issue.organization", w.other_org);
		raise_issue(&p, w.org, "Elsewhere");
		a = POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));
		expect_error(a, 400, "invalid", "organization");
	}
}
END_TEST

/* The only active organization is the default. */
START_TEST(raise_with_the_only_organization)
{
	struct person p = make_person("fresh", ROLE_CUSTOMER, 0);
	struct answer *a;

	sql_run(
	    "UPDATE organization SET is_active = FALSE, "
	    "linear_team_name = CONCAT('#', COALESCE(linear_team_name, '')) "
	    "WHERE is_active AND id <> ?",
	    ARGS(arg_int(w.org)));
	a = POST(p.token, "/api/issues/raise/", json("{" PLAIN_ISSUE "}"));
	sql_run("UPDATE organization SET is_active = TRUE, linear_team_name = "
		"NULLIF(SUBSTRING(linear_team_name, 2), '') "
		"WHERE linear_team_name LIKE '#%'",
		NO_ARGS);
	expect_status(a, 201);
	expect_int(a, "issue.organization", w.org);
	expect_int(GET(p.token, "/api/users/me/"),
		   "active_profile.organization_id", w.org);
}
END_TEST

/* Whichever worker responds, and whatever name it has cached. */
static void
expect_name_everywhere(int64_t id, const char *name)
{
	for (int i = 0; i < 30; i++) {
		struct answer *a = GET(w.employee.token, "/api/issues/");

		expect_int(a, "results.0.id", id);
		expect_text(a, "results.0.raised_by_customer_name", name);
		a = GET(w.employee.token, issue_path(id, ""));
		expect_text(a, "raised_by_customer_name", name);
	}
}

/* By both paths; others see the new name at once. */
START_TEST(own_name)
{
	static const char *const paths[] = {"/api/users/me/",
					    "/api/users/update_profile/"};

	for (size_t i = 0; i < COUNT(paths); i++) {
		const char *name = unique("Ann");
		struct answer *a = PATCH(
		    w.customer.token, paths[i],
		    json("{'first_name':'%s','last_name':'  Lee '}", name));
		int64_t id;

		expect_status(a, 200);
		expect_keys(a, "", USER_KEYS);
		expect_text(a, "first_name", name);
		expect_text(a, "last_name", "Lee");
		expect_text(a, "full_name", text("%s Lee", name));
		expect_bool(a, "wants_mail", true);
		id = raise_issue(&w.customer, w.org, "t");
		a = GET(w.employee.token, issue_path(id, ""));
		expect_text(a, "raised_by_customer_name", text("%s Lee", name));
		expect_text(a, "created_by_name", text("%s Lee", name));
		expect_name_everywhere(id, text("%s Lee", name));
		/* one field; fields that cannot be changed here are ignored */
		a = PATCH(w.customer.token, paths[i],
			  json("{'last_name':'','username':'x','email':'y',"
			       "'is_active':false}"));
		expect_text(a, "full_name", name);
		expect_text(a, "username", w.customer.username);
		expect_text(a, "email", w.customer.email);
		a = PATCH(w.customer.token, paths[i],
			  json("{'wants_mail':false}"));
		expect_bool(a, "wants_mail", false);
		expect_text(a, "first_name", name);
		expect_status(PATCH(w.customer.token, paths[i], "{}"), 200);
		a = PATCH(w.customer.token, paths[i],
			  json("{'wants_mail':true}"));
		expect_bool(a, "wants_mail", true);
	}
}
END_TEST

/* The password is sent twice, as people type it. */
START_TEST(password_typed_twice)
{
	static const char *const others[] = {
	    "battery staple!", "Battery staple", " battery staple"};
	const char *path = "/api/auth/change-password/";
	struct answer *a;

	set_password(&w.customer, "correct horse");
	for (size_t i = 0; i < COUNT(others); i++) {
		a = POST(w.customer.token, path,
			 json("{'old_password':'correct horse',"
			      "'new_password':'battery staple',"
			      "'new_password_confirm':'%s'}",
			      others[i]));
		expect_error(a, 400, "invalid", "new_password_confirm");
		a = POST(NULL, "/api/auth/password-reset/confirm/",
			 json("{'token':'x','new_password':'battery staple',"
			      "'new_password_confirm':'%s'}",
			      others[i]));
		expect_error(a, 400, "invalid", "new_password_confirm");
	}
	a = POST(w.customer.token, path,
		 json("{'old_password':'correct horse',"
		      "'new_password':'battery staple',"
		      "'new_password_confirm':'battery staple'}"));
	expect_status(a, 200);
}
END_TEST

Suite *
clients_accounts_suite(void)
{
	Suite *s = suite_create("clients_accounts");
	TCase *t = add_case(s, "accounts", set_up);

	tcase_add_test(t, own_name);
	tcase_add_test(t, password_typed_twice);
	t = add_case(s, "raising", set_up);
	tcase_add_test(t, customers_create_by_raising);
	tcase_add_test(t, raise_without_an_organization);
	tcase_add_test(t, raise_with_the_only_organization);
	return s;
}
