/* Lock-outs after wrong passwords, and which links and new passwords end them.
 */

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/lockout.h"
#include "desk/token.h"
#include "security_entries.h"
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

/* What the library does for a request from that address. */
static struct lockout
try_from(const char *address, const struct person *p, const char *name)
{
	struct lockout l;
	struct ctx *c = fixture_ctx();
	struct user *user = NULL;

	c->client = address;
	if (p)
		ck_assert_int_eq(user_get(&user, c, p->user), OK);
	lockout_begin(&l, c, user, p ? p->username : name);
	return l;
}

static bool
is_locked(const struct lockout *l)
{
	const enum err e = lockout_check(fixture_ctx(), l);

	ck_assert(e == OK || e == ERR_LIMITED);
	return e == ERR_LIMITED;
}

static void
fail_often(const struct lockout *l, int times)
{
	bool locked;

	for (int i = 0; i < times; i++)
		ck_assert_int_eq(lockout_failed(&locked, fixture_ctx(), l), OK);
}

/* Five wrong passwords from one address lock the account for that address only.
 */
START_TEST(wrong_passwords_lock_their_own_address)
{
	const struct lockout stranger = try_from("192.0.2.1", &w.vendor, NULL);
	const struct lockout other = try_from("192.0.2.2", &w.vendor, NULL);

	set_password(&w.vendor, "the right one");
	fail_often(&stranger, 5);
	ck_assert(is_locked(&stranger));
	ck_assert(!is_locked(&other));
	/* from another address (that of the tests) the login works */
	expect_status(login(w.vendor.username, "the right one"), 200);
}
END_TEST

/* Fifty from anywhere lock it for addresses that have never logged in to it. */
START_TEST(the_owners_address_is_never_locked_by_others)
{
	const char *name = w.vendor.username;
	struct lockout new;

	set_password(&w.vendor, "the right one");
	expect_status(login(name, "the right one"), 200);
	for (int i = 0; i < 17; i++) {
		const struct lockout l =
		    try_from(text("198.51.100.%d", i), &w.vendor, NULL);

		fail_often(&l, 3);
	}
	new = try_from("203.0.113.9", &w.vendor, NULL);
	ck_assert(is_locked(&new));
	expect_status(login(name, "the right one"), 200);
	sql_run("DELETE FROM login_network WHERE user_id = ?",
		ARGS(arg_int(w.vendor.user)));
	expect_error(login(name, "the right one"), 429, "throttled",
		     "non_field_errors");
	/* a name that no account has is locked in the same way */
	name = unique("nobody");
	for (int i = 0; i < 17; i++) {
		const struct lockout l =
		    try_from(text("198.51.100.%d", i), NULL, name);

		fail_often(&l, 3);
	}
	expect_error(login(name, "the right one"), 429, "throttled",
		     "non_field_errors");
}
END_TEST

START_TEST(ipv6_addresses_count_by_64)
{
	const struct lockout first =
	    try_from("2001:db8:1:2::1", &w.vendor, NULL);
	const struct lockout same =
	    try_from("2001:db8:1:2:ffff:ffff:ffff:ffff", &w.vendor, NULL);
	const struct lockout next =
	    try_from("2001:db8:1:3::1", &w.vendor, NULL);
	const struct lockout mapped =
	    try_from("::ffff:192.0.2.77", &w.vendor, NULL);
	const struct lockout plain = try_from("192.0.2.77", &w.vendor, NULL);

	fail_often(&first, 5);
	ck_assert(is_locked(&same));
	ck_assert(!is_locked(&next));
	fail_often(&mapped, 5);
	ck_assert(is_locked(&plain));
}
END_TEST

static void
new_link(char token[TOKEN_TEXT], const struct person *p)
{
	ck_assert_int_eq(token_issue(token, NULL, fixture_ctx(), p->user, 0,
				     TOKEN_PASSWORD, "",
				     clock_now() + 60 * USEC_PER_SEC),
			 OK);
}

static struct answer *
confirm(const char *token)
{
	return POST(
	    NULL, "/api/auth/password-reset/confirm/",
	    json("{'token':'%s','new_password':'quite another one'}", token));
}

/* A new password, by a mailed link or by the operator, ends every lock. */
START_TEST(a_reset_ends_every_lock)
{
	const char *name = w.vendor.username;
	char token[TOKEN_TEXT];

	set_password(&w.vendor, "the right one");
	for (int i = 0; i < 5; i++)
		expect_status(login(name, "a wrong one"), 400);
	expect_status(login(name, "the right one"), 429);
	new_link(token, &w.vendor);
	expect_status(POST(NULL, "/api/auth/password-reset/confirm/",
			   json("{'token':'%s','new_password':'quite another "
				"one'}",
				token)),
		      200);
	expect_newest(
	    log_of(&(struct person){.token = make_token(&w.vendor, 60)}, true),
	    "reset_done", &w.vendor, w.vendor.user);
	expect_status(login(name, "quite another one"), 200);
}
END_TEST

START_TEST(a_newer_link_ends_older_ones)
{
	char older[TOKEN_TEXT], newer[TOKEN_TEXT];

	new_link(older, &w.vendor);
	new_link(newer, &w.vendor);
	expect_error(confirm(older), 400, "invalid", "token");
	expect_status(confirm(newer), 200);
}
END_TEST

START_TEST(deactivation_ends_invitations)
{
	struct answer *a =
	    POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s@example.com'}", unique("invited")));
	const int64_t id = int_at(a, "employee.id");

	expect_status(PATCH(w.vendor.token,
			    text("/api/employees/%lld/", (long long)id),
			    json("{'is_active':false}")),
		      200);
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM token t JOIN profile p "
				 "ON p.user_id = t.user_id WHERE p.id = ?",
				 ARGS(arg_int(id))),
			 0);
}
END_TEST

/* Requesting a reset is logged, and runs the same statements for an address
 * that nobody has. */
START_TEST(a_reset_runs_the_same_statements_for_unknown_addresses)
{
	const char *body = json("{'email':'%s'}", w.vendor.email);
	const char *other =
	    json("{'email':'%s@example.com'}", unique("nobody"));
	/* docket-sync writes other rows at the same time */
	const char *rows = "SELECT COUNT(*) FROM security_log "
			   "WHERE event = 'reset_asked'";
	const char *mails = "SELECT COUNT(*) FROM mail_job "
			    "WHERE kind = 'password_reset'";
	int64_t noted = sql_int(rows, NO_ARGS),
		queued = sql_int(mails, NO_ARGS);

	expect_status(POST(NULL, "/api/auth/password-reset/", body), 200);
	ck_assert_int_eq(sql_int(rows, NO_ARGS), noted + 1);
	ck_assert_int_eq(sql_int(mails, NO_ARGS), queued + 1);
	expect_text(log_of(&w.vendor, true), "results.0.event", "reset_asked");
	expect_status(POST(NULL, "/api/auth/password-reset/", other), 200);
	ck_assert_int_eq(sql_int(rows, NO_ARGS), noted + 2);
	ck_assert_int_eq(sql_int(mails, NO_ARGS), queued + 2);
	/* no mail is sent to it */
	ck_assert_int_eq(sql_await(1,
				   "SELECT state = 'void' FROM mail_job "
				   "WHERE kind = 'password_reset' "
				   "ORDER BY id DESC LIMIT 1",
				   NO_ARGS),
			 1);
}
END_TEST

START_TEST(a_new_password_is_mailed_to_its_owner)
{
	const char *mails = "SELECT COUNT(*) FROM mail_job WHERE user_id = ? "
			    "AND kind = 'password_changed'";

	set_password(&w.vendor, "the old one");
	expect_status(POST(w.vendor.token, "/api/auth/change-password/",
			   json("{'old_password':'the old one',"
				"'new_password':'the new one'}")),
		      200);
	ck_assert_int_eq(sql_int(mails, ARGS(arg_int(w.vendor.user))), 1);
}
END_TEST

enum { NAMES = 3 * LOCKOUT_SLOTS };

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, HASH_BYTES);
}

static size_t
count_distinct(unsigned char (*keys)[HASH_BYTES], size_t n)
{
	size_t distinct = 1;

	qsort(keys, n, HASH_BYTES, compare_keys);
	for (size_t i = 1; i < n; i++)
		distinct += compare_keys(keys[i - 1], keys[i]) != 0;
	return distinct;
}

/* One address cannot fill a table, however many names it tries: a failure has
 * the rows of two keys, of which there are few. */
START_TEST(one_address_has_few_rows)
{
	static unsigned char here[NAMES][HASH_BYTES],
	    anywhere[NAMES][HASH_BYTES];
	const char *count = "SELECT COUNT(*) FROM login_guard";
	struct lockout l;

	for (int i = 0; i < NAMES; i++) {
		l = try_from("192.0.2.200", NULL, text("name %d", i));
		memcpy(here[i], l.here, HASH_BYTES);
		memcpy(anywhere[i], l.anywhere, HASH_BYTES);
	}
	ck_assert_uint_le(count_distinct(here, NAMES), LOCKOUT_SLOTS);
	ck_assert_uint_le(count_distinct(anywhere, NAMES), LOCKOUT_SLOTS);
	sql_run("DELETE FROM login_guard", NO_ARGS);
	fail_often(&l, 1);
	ck_assert_int_eq(sql_int(count, NO_ARGS), 2);
	sql_run("DELETE FROM login_guard", NO_ARGS);
}
END_TEST

enum { TIMED = 25, TIMED_ROUNDS = 12 };

/* Notes the time of a refusal in *least, if it is shorter. */
static void
time_refusal(int64_t *least, const char *name)
{
	struct answer *a;

	sql_run("DELETE FROM login_guard", NO_ARGS);
	a = login(name, "a wrong one");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");
	if (a->micros < *least)
		*least = a->micros;
}

/* Compares the shortest times, since other load on the machine only makes some
 * longer. A busy machine needs more measurements, and a real difference does
 * not disappear with more. */
START_TEST(a_refusal_takes_the_same_time_for_everybody)
{
	int64_t known = INT64_MAX, unknown = INT64_MAX;

	set_password(&w.vendor, "the right one");
	for (int round = 0; round < TIMED_ROUNDS; round++) {
		for (int i = 0; i < TIMED; i++) {
			time_refusal(&known, w.vendor.username);
			time_refusal(&unknown, unique("nobody"));
		}
		if (known < unknown * 6 / 5 && unknown < known * 6 / 5)
			return;
	}
	ck_abort_msg("%lld and %lld microseconds", (long long)known,
		     (long long)unknown);
}
END_TEST

START_TEST(common_passwords)
{
	const char *const bad[] = {"short one", /* 9 characters */
				   "1234567890",
				   "QwertyUiop",
				   w.vendor.username,
				   w.vendor.email,
				   text("VENDOR%s", w.vendor.username + 6)};
	const char *name = unique("signed");
	char token[TOKEN_TEXT];
	struct answer *a;

	set_password(&w.vendor, "the right one");
	new_link(token, &w.vendor);
	for (size_t i = 0; i < COUNT(bad); i++) {
		a = POST(w.vendor.token, "/api/auth/change-password/",
			 json("{'old_password':'the right one',"
			      "'new_password':'%s'}",
			      bad[i]));
		expect_error(a, 400, "invalid", "new_password");
		a = POST(
		    NULL, "/api/auth/password-reset/confirm/",
		    json("{'token':'%s','new_password':'%s'}", token, bad[i]));
		expect_error(a, 400, "invalid", "new_password");
	}
	/* the link still works, and so does the old password */
	expect_status(login(w.vendor.username, "the right one"), 200);
	expect_status(confirm(token), 200);
	a = POST(NULL, "/api/users/",
		 json("{'username':'%s','email':'%s@example.com',"
		      "'password':'%s'}",
		      name, name, name));
	expect_error(a, 400, "invalid", "password");
	a = POST(NULL, "/api/users/",
		 json("{'username':'%s','email':'%s@example.com',"
		      "'password':'passwordpassword'}",
		      name, name));
	expect_error(a, 400, "invalid", "password");
}
END_TEST

Suite *
security_lockout_suite(void)
{
	Suite *s = suite_create("security_lockout");
	TCase *t = add_case(s, "lock-out", set_up);

	tcase_add_test(t, wrong_passwords_lock_their_own_address);
	tcase_add_test(t, the_owners_address_is_never_locked_by_others);
	tcase_add_test(t, ipv6_addresses_count_by_64);
	tcase_add_test(t, a_reset_ends_every_lock);
	tcase_add_test(t, a_newer_link_ends_older_ones);
	tcase_add_test(t, deactivation_ends_invitations);
	tcase_add_test(t,
		       a_reset_runs_the_same_statements_for_unknown_addresses);
	tcase_add_test(t, a_new_password_is_mailed_to_its_owner);
	tcase_add_test(t, one_address_has_few_rows);
	tcase_add_test(t, a_refusal_takes_the_same_time_for_everybody);
	t = add_case(s, "passwords", set_up);
	tcase_add_test(t, common_passwords);
	return s;
}
