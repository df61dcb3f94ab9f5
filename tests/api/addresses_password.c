/* Passwords by mail. */

#include "addresses.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "web/input.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* A link that moves the account elsewhere does not outlive a new password: the
 * person who asked for it may have been somebody else. */
START_TEST(a_new_password_cancels_a_change)
{
	const char *email = fresh_address(), *name = unique("moves");
	const char *token, *proof, *link, *body;
	int64_t user;

	token = sign_up(name, email, &user);
	if (_i) { /* by a mailed link */
		link = make_password_link(user);
		expect_status(change_address(token, fresh_address(), PASSWORD),
			      200);
		proof = make_proof(user);
		body =
		    json("{'token':'%s','new_password':'" PASSWORD "'}", link);
		expect_status(
		    POST(NULL, "/api/auth/password-reset/confirm/", body), 200);
		token = text_at(login(email, PASSWORD), "token");
	} else {
		expect_status(change_address(token, fresh_address(), PASSWORD),
			      200);
		proof = make_proof(user);
		body = json("{'old_password':'" PASSWORD
			    "','new_password':'another password'}");
		expect_status(POST(token, "/api/auth/change-password/", body),
			      200);
	}
	expect_error(confirm_address(token, proof), 400, "invalid", "token");
	expect_text(GET(token, "/api/users/me/"), "email", email);
}
END_TEST

/* An invitation that waits does not catch what a person with an account asks
 * for. */
START_TEST(a_reset_is_for_an_account_with_a_password)
{
	const char *email = fresh_address();
	const char *body = json("{'email':'%s'}", email);
	int64_t user;

	expect_status(POST(w.vendor.token, "/api/employees/", body), 201);
	(void)sign_up(unique("asks"), email, &user);
	expect_status(POST(NULL, "/api/auth/password-reset/", body), 200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM mail_job "
				 "WHERE kind = 'password_reset' "
				 "AND user_id = ?",
				 ARGS(arg_int(user))),
			 1);
}
END_TEST

/* Setting a password by a mailed link proves the address, and logs everybody
 * out of the account. */
START_TEST(a_mailed_password_proves_the_address)
{
	const char *email = fresh_address(), *squatter = unique("squats");
	int64_t user;
	const char *token = sign_up(squatter, email, &user), *personal, *link;

	personal =
	    text_at(POST(token, "/api/tokens/", json("{'name':'n'}")), "token");
	expect_status(POST(NULL, "/api/auth/password-reset/",
			   json("{'email':'%s'}", email)),
		      200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM mail_job "
				 "WHERE kind = 'password_reset' "
				 "AND user_id = ?",
				 ARGS(arg_int(user))),
			 1);
	link = make_password_link(user);
	expect_status(POST(NULL, "/api/auth/password-reset/confirm/",
			   json("{'token':'%s','new_password':"
				"'another password'}",
				link)),
		      200);
	expect_status(GET(token, "/api/users/me/"), 401);
	expect_status(GET(personal, "/api/users/me/"), 401);
	expect_status(login(squatter, PASSWORD), 400);
	expect_bool(POST(NULL, "/api/auth/login/",
			 json("{'username':'%s','password':"
			      "'another password'}",
			      email)),
		    "user.email_verified", true);
}
END_TEST

/* A reset by address goes to the account that has proved it. */
START_TEST(a_reset_goes_to_the_proved_account)
{
	int64_t user;

	sign_up(unique("squats"), w.customer.email, &user);
	expect_status(POST(NULL, "/api/auth/password-reset/",
			   json("{'email':'%s'}", w.customer.email)),
		      200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM mail_job "
				 "WHERE kind = 'password_reset' "
				 "AND user_id IN (?, ?)",
				 ARGS(arg_int(user), arg_int(w.customer.user))),
			 1);
	ck_assert_int_eq(sql_int("SELECT user_id FROM mail_job "
				 "WHERE kind = 'password_reset' "
				 "AND user_id IN (?, ?)",
				 ARGS(arg_int(user), arg_int(w.customer.user))),
			 w.customer.user);
}
END_TEST

Suite *
addresses_password_suite(void)
{
	Suite *s = suite_create("addresses_password");
	TCase *t = add_case(s, "passwords", set_up);

	tcase_add_loop_test(t, a_new_password_cancels_a_change, 0, 2);
	tcase_add_test(t, a_reset_is_for_an_account_with_a_password);
	tcase_add_test(t, a_mailed_password_proves_the_address);
	tcase_add_test(t, a_reset_goes_to_the_proved_account);
	return s;
}
