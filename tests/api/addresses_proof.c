/* Confirming an address, changing it, and how many mails that causes. */

#include "addresses.h"
#include "desk/email_proof.h"
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
	expect_error(confirm_address(NULL, proof), 401, "not_authenticated",
		     NULL);
	expect_error(confirm_address(w.customer.token, proof), 400, "invalid",
		     "token");
	expect_error(confirm_address(token, "nonsense"), 400, "invalid",
		     "token");
	expect_bool(GET(token, "/api/users/me/"), "email_verified", false);

	a = confirm_address(token, proof);
	expect_status(a, 200);
	expect_keys(a, "", USER_KEYS);
	expect_bool(a, "email_verified", true);
	expect_int(login(email, PASSWORD), "user.id", user);
	expect_error(confirm_address(token, proof), 400, "invalid", "token");
	/* it was proved, not changed: no mail */
	ck_assert_int_eq(mails_to(email, "address_changed"), 0);
}
END_TEST

START_TEST(a_newer_link_ends_the_older)
{
	int64_t user;
	const char *token = sign_up(unique("twice"), fresh_address(), &user);
	const char *older = make_proof(user), *newer = make_proof(user);

	expect_error(confirm_address(token, older), 400, "invalid", "token");
	expect_status(confirm_address(token, newer), 200);
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
	expect_error(confirm_address(token, proof), 400, "invalid", "token");
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

	expect_status(confirm_address(two, late), 200);
	a = confirm_address(one, proof);
	expect_error(a, 400, "invalid", "token");
	expect_bool(GET(one, "/api/users/me/"), "email_verified", false);
	expect_int(login(email, PASSWORD), "user.id", second);
}
END_TEST

START_TEST(an_address_is_changed)
{
	const char *to = fresh_address(), *proof;
	struct person *p = &w.customer;
	struct answer *a;

	raise_issue(p, w.org, "Printer");
	set_password(p, PASSWORD);
	expect_error(change_address(p->token, to, "wrong"), 400, "invalid",
		     "password");
	ck_assert_int_eq(mails_to(to, "confirm_address"), 0);
	expect_error(change_address(p->token, p->email, PASSWORD), 400,
		     "invalid", "email");
	expect_status(change_address(p->token, to, PASSWORD), 200);
	ck_assert_int_eq(mails_to(to, "confirm_address"), 1);
	/* nothing changes before the link is used */
	a = GET(p->token, "/api/users/me/");
	expect_text(a, "email", p->email);
	expect_bool(a, "email_verified", true);
	expect_status(login(to, PASSWORD), 400);
	expect_status(login(p->email, PASSWORD), 200);
	ck_assert_int_eq(mails_to(p->email, "address_changed"), 0);

	proof = make_proof(p->user);
	expect_text(confirm_address(p->token, proof), "email", to);
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
	a = change_address(p->token, fresh_address(), PASSWORD);
	b = change_address(p->token, w.stranger.email, PASSWORD);
	expect_status(b, 200);
	ck_assert_str_eq(a->text, b->text);
	expect_error(confirm_address(p->token, make_proof(p->user)), 400,
		     "invalid", "token");
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

	expect_status(change_address(token, right, PASSWORD), 200);
	proof = make_proof(user);
	expect_text(confirm_address(token, proof), "email", right);
	ck_assert_int_eq(mails_to(wrong, "address_changed"), 0);
}
END_TEST

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

Suite *
addresses_proof_suite(void)
{
	Suite *s = suite_create("addresses_proof");
	TCase *t = add_case(s, "proof", set_up);

	tcase_add_test(t, a_sign_up_is_proved_by_its_link);
	tcase_add_test(t, a_newer_link_ends_the_older);
	tcase_add_test(t, a_link_expires);
	tcase_add_test(t, the_first_proof_gets_the_address);
	tcase_add_test(t, an_address_is_changed);
	tcase_add_test(t, a_new_address_does_not_reveal_accounts);
	tcase_add_test(t, an_unproved_address_gets_no_mail);
	tcase_add_test(t, an_address_is_not_used_up_from_one_network);
	tcase_add_test(t, mails_from_one_network_are_limited);
	return s;
}
