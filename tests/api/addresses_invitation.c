/* Invitations by mail. */

#include "addresses.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"
#include "web/input.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

static struct answer *
invite(const struct person *owner, const char *email, const char *role)
{
	return POST(owner->token, "/api/employees/",
		    json("{'email':'%s','profile_type':'%s'}", email, role));
}

static struct answer *
answer_invitation(const char *token, int64_t id, const char *how)
{
	return POST(
	    token, text("/api/invitations/%lld/%s/", (long long)id, how), NULL);
}

/* An invited person sets a password by the link, which proves the address. */
START_TEST(an_invitation_proves_the_address)
{
	const char *email = fresh_address();
	struct answer *a = invite(&w.vendor, email, "employee");
	int64_t user, squatter;

	expect_status(a, 201);
	expect_null(a, "invite_url");
	user = int_at(a, "employee.user");
	ck_assert_int_eq(mails_to(email, "invitation"), 1);
	expect_error(invite(&w.vendor, email, "employee"), 400, "invalid",
		     "email");
	/* another account that names the address gets nothing */
	a = GET(sign_up(unique("squats"), email, &squatter),
		"/api/invitations/");
	expect_int(a, "count", 0);

	expect_status(POST(NULL, "/api/auth/password-reset/confirm/",
			   json("{'token':'%s','new_password':'" PASSWORD "'}",
				make_password_link(user))),
		      200);
	a = login(email, PASSWORD);
	expect_int(a, "user.id", user);
	expect_bool(a, "user.email_verified", true);
	expect_text(a, "user.active_profile.profile_type", "employee");
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM invitation i JOIN profile p "
		    "ON p.id = i.profile_id WHERE p.user_id = ?",
		    ARGS(arg_int(user))),
	    0);
}
END_TEST

/* Nor does a link that sets a password replace it. */
START_TEST(an_expired_invitation_cannot_be_accepted)
{
	const char *email = text("%s@example.com", unique("late"));
	const char *mails = "SELECT COUNT(*) FROM mail_job WHERE user_id = ? "
			    "AND kind = 'password_reset'";
	int64_t user;

	expect_status(invite(&w.vendor, email, "vendor"), 201);
	user = sql_int("SELECT id FROM user WHERE email = ?",
		       ARGS(arg_text(email)));
	sql_run("UPDATE invitation i JOIN profile p ON p.id = i.profile_id "
		"SET i.expires_at = NOW(6) - INTERVAL 1 SECOND "
		"WHERE p.user_id = ?",
		ARGS(arg_int(user)));
	expect_status(POST(NULL, "/api/auth/password-reset/",
			   json("{'email':'%s'}", email)),
		      200);
	ck_assert_int_eq(sql_int(mails, ARGS(arg_int(user))), 0);
	/* after another invitation, it does */
	expect_status(invite(&w.vendor, email, "employee"), 201);
	sql_run("DELETE FROM mail_share", NO_ARGS);
	expect_status(POST(NULL, "/api/auth/password-reset/",
			   json("{'email':'%s'}", email)),
		      200);
	ck_assert_int_eq(sql_int(mails, ARGS(arg_int(user))), 1);
}
END_TEST

START_TEST(a_person_with_a_login_accepts)
{
	struct person *p = &w.stranger;
	struct answer *a = invite(&w.vendor, p->email, "vendor");
	const int64_t profile = int_at(a, "employee.id"),
		      waiting = int_at(a, "employee.user");
	int64_t id;

	expect_status(a, 201);
	a = GET(p->token, "/api/invitations/");
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 1);
	expect_keys(a, "results.0",
		    "id organization profile_type created_at expires_at");
	expect_int(a, "results.0.organization.id", w.org);
	expect_text(a, "results.0.profile_type", "vendor");
	id = int_at(a, "results.0.id");

	/* nobody else can accept */
	expect_int(GET(w.customer.token, "/api/invitations/"), "count", 0);
	expect_error(answer_invitation(NULL, id, "accept"), 401,
		     "not_authenticated", NULL);
	expect_error(answer_invitation(w.customer.token, id, "accept"), 404,
		     "not_found", NULL);
	expect_error(answer_invitation(w.vendor.token, id, "decline"), 404,
		     "not_found", NULL);
	/* nor set another password for that address */
	a = POST(NULL, "/api/auth/password-reset/confirm/",
		 json("{'token':'%s','new_password':'" PASSWORD "'}",
		      make_password_link(waiting)));
	expect_error(a, 400, "invalid", "token");

	expect_status(answer_invitation(p->token, id, "accept"), 200);
	a = GET(p->token, "/api/users/me/");
	expect(a, length_at(a, "profiles") == 2);
	expect_int(a, "active_profile.id", p->profile);
	expect_int(a, "profiles.1.id", profile);
	a = GET(w.vendor.token, "/api/employees/");
	expect_int(a, "count", 3);
	expect_error(answer_invitation(p->token, id, "accept"), 404,
		     "not_found", NULL);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM user WHERE id = ?",
				 ARGS(arg_int(waiting))),
			 0);
}
END_TEST

/* A password was asked for in the login that the invitation is in, before the
 * person signed up. */
START_TEST(a_person_accepts_after_a_reset)
{
	const char *email = text("%s@example.com", unique("both")), *token;
	struct answer *a = invite(&w.vendor, email, "employee");
	const int64_t waiting = int_at(a, "employee.user");
	int64_t user;

	expect_status(a, 201);
	expect_status(POST(NULL, "/api/auth/password-reset/",
			   json("{'email':'%s'}", email)),
		      200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM mail_job WHERE "
				 "user_id = ? AND kind = 'password_reset'",
				 ARGS(arg_int(waiting))),
			 1);
	token = sign_up(unique("both"), email, &user);
	expect_status(confirm_address(token, make_proof(user)), 200);
	a = GET(token, "/api/invitations/");
	expect_int(a, "count", 1);
	expect_status(
	    answer_invitation(token, int_at(a, "results.0.id"), "accept"), 200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM profile "
				 "WHERE user_id = ? AND organization_id = ?",
				 ARGS(arg_int(user), arg_int(w.org))),
			 1);
}
END_TEST

START_TEST(declining_deactivates_the_profile)
{
	struct person *p = &w.stranger;
	struct answer *a = invite(&w.vendor, p->email, "employee");
	const int64_t profile = int_at(a, "employee.id");
	int64_t id = int_at(GET(p->token, "/api/invitations/"), "results.0.id");

	expect_status(answer_invitation(p->token, id, "decline"), 200);
	expect_error(answer_invitation(p->token, id, "accept"), 404,
		     "not_found", NULL);
	expect_int(GET(p->token, "/api/invitations/"), "count", 0);
	expect_int(GET(w.vendor.token, "/api/employees/"), "count", 2);
	/* another invitation uses the same profile */
	a = invite(&w.vendor, p->email, "employee");
	expect_status(a, 201);
	expect_int(a, "employee.id", profile);
	id = int_at(GET(p->token, "/api/invitations/"), "results.0.id");
	expect_status(answer_invitation(p->token, id, "accept"), 200);
}
END_TEST

/* Invitations to an unproved address, ended and expired ones do nothing. */
START_TEST(invalid_invitations)
{
	struct person *p = &w.stranger;
	struct answer *a = invite(&w.vendor, p->email, "employee");
	const int64_t profile = int_at(a, "employee.id");
	const int64_t id =
	    int_at(GET(p->token, "/api/invitations/"), "results.0.id");

	sql_run("UPDATE user SET email_verified = FALSE WHERE id = ?",
		ARGS(arg_int(p->user)));
	expect_int(GET(p->token, "/api/invitations/"), "count", 0);
	expect_error(answer_invitation(p->token, id, "accept"), 404,
		     "not_found", NULL);
	sql_run("UPDATE user SET email_verified = TRUE WHERE id = ?",
		ARGS(arg_int(p->user)));
	sql_run("UPDATE invitation SET expires_at = NOW(6) - INTERVAL 1 DAY "
		"WHERE id = ?",
		ARGS(arg_int(id)));
	expect_error(answer_invitation(p->token, id, "accept"), 404,
		     "not_found", NULL);
	sql_run("UPDATE invitation SET expires_at = NOW(6) + INTERVAL 1 DAY "
		"WHERE id = ?",
		ARGS(arg_int(id)));
	expect_status(PATCH(w.vendor.token,
			    text("/api/employees/%lld/", (long long)profile),
			    json("{'is_active':false}")),
		      200);
	expect_error(answer_invitation(p->token, id, "accept"), 404,
		     "not_found", NULL);
	a = GET(p->token, "/api/users/me/");
	expect(a, length_at(a, "profiles") == 1);
}
END_TEST

/* Two organizations invite a person without an account: the first link creates
 * one, where the person then finds the second invitation. */
START_TEST(two_organizations_invite)
{
	const char *email = fresh_address(), *token;
	struct person other = make_person("owner", ROLE_VENDOR, w.other_org);
	const int64_t one =
	    int_at(invite(&w.vendor, email, "employee"), "employee.user");
	const int64_t two =
	    int_at(invite(&other, email, "employee"), "employee.user");
	struct answer *a;

	ck_assert_int_ne(one, two);
	expect_status(POST(NULL, "/api/auth/password-reset/confirm/",
			   json("{'token':'%s','new_password':'" PASSWORD "'}",
				make_password_link(one))),
		      200);
	a = login(email, PASSWORD);
	expect_int(a, "user.id", one);
	token = text_at(a, "token");
	a = GET(token, "/api/invitations/");
	expect_int(a, "count", 1);
	expect_int(a, "results.0.organization.id", w.other_org);
	expect_status(
	    answer_invitation(token, int_at(a, "results.0.id"), "accept"), 200);
	a = GET(token, "/api/users/me/");
	expect(a, length_at(a, "profiles") == 2);
}
END_TEST

Suite *
addresses_invitation_suite(void)
{
	Suite *s = suite_create("addresses_invitation");
	TCase *t = add_case(s, "invitations", set_up);

	tcase_add_test(t, an_invitation_proves_the_address);
	tcase_add_test(t, an_expired_invitation_cannot_be_accepted);
	tcase_add_test(t, a_person_with_a_login_accepts);
	tcase_add_test(t, a_person_accepts_after_a_reset);
	tcase_add_test(t, declining_deactivates_the_profile);
	tcase_add_test(t, invalid_invitations);
	tcase_add_test(t, two_organizations_invite);
	return s;
}
