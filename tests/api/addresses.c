/* Proved addresses: how an account gets one, and what an unproved one does not
 * allow. */

#include <string.h>

#include "base/json.h"
#include "desk/email_proof.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"
#include "web/input.h"

#define PASSWORD "long enough"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* Signs up and logs in; returns the token. *user may be NULL. */
static const char *
sign_up(const char *name, const char *email, int64_t *user)
{
	struct answer *a = POST(NULL, "/api/users/",
				json("{'username':'%s','email':'%s',"
				     "'password':'" PASSWORD "'}",
				     name, email));

	expect_status(a, 201);
	if (user)
		*user = int_at(a, "user.id");
	return text_at(login(name, PASSWORD), "token");
}

static struct answer *
confirm(const char *token, const char *proof)
{
	return POST(token, "/api/auth/confirm-email/",
		    json("{'token':'%s'}", proof));
}

static struct answer *
change(const char *token, const char *email, const char *password)
{
	return POST(token, "/api/users/me/email/",
		    json("{'email':'%s','password':'%s'}", email, password));
}

static const char *
fresh_address(void)
{
	return text("%s@example.com", unique("fresh"));
}

static int64_t
mails_to(const char *address, const char *kind)
{
	return sql_int("SELECT COUNT(*) FROM mail_job WHERE kind = ? "
		       "AND address = ?",
		       ARGS(arg_text(kind), arg_text(address)));
}

/* --- the link ------------------------------------------------------------- */

START_TEST(a_sign_up_is_proved_by_its_link)
{
	const char *email = fresh_address(), *name = unique("proves"), *proof;
	int64_t user;
	const char *token = sign_up(name, email, &user);
	struct answer *a = GET(token, "/api/users/me/");

	expect_bool(a, "email_verified", false);
	ck_assert_int_eq(mails_to(email, "confirm_address"), 1);
	expect_status(login(email, PASSWORD), 400);

	proof = make_proof(user);
	expect_error(confirm(NULL, proof), 401, "not_authenticated", NULL);
	expect_error(confirm(w.customer.token, proof), 400, "invalid", "token");
	expect_error(confirm(token, "nonsense"), 400, "invalid", "token");
	expect_bool(GET(token, "/api/users/me/"), "email_verified", false);

	a = confirm(token, proof);
	expect_status(a, 200);
	expect_keys(a, "", USER_KEYS);
	expect_bool(a, "email_verified", true);
	expect_int(login(email, PASSWORD), "user.id", user);
	expect_error(confirm(token, proof), 400, "invalid", "token");
	/* it was proved, not changed: no mail */
	ck_assert_int_eq(mails_to(email, "address_changed"), 0);
}
END_TEST

START_TEST(a_newer_link_ends_the_older)
{
	int64_t user;
	const char *token = sign_up(unique("twice"), fresh_address(), &user);
	const char *older = make_proof(user), *newer = make_proof(user);

	expect_error(confirm(token, older), 400, "invalid", "token");
	expect_status(confirm(token, newer), 200);
}
END_TEST

START_TEST(a_link_expires)
{
	int64_t user;
	const char *token = sign_up(unique("late"), fresh_address(), &user);
	const char *proof = make_proof(user);

	sql_run("UPDATE email_proof SET expires_at = NOW(6) - INTERVAL 1 DAY "
		"WHERE user_id = ?",
		ARGS(arg_int(user)));
	expect_error(confirm(token, proof), 400, "invalid", "token");
}
END_TEST

START_TEST(the_first_proof_gets_the_address)
{
	const char *email = fresh_address();
	int64_t first, second;
	const char *one = sign_up(unique("first"), email, &first);
	const char *two = sign_up(unique("second"), email, &second);
	const char *proof = make_proof(first), *late = make_proof(second);
	struct answer *a;

	expect_status(confirm(two, late), 200);
	a = confirm(one, proof);
	expect_error(a, 400, "invalid", "token");
	expect_bool(GET(one, "/api/users/me/"), "email_verified", false);
	expect_int(login(email, PASSWORD), "user.id", second);
}
END_TEST

/* --- another address ------------------------------------------------------ */

START_TEST(an_address_is_changed)
{
	const char *to = fresh_address(), *proof;
	struct person *p = &w.customer;
	struct answer *a;

	raise_issue(p, w.org, "Printer");
	set_password(p, PASSWORD);
	expect_error(change(p->token, to, "wrong"), 400, "invalid", "password");
	ck_assert_int_eq(mails_to(to, "confirm_address"), 0);
	expect_error(change(p->token, p->email, PASSWORD), 400, "invalid",
		     "email");
	expect_status(change(p->token, to, PASSWORD), 200);
	ck_assert_int_eq(mails_to(to, "confirm_address"), 1);
	/* nothing changes before the link is used */
	a = GET(p->token, "/api/users/me/");
	expect_text(a, "email", p->email);
	expect_bool(a, "email_verified", true);
	expect_status(login(to, PASSWORD), 400);
	expect_status(login(p->email, PASSWORD), 200);
	ck_assert_int_eq(mails_to(p->email, "address_changed"), 0);

	proof = make_proof(p->user);
	expect_text(confirm(p->token, proof), "email", to);
	ck_assert_int_eq(mails_to(p->email, "address_changed"), 1);
	expect_status(login(p->email, PASSWORD), 400);
	expect_int(login(to, PASSWORD), "user.id", p->user);

	/* staff find the person's issues by it */
	index_again();
	a = GET(w.employee.token, text("/api/issues/?search=%s",
				       percent_encode(test_arena(), to)));
	expect_int(a, "count", 1);
}
END_TEST

/* The response is the same for an address that somebody has. */
START_TEST(a_new_address_does_not_reveal_accounts)
{
	struct person *p = &w.customer;
	struct answer *a, *b;

	set_password(p, PASSWORD);
	a = change(p->token, fresh_address(), PASSWORD);
	b = change(p->token, w.stranger.email, PASSWORD);
	expect_status(b, 200);
	ck_assert_str_eq(a->text, b->text);
	expect_error(confirm(p->token, make_proof(p->user)), 400, "invalid",
		     "token");
	expect_text(GET(p->token, "/api/users/me/"), "email", p->email);
}
END_TEST

/* No mail goes to the old address if it was never proved. */
START_TEST(an_unproved_address_gets_no_mail)
{
	const char *wrong = fresh_address(), *right = fresh_address();
	int64_t user;
	const char *token = sign_up(unique("typo"), wrong, &user);
	const char *proof;

	expect_status(change(token, right, PASSWORD), 200);
	proof = make_proof(user);
	expect_text(confirm(token, proof), "email", right);
	ck_assert_int_eq(mails_to(wrong, "address_changed"), 0);
}
END_TEST

/* --- how many mails ------------------------------------------------------- */

static void
pass_minutes(int64_t n)
{
	sql_run("UPDATE mail_share SET last_at = last_at - INTERVAL ? MINUTE",
		ARGS(arg_int(n)));
}

/* Asking for confirmations of somebody else's address does not keep them from
 * getting one. */
START_TEST(an_address_is_not_used_up_from_one_network)
{
	const char *email = fresh_address();

	for (int i = 0; i < 5; i++) {
		(void)sign_up(unique("uses-up"), email, NULL);
		pass_minutes(11);
	}
	ck_assert_int_eq(mails_to(email, "confirm_address"), 3);
	fixture_ctx()->client = "192.0.2.1";
	ck_assert_int_eq(
	    email_proof_begin(fixture_ctx(), w.stranger.user, email), OK);
	fixture_ctx()->client = NULL;
	ck_assert_int_eq(mails_to(email, "confirm_address"), 4);
}
END_TEST

/* Signing up is no way to send mails to thousands of strangers. */
START_TEST(mails_from_one_network_are_limited)
{
	const char *email = fresh_address();

	(void)sign_up(unique("blasts"), fresh_address(), NULL);
	sql_run("UPDATE mail_share SET sent = 200, last_at = UTC_TIMESTAMP(6)",
		NULL, 0);
	(void)sign_up(unique("blasts"), email, NULL);
	ck_assert_int_eq(mails_to(email, "confirm_address"), 0);
	sql_run("DELETE FROM mail_share", NULL, 0);
	email = fresh_address();
	(void)sign_up(unique("blasts"), email, NULL);
	ck_assert_int_eq(mails_to(email, "confirm_address"), 1);
}
END_TEST

/* --- passwords by mail ---------------------------------------------------- */

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
		expect_status(change(token, fresh_address(), PASSWORD), 200);
		proof = make_proof(user);
		body =
		    json("{'token':'%s','new_password':'" PASSWORD "'}", link);
		expect_status(
		    POST(NULL, "/api/auth/password-reset/confirm/", body), 200);
		token = text_at(login(email, PASSWORD), "token");
	} else {
		expect_status(change(token, fresh_address(), PASSWORD), 200);
		proof = make_proof(user);
		body = json("{'old_password':'" PASSWORD
			    "','new_password':'another password'}");
		expect_status(POST(token, "/api/auth/change-password/", body),
			      200);
	}
	expect_error(confirm(token, proof), 400, "invalid", "token");
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

/* --- invitations ---------------------------------------------------------- */

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
	expect_status(confirm(token, make_proof(user)), 200);
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
addresses_suite(void)
{
	Suite *s = suite_create("addresses");
	TCase *t = add_case(s, "addresses", set_up);

	tcase_add_test(t, a_sign_up_is_proved_by_its_link);
	tcase_add_test(t, a_newer_link_ends_the_older);
	tcase_add_test(t, a_link_expires);
	tcase_add_test(t, the_first_proof_gets_the_address);
	tcase_add_test(t, an_address_is_changed);
	tcase_add_test(t, a_new_address_does_not_reveal_accounts);
	tcase_add_test(t, an_unproved_address_gets_no_mail);
	tcase_add_test(t, an_address_is_not_used_up_from_one_network);
	tcase_add_test(t, mails_from_one_network_are_limited);
	tcase_add_loop_test(t, a_new_password_cancels_a_change, 0, 2);
	tcase_add_test(t, a_reset_is_for_an_account_with_a_password);
	tcase_add_test(t, a_mailed_password_proves_the_address);
	tcase_add_test(t, a_reset_goes_to_the_proved_account);
	tcase_add_test(t, an_invitation_proves_the_address);
	tcase_add_test(t, an_expired_invitation_cannot_be_accepted);
	tcase_add_test(t, a_person_with_a_login_accepts);
	tcase_add_test(t, a_person_accepts_after_a_reset);
	tcase_add_test(t, declining_deactivates_the_profile);
	tcase_add_test(t, invalid_invitations);
	tcase_add_test(t, two_organizations_invite);
	return s;
}
