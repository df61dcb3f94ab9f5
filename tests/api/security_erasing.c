/* Erasing a person. */

#include "files.h"
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

static struct answer *
erase(const char *token, const char *password)
{
	return POST(token, "/api/users/me/erase/",
		    json("{'password':'%s'}", password));
}

START_TEST(a_person_is_erased)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "Subject");
	const char *name = w.customer.full_name, *mail = w.customer.email;
	int64_t own, theirs, removed;
	struct answer *a;

	set_password(&w.customer, "the right one");
	expect_status(POST(w.customer.token, client_path(issue, "comment/"),
			   json("{'comment':'kept'}")),
		      201);
	own = int_at(upload_text(w.customer.token, files_path(issue),
				 "mine.txt", "12345"),
		     "attachment.id");
	theirs = int_at(upload_text(w.vendor.token, files_path(issue),
				    "theirs.txt", "67890"),
			"attachment.id");
	removed = int_at(upload_text(w.customer.token, files_path(issue),
				     "removed.txt", "abc"),
			 "attachment.id");
	expect_status(DELETE(w.vendor.token, file_path(removed, "")), 204);
	/* as after its grace time */
	sql_run("DELETE FROM attachment WHERE id = ?", ARGS(arg_int(removed)));
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	expect_with(a, "mine.txt");
	expect_with(a, "removed.txt");
	expect_error(erase(w.customer.token, "a wrong one"), 400, "invalid",
		     "password");
	expect_with(GET(w.vendor.token, issue_path(issue, "")), name);
	expect_status(erase(w.customer.token, "the right one"), 200);
	expect_error(GET(w.customer.token, "/api/users/me/"), 401,
		     "invalid_token", NULL);
	expect_status(login(w.customer.username, "the right one"), 400);
	a = GET(w.vendor.token, issue_path(issue, ""));
	expect_text(a, "raised_by_customer_name", "Deleted user");
	expect_text(a, "comments.0.author_name", "Deleted user");
	expect_text(a, "comments.0.content", "kept");
	expect_without(a, name);
	expect_without(a, mail);
	expect_status(GET(w.vendor.token, file_path(own, "")), 404);
	expect_status(GET(w.vendor.token, file_path(theirs, "")), 200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM attachment WHERE id = ? "
				 "AND remove_at <= UTC_TIMESTAMP(6)",
				 ARGS(arg_int(own))),
			 1);
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	expect_without(a, name);
	expect_without(a, "mine.txt");
	expect_without(a, "removed.txt");
	expect_with(a, "theirs.txt");
	expect_without(GET(w.vendor.token, "/api/notifications/"), name);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM security_log "
				 "WHERE user_id = ? AND address IS NOT NULL",
				 ARGS(arg_int(w.customer.user))),
			 0);
}
END_TEST

/* A user name that somebody took before must not keep a person here. */
START_TEST(nobody_can_prevent_an_erasure)
{
	const int64_t user = w.customer.user;

	set_password(&w.customer, "the right one");
	expect_status(
	    POST(NULL, "/api/users/",
		 json("{'username':'deleted-%lld','password':'long enough',"
		      "'email':'%s@example.com'}",
		      (long long)user, unique("squatter"))),
	    201);
	expect_status(erase(w.customer.token, "the right one"), 200);
	ck_assert_int_eq(sql_int("SELECT is_active FROM user WHERE id = ?",
				 ARGS(arg_int(user))),
			 0);
}
END_TEST

START_TEST(the_last_owner_is_not_erased)
{
	struct answer *a;

	set_password(&w.vendor, "the right one");
	a = erase(w.vendor.token, "the right one");
	expect_error(a, 409, "conflict", "non_field_errors");
	expect_with(a, w.org_name);
	expect_text(GET(w.vendor.token, "/api/users/me/"), "email",
		    w.vendor.email);
	/* a personal token may not, even with the password */
	a = make_personal_token(w.vendor.token);
	expect_error(erase(text_at(a, "token"), "the right one"), 403,
		     "permission_denied", NULL);
	sql_run("UPDATE profile SET kind = 'vendor' WHERE id = ?",
		ARGS(arg_int(w.employee.profile)));
	set_password(&w.employee, "another owner");
	expect_status(erase(w.vendor.token, "the right one"), 200);
}
END_TEST

/* Customers read in the history who their issue was assigned to. */
START_TEST(erased_staff_are_not_named_as_assignees)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "Subject");
	const char *history = issue_path(issue, "activity/");

	for (int i = 0; i < 2; i++)
		expect_status(
		    POST(w.vendor.token, issue_path(issue, "assign/"),
			 json("{'employee_id':%lld}",
			      (long long)(i ? w.vendor : w.employee).profile)),
		    200);
	expect_with(GET(w.customer.token, history), w.employee.full_name);
	set_password(&w.employee, "the right one");
	expect_status(erase(w.employee.token, "the right one"), 200);
	expect_without(GET(w.vendor.token, history), w.employee.full_name);
	expect_without(GET(w.customer.token, history), w.employee.full_name);
	expect_with(GET(w.customer.token, history), w.vendor.full_name);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM erasure "
				 "WHERE user_id = ? AND (name IS NOT NULL "
				 "OR done_at IS NULL)",
				 ARGS(arg_int(w.employee.user))),
			 0);
}
END_TEST

/* Each waits in a login that has the address, too. */
START_TEST(invitations_are_erased_with_the_person)
{
	const char *mail = w.customer.email;
	struct answer *a =
	    POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s','first_name':'Ines'}", mail));
	const int64_t id = int_at(a, "employee.id");

	expect_status(a, 201);
	a = GET(w.vendor.token, "/api/employees/");
	expect_with(a, mail);
	set_password(&w.customer, "the right one");
	expect_status(erase(w.customer.token, "the right one"), 200);
	a = GET(w.vendor.token, "/api/employees/");
	expect_without(a, mail);
	expect_without(a, "Ines");
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM user WHERE email = ?",
				 ARGS(arg_text(mail))),
			 0);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM mail_job "
				 "WHERE address = ?",
				 ARGS(arg_text(mail))),
			 0);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM invitation "
				 "WHERE profile_id = ?",
				 ARGS(arg_int(id))),
			 0);
}
END_TEST

/* An account that has not proved the address does not end invitations to it. */
START_TEST(an_unproved_address_ends_no_invitation)
{
	const char *mail = text("%s@example.com", unique("claimed"));
	struct answer *a = POST(w.vendor.token, "/api/employees/",
				json("{'email':'%s'}", mail));

	expect_status(a, 201);
	sql_run("UPDATE user SET email = ?, email_verified = FALSE "
		"WHERE id = ?",
		ARGS(arg_text(mail), arg_int(w.customer.user)));
	set_password(&w.customer, "the right one");
	expect_status(erase(w.customer.token, "the right one"), 200);
	expect_with(GET(w.vendor.token, "/api/employees/"), mail);
}
END_TEST

Suite *
security_erasing_suite(void)
{
	Suite *s = suite_create("security_erasing");
	TCase *t = add_case(s, "erasing", set_up);

	tcase_add_test(t, a_person_is_erased);
	tcase_add_test(t, nobody_can_prevent_an_erasure);
	tcase_add_test(t, the_last_owner_is_not_erased);
	tcase_add_test(t, erased_staff_are_not_named_as_assignees);
	tcase_add_test(t, invitations_are_erased_with_the_person);
	tcase_add_test(t, an_unproved_address_ends_no_invitation);
	return s;
}
