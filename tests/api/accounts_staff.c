/* The staff of an organization: inviting, deactivating, and the last owner. */

#include <string.h>

#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

#define EMPLOYEE_PATH(id) text("/api/employees/%lld/", (long long)(id))

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

START_TEST(staff_list)
{
	struct answer *a = GET(w.employee.token, "/api/employees/");

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 2);
	expect_text(a, "results.0.full_name", w.employee.full_name);
	expect_text(a, "results.1.full_name", w.vendor.full_name);
	expect_int(a, "results.0.id", w.employee.profile);
	expect_int(GET(w.outsider.token, "/api/employees/"), "count", 1);
}
END_TEST

/* An employee is invited, sets a password, gets issues, and is deactivated. */
START_TEST(an_employee_is_invited_and_deactivated)
{
	const char *name = unique("new");
	struct answer *a =
	    POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s@example.com','username':'%s',"
		      "'first_name':'New','last_name':'One'}",
		      name, name));
	const char *token, *set;
	int64_t id;

	expect_status(a, 201);
	id = int_at(a, "employee.id");
	expect_text(a, "employee.full_name", "New One");
	/* the link is mailed, so the response must not contain it */
	expect_null(a, "invite_url");
	expect_time(a, "expires_at");
	set = json("{'token':'%s','new_password':'chosen by me'}",
		   make_password_link(int_at(a, "employee.user")));
	expect_status(POST(NULL, "/api/auth/password-reset/confirm/", set),
		      200);
	a = POST(NULL, "/api/auth/password-reset/confirm/", set);
	expect_error(a, 400, "invalid", "token");

	a = login(name, "chosen by me");
	expect_status(a, 200);
	expect_text(a, "user.active_profile.profile_type", "employee");
	expect_int(a, "user.active_profile.organization.id", w.org);
	token = text_at(a, "token");
	expect_status(GET(token, "/api/issues/"), 200);

	a = PATCH(w.vendor.token, EMPLOYEE_PATH(id),
		  json("{'is_active':false}"));
	expect_status(a, 200);
	a = GET(token, "/api/issues/");
	expect(a, a->status == 401 || a->status == 403);
	expect_int(GET(w.vendor.token, "/api/employees/"), "count", 2);
	expect_int(GET(w.vendor.token, "/api/employees/?all=true"), "count", 3);
	a = POST(w.vendor.token,
		 issue_path(raise_issue(&w.customer, w.org, "t"), "assign/"),
		 json("{'employee_id':%lld}", (long long)id));
	expect_error(a, 400, "invalid", "employee_id");
}
END_TEST

/* An owner can neither put an existing login on the staff, nor learn whose
 * address it is. */
START_TEST(an_existing_login_must_accept_an_invitation)
{
	struct answer *a = POST(w.vendor.token, "/api/employees/",
				json("{'email':'%s'}", w.stranger.email));

	/* the same response as for a new person; they have to accept */
	expect_status(a, 201);
	expect_null(a, "invite_url");
	a = GET(w.stranger.token, "/api/users/me/");
	expect(a, length_at(a, "profiles") == 1);
	a = POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s'}", w.employee.email));
	expect_error(a, 400, "invalid", "email");
}
END_TEST

/* Filters by a person of another organization count nothing. */
START_TEST(counts_are_the_organizations_own)
{
	(void)raise_issue(&w.customer, w.org, "counted");
	expect_int(GET(w.outsider.token, json("/api/issues/?assigned_to=%lld",
					      (long long)w.employee.profile)),
		   "count", 0);
	for (int64_t id = 1; id < 20; id++)
		expect_int(GET(w.outsider.token,
			       json("/api/issues/?raised_by_customer=%lld",
				    (long long)id)),
			   "count", 0);
}
END_TEST

/* An organization without an owner could not get one by the API. */
START_TEST(the_last_owner_stays)
{
	struct answer *a =
	    PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'is_active':false}"));

	expect_error_shape(a, 400, "invalid");
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'profile_type':'employee'}"));
	expect_error_shape(a, 400, "invalid");
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.employee.profile),
		  json("{'profile_type':'vendor'}"));
	expect_status(a, 200);
	/* an invited owner who has not accepted does not count */
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'profile_type':'employee'}"));
	expect_error_shape(a, 400, "invalid");
	set_password(&w.employee, "a password");
	expect_status(PATCH(w.employee.token, EMPLOYEE_PATH(w.vendor.profile),
			    json("{'profile_type':'employee'}")),
		      200);
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.employee.profile),
		  json("{'is_active':true}"));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

Suite *
accounts_staff_suite(void)
{
	Suite *s = suite_create("accounts_staff");
	TCase *t = add_case(s, "accounts_staff", set_up);

	tcase_add_test(t, staff_list);
	tcase_add_test(t, an_employee_is_invited_and_deactivated);
	tcase_add_test(t, an_existing_login_must_accept_an_invitation);
	tcase_add_test(t, counts_are_the_organizations_own);
	tcase_add_test(t, the_last_owner_stays);
	return s;
}
