/* Logins, locks, tokens, sessions, and the security log. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "desk/lockout.h"
#include "desk/profile.h"
#include "desk/token.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

#define ENTRY_KEYS                                                  \
	"id event actor actor_name user user_name address details " \
	"created_at"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* --- the security log ----------------------------------------------------- */

static struct answer *
log_of(const struct person *p, bool mine)
{
	struct answer *a = GET(p->token, mine ? "/api/security-log/?mine=true"
					      : "/api/security-log/");

	expect_status(a, 200);
	return a;
}

/* The newest entry: what happened, who did it and who was affected. */
static void
expect_newest(const struct answer *a, const char *event,
	      const struct person *actor, int64_t user)
{
	expect_keys(a, "", PAGE_KEYS);
	expect_keys(a, "results.0", ENTRY_KEYS);
	expect_text(a, "results.0.event", event);
	if (actor) {
		expect_int(a, "results.0.actor", actor->user);
		expect_text(a, "results.0.actor_name", actor->full_name);
	} else {
		expect_null(a, "results.0.actor");
	}
	if (user)
		expect_int(a, "results.0.user", user);
	expect_text(a, "results.0.address", "127.0.0.1");
	expect_time(a, "results.0.created_at");
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

/* --- lock-out ------------------------------------------------------------- */

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
	const char *rows = "SELECT COUNT(*) FROM security_log";
	const char *mails = "SELECT COUNT(*) FROM mail_job";
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
	ck_assert_int_eq(sql_await(10, 1,
				   "SELECT state = 'void' FROM mail_job "
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

/* One address cannot fill a table, however many names it tries. */
START_TEST(one_address_has_few_rows)
{
	const char *count = "SELECT COUNT(*) FROM login_guard";
	const int64_t before = sql_int(count, NO_ARGS);

	sql_run("SET autocommit = 0", NO_ARGS);
	for (int i = 0; i < 9000; i++) {
		const struct lockout l =
		    try_from("192.0.2.200", NULL, text("name %d", i));

		fail_often(&l, 1);
	}
	sql_run("SET autocommit = 1", NO_ARGS);
	ck_assert_int_le(sql_int(count, NO_ARGS) - before, 2 * LOCKOUT_SLOTS);
	sql_run("DELETE FROM login_guard", NO_ARGS);
}
END_TEST

static int
compare_numbers(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

enum { TIMED = 25, TIMED_ROUNDS = 6 };

static int64_t
median(const int64_t *times, size_t n)
{
	int64_t sorted[TIMED * TIMED_ROUNDS];

	memcpy(sorted, times, n * sizeof(*times));
	qsort(sorted, n, sizeof(*sorted), compare_numbers);
	return sorted[n / 2];
}

static int64_t
time_refusal(const char *name)
{
	struct answer *a;

	sql_run("DELETE FROM login_guard", NO_ARGS);
	a = login(name, "a wrong one");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");
	return a->micros;
}

/* Measures both alternately, so that other load on the machine slows down both.
 * Each goes first every other time. All measurements so far count: a busy
 * machine needs more of them, and a real difference does not disappear with
 * more. */
START_TEST(a_refusal_takes_the_same_time_for_everybody)
{
	int64_t known[TIMED * TIMED_ROUNDS], unknown[TIMED * TIMED_ROUNDS];
	int64_t k = 0, u = 0;

	set_password(&w.vendor, "the right one");
	for (size_t n = 0; n < TIMED * TIMED_ROUNDS;) {
		if (n % 2)
			known[n] = time_refusal(w.vendor.username);
		unknown[n] = time_refusal(unique("nobody"));
		if (n % 2 == 0)
			known[n] = time_refusal(w.vendor.username);
		if (++n % TIMED)
			continue;
		k = median(known, n);
		u = median(unknown, n);
		if (k < u * 6 / 5 && u < k * 6 / 5)
			return;
	}
	ck_abort_msg("%lld and %lld microseconds", (long long)k, (long long)u);
}
END_TEST

/* --- new passwords -------------------------------------------------------- */

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

/* --- personal tokens and sessions ----------------------------------------- */

static struct answer *
make_personal(const char *token)
{
	return POST(token, "/api/tokens/", json("{'name':'ci'}"));
}

/* The person has two profiles; the token acts only as the one it was created
 * for. */
START_TEST(personal_tokens_are_bound)
{
	struct person p = w.vendor;
	const char *token;
	struct answer *a;
	int64_t second;

	ck_assert_int_eq(profile_create(&second, fixture_ctx(), p.user,
					ROLE_VENDOR, w.other_org),
			 OK);
	p.profile = second;
	a = make_personal(make_token(&p, 3600));
	expect_status(a, 201);
	expect_int(a, "profile", second);
	token = text_at(a, "token");
	a = GET(token, "/api/organizations/my_organizations/");
	expect_status(a, 200);
	expect_int(GET(token, "/api/users/me/"), "active_profile.id", second);

	with("X-Profile: %lld", (long long)w.vendor.profile);
	expect_error(GET(token, "/api/issues/"), 403, "permission_denied",
		     NULL);
	with("X-Profile: %lld", (long long)second);
	expect_error(GET(token, "/api/issues/"), 403, "permission_denied",
		     NULL);
	a = POST(token, "/api/auth/role-selection/select_role/",
		 json("{'profile_id':%lld}", (long long)w.vendor.profile));
	expect_error(a, 403, "permission_denied", NULL);
	expect_error(make_personal(token), 403, "permission_denied", NULL);

	/* and as none when that one is deactivated, even after it is
	 * reactivated */
	sql_run("UPDATE profile SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(second)));
	sleep(2); /* workers cache tokens for a second */
	expect_error(GET(token, "/api/issues/"), 403, "permission_denied",
		     NULL);
	expect_status(GET(w.vendor.token, "/api/issues/"), 200);
}
END_TEST

/* One that leaked acts as its profile: it does not take over the account. */
START_TEST(personal_tokens_leave_the_account_alone)
{
	const struct {
		const char *method, *path, *body;
	} calls[] = {
	    {"DELETE", "/api/sessions/1/", "{}"},
	    {"DELETE", "/api/tokens/1/", "{}"},
	    {"POST", "/api/invitations/1/accept/", "{}"},
	    {"POST", "/api/invitations/1/decline/", "{}"},
	    {"POST", "/api/auth/confirm-email/", "{'token':'t'}"},
	    {"POST", "/api/users/me/email/",
	     "{'email':'new@example.com','password':'the right one'}"},
	    {"POST", "/api/auth/change-password/",
	     "{'old_password':'the right one','new_password':'another one'}"},
	};
	const char *token = text_at(make_personal(w.employee.token), "token");

	set_password(&w.employee, "the right one");
	for (size_t i = 0; i < COUNT(calls); i++) {
		const char *body = json("%s", calls[i].body);
		const struct request r = {.method = calls[i].method,
					  .token = token,
					  .path = calls[i].path,
					  .body = body,
					  .body_len = strlen(body)};

		expect_error(send_one(&r), 403, "permission_denied", NULL);
	}
	/* it may still end itself */
	expect_status(POST(token, "/api/auth/logout/", NULL), 200);
	expect_status(GET(token, "/api/users/me/"), 401);
}
END_TEST

/* What a person is told as staff stays with that profile: another one, and a
 * personal token that is bound to it, does not get the titles of issues. */
START_TEST(notifications_are_of_the_profile)
{
	struct person both = w.employee, customer = w.employee;
	const int64_t issue = raise_issue(&w.customer, w.org, "Of the staff");
	const char *assigned, *token, *body;
	struct answer *a;

	ck_assert_int_eq(profile_create(&customer.profile, fixture_ctx(),
					both.user, ROLE_CUSTOMER, 0),
			 OK);
	customer.token = make_token(&customer, 3600);
	token = text_at(make_personal(customer.token), "token");
	body = json("{'employee_id':%lld}", (long long)both.profile);
	expect_status(POST(w.vendor.token, issue_path(issue, "assign/"), body),
		      200);
	a = GET(both.token, "/api/notifications/");
	expect_text(a, "results.0.kind", "assigned");
	assigned = text("/api/notifications/%lld/read/",
			(long long)int_at(a, "results.0.id"));
	expect_int(GET(customer.token, "/api/notifications/"), "count", 0);
	expect_int(GET(token, "/api/notifications/"), "count", 0);
	expect_int(GET(token, "/api/notifications/"), "unread_count", 0);
	expect_error(POST(token, assigned, NULL), 404, "not_found", NULL);
	expect_status(POST(both.token, assigned, NULL), 200);
}
END_TEST

START_TEST(deactivation_ends_personal_tokens)
{
	const char *token = text_at(make_personal(w.employee.token), "token");
	const char *path =
	    text("/api/employees/%lld/", (long long)w.employee.profile);

	expect_status(GET(token, "/api/issues/"), 200);
	expect_status(PATCH(w.vendor.token, path, json("{'is_active':false}")),
		      200);
	expect_status(PATCH(w.vendor.token, path, json("{'is_active':true}")),
		      200);
	expect_error(GET(token, "/api/issues/"), 401, "invalid_token", NULL);
}
END_TEST

START_TEST(a_person_has_at_most_100_personal_tokens)
{
	const char *rows = "SELECT COUNT(*) FROM token WHERE user_id = ? "
			   "AND kind = 'personal'";
	struct request requests[8];
	struct answer **answers, *a;
	int made = 0;

	for (int i = 0; i < 96; i++)
		sql_run(
		    "INSERT INTO token (user_id, hash, kind, name, created_at, "
		    "expires_at) VALUES (?, UNHEX(SHA2(UUID(), 256)), "
		    "'personal', 'filler', NOW(6), NOW(6) + INTERVAL 1 DAY)",
		    ARGS(arg_int(w.vendor.user)));
	/* simultaneous requests cannot exceed the limit */
	for (size_t i = 0; i < COUNT(requests); i++) {
		const char *body = json("{'name':'n%zu'}", i);

		requests[i] = (struct request){.method = "POST",
					       .token = w.vendor.token,
					       .path = "/api/tokens/",
					       .body = body,
					       .body_len = strlen(body)};
	}
	answers = send_all(requests, COUNT(requests));
	for (size_t i = 0; i < COUNT(requests); i++) {
		if (answers[i]->status == 201) {
			expect_text(answers[i], "name",
				    text("n%zu", i)); /* its own */
			made++;
		} else {
			expect_error(answers[i], 409, "conflict",
				     "non_field_errors");
		}
	}
	ck_assert_int_eq(made, 4);
	ck_assert_int_eq(sql_int(rows, ARGS(arg_int(w.vendor.user))), 100);
	a = GET(w.vendor.token, "/api/tokens/?page_size=30&page=4");
	expect_int(a, "count", 100);
	expect(a, length_at(a, "results") == 10);
	expect_null(a, "next");
	/* the limit is per person */
	expect_status(make_personal(w.employee.token), 201);
}
END_TEST

START_TEST(sessions_are_listed_and_ended)
{
	const char *other, *token = w.customer.token;
	struct answer *a;
	int64_t id;

	set_password(&w.customer, "the right one");
	other = text_at(login(w.customer.username, "the right one"), "token");
	(void)make_personal(token);
	a = GET(token, "/api/sessions/");
	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 2);
	expect_keys(a, "results.0",
		    "id address is_current created_at last_used_at "
		    "expires_at");
	expect_bool(a, "results.0.is_current", false);
	expect_bool(a, "results.1.is_current", true);
	expect_text(a, "results.0.address", "127.0.0.1");
	expect_time(a, "results.0.last_used_at");
	expect_without(a, token);
	id = int_at(a, "results.0.id");
	expect_int(GET(token, "/api/sessions/?page_size=1"), "count", 2);

	/* a session is not a personal token */
	expect_error(DELETE(token, text("/api/tokens/%lld/", (long long)id)),
		     404, "not_found", NULL);
	expect_error(DELETE(w.stranger.token,
			    text("/api/sessions/%lld/", (long long)id)),
		     404, "not_found", NULL);
	expect_status(GET(other, "/api/users/me/"), 200);
	expect_status(DELETE(token, text("/api/sessions/%lld/", (long long)id)),
		      204);
	expect_error(GET(other, "/api/users/me/"), 401, "invalid_token", NULL);
	expect_newest(log_of(&w.customer, true), "session_ended", &w.customer,
		      w.customer.user);
	expect_int(GET(token, "/api/sessions/"), "count", 1);
}
END_TEST

/* The time of the last use is written at most every five minutes. */
START_TEST(the_last_use_is_stored_every_five_minutes)
{
	const char *used = "SELECT last_used_at FROM token WHERE user_id = ?";
	const struct arg user = arg_int(w.customer.user);
	const char *first;

	sql_run("UPDATE token SET last_used_at = NOW(6) - INTERVAL 1 HOUR, "
		"address = NULL WHERE user_id = ?",
		ARGS(user));
	expect_status(GET(w.customer.token, "/api/users/me/"), 200);
	first = sql_text(used, ARGS(user));
	ck_assert_int_eq(sql_int("SELECT last_used_at > NOW(6) - INTERVAL 1 "
				 "MINUTE AND address = '127.0.0.1' "
				 "FROM token WHERE user_id = ?",
				 ARGS(user)),
			 1);
	sleep(2);
	expect_status(GET(w.customer.token, "/api/users/me/"), 200);
	ck_assert_str_eq(sql_text(used, ARGS(user)), first);
}
END_TEST

/* --- erasing -------------------------------------------------------------- */

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
	struct answer *a;

	set_password(&w.customer, "the right one");
	expect_status(POST(w.customer.token, client_path(issue, "comment/"),
			   json("{'comment':'kept'}")),
		      201);
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
	expect_without(GET(w.vendor.token, issue_path(issue, "activity/")),
		       name);
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
	a = make_personal(w.vendor.token);
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

/* --- exporting -------------------------------------------------------------
 */

#define EXPORT "/api/users/me/export/"

START_TEST(a_person_exports_their_data)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "My subject");
	struct answer *a;

	raise_issue(&w.stranger, w.org, "Not theirs");
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'an answer'}")),
		      201);
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'a secret','internal':true}")),
		      201);
	expect_status(make_personal(w.customer.token), 201);
	a = GET(w.customer.token, EXPORT);
	expect_status(a, 200);
	expect_header(a, "Cache-Control", "no-store");
	expect_header(a, "Content-Disposition",
		      "attachment; filename=\"docket-account.json\"");
	expect_keys(a, "",
		    "account exported_at profiles customer_records orders "
		    "issues issue_comments other_comments notifications "
		    "sessions personal_tokens security_log");
	expect_text(a, "account.email", w.customer.email);
	expect_text(a, "profiles.0.profile_type", "customer");
	expect_int(a, "customer_records.0.organization", w.org);
	expect(a, length_at(a, "issues") == 1);
	expect_text(a, "issues.0.title", "My subject");
	expect_text(a, "issues.0.status", "open");
	expect(a, length_at(a, "issue_comments") == 1);
	expect_text(a, "issue_comments.0.content", "an answer");
	expect_text(a, "issue_comments.0.author_name", w.employee.full_name);
	expect_text(a, "notifications.0.kind", "replied");
	expect(a, length_at(a, "sessions") > 0);
	expect(a, length_at(a, "personal_tokens") == 1);
	expect_without(a, "a secret");
	expect_without(a, "Not theirs");
	expect_without(a, "argon2");
	expect_without(a, w.employee.email);
	a = GET(w.customer.token, "/api/security-log/?mine=true");
	expect_text(a, "results.0.event", "person_exported");
}
END_TEST

START_TEST(staff_export_what_they_wrote)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "Subject");
	const char *path = issue_path(issue, "add_comment/");
	struct answer *a;

	expect_status(
	    POST(w.employee.token, path, json("{'content':'in public'}")), 201);
	expect_status(POST(w.employee.token, path,
			   json("{'content':'a note','internal':true}")),
		      201);
	expect_status(
	    POST(w.vendor.token, path,
		 json("{'content':'the note of another','internal':true}")),
	    201);
	a = GET(w.employee.token, EXPORT);
	expect(a, length_at(a, "issues") == 0);
	expect(a, length_at(a, "other_comments") == 2);
	expect_text(a, "other_comments.1.content", "a note");
	expect_without(a, "of another");
	/* people who left the staff no longer see internal comments, even their
	 * own */
	sql_run("UPDATE profile SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.employee.profile)));
	a = GET(w.employee.token, EXPORT);
	expect(a, length_at(a, "other_comments") == 1);
	expect_without(a, "a note");
}
END_TEST

/* Inserts many comments directly: the API takes one at a time. */
static void
add_comments(int64_t issue, int n)
{
	sql_run("INSERT INTO comment (organization_id, issue_id, author_id, "
		"author_name, author_kind, content, is_internal, created_at, "
		"updated_at) SELECT ?, ?, ?, 'A', 'customer', CONCAT('no. ', "
		"seq), FALSE, NOW(6), NOW(6) FROM seq_1_to_1000 "
		"WHERE seq <= ?",
		ARGS(arg_int(w.org), arg_int(issue), arg_int(w.customer.user),
		     arg_int(n)));
}

START_TEST(an_export_of_many_rows_has_each_once)
{
	enum { N = 205 };
	const int64_t user = w.customer.user;
	int64_t first = 0, last = 0;
	struct answer *a;

	for (int i = 0; i < N; i++) {
		last = raise_issue(&w.customer, w.org, "One of many");
		first = first ? first : last;
	}
	/* the time alone does not tell them apart */
	sql_run("UPDATE issue SET created_at = NOW(6) WHERE raised_by = ? "
		"AND id <= ? + 150",
		ARGS(arg_int(user), arg_int(first)));
	add_comments(first, 250);
	add_comments(last, 100);
	a = GET(w.customer.token, EXPORT);
	expect_status(a, 200);
	expect(a, length_at(a, "issues") == N);
	expect(a, length_at(a, "issue_comments") == 350);
	expect(a, length_at(a, "other_comments") == 0);
}
END_TEST

START_TEST(a_personal_token_cannot_export)
{
	struct answer *a = make_personal(w.customer.token);
	const struct request head = {
	    .method = "HEAD", .token = w.customer.token, .path = EXPORT};

	expect_error(GET(text_at(a, "token"), EXPORT), 403, "permission_denied",
		     NULL);
	expect_error(GET(NULL, EXPORT), 401, "not_authenticated", NULL);
	expect_error(POST(w.customer.token, EXPORT, "{}"), 405,
		     "method_not_allowed", NULL);
	a = send_one(&head);
	expect_status(a, 200);
	expect(a, a->len == 0);
}
END_TEST

/* --- caches --------------------------------------------------------------- */

START_TEST(personal_responses_are_not_cached)
{
	const char *mine = "private, no-cache", *token = w.vendor.token;
	struct answer *a = GET(token, "/api/issues/");

	expect_header(a, "Cache-Control", mine);
	with("If-None-Match: %s", header(a, "ETag"));
	a = GET(token, "/api/issues/");
	expect_status(a, 304);
	expect_header(a, "Cache-Control", mine);
	expect_header(GET(token, "/api/users/me/"), "Cache-Control", mine);
	expect_header(GET(token, "/api/issues/export/"), "Cache-Control",
		      "no-store");
	expect_header(make_personal(token), "Cache-Control", "no-store");
	expect_header(GET(token, "/api/issues/999999999/"), "Cache-Control",
		      "no-store");
	expect_header(GET(NULL, "/api/issues/"), "Cache-Control", "no-store");
	set_password(&w.vendor, "the right one");
	expect_header(login(w.vendor.username, "the right one"),
		      "Cache-Control", "no-store");
	expect_header(GET(NULL, "/api/health/"), "Cache-Control", "no-cache");
	expect_header(GET(NULL, "/api/schema/"), "Cache-Control", "no-cache");
}
END_TEST

Suite *
security_suite(void)
{
	Suite *s = suite_create("security");
	TCase *t = add_case(s, "log", set_up);

	tcase_add_test(t, logins_are_logged);
	tcase_add_test(t, a_sign_up_is_logged);
	tcase_add_test(t, logins_of_customers_are_private);
	tcase_add_test(t, passwords_tokens_and_logouts_are_logged);
	tcase_add_test(t, roles_and_exports_are_logged);
	tcase_add_test(t, links_of_teams_are_logged);
	tcase_add_test(t, only_owners_read_the_log);
	t = add_case(s, "lock-out", set_up);
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
	tcase_add_test(t, common_passwords);
	t = add_case(s, "tokens", set_up);
	tcase_add_test(t, personal_tokens_are_bound);
	tcase_add_test(t, personal_tokens_leave_the_account_alone);
	tcase_add_test(t, notifications_are_of_the_profile);
	tcase_add_test(t, deactivation_ends_personal_tokens);
	tcase_add_test(t, a_person_has_at_most_100_personal_tokens);
	tcase_add_test(t, sessions_are_listed_and_ended);
	tcase_add_test(t, the_last_use_is_stored_every_five_minutes);
	t = add_case(s, "erasing", set_up);
	tcase_add_test(t, a_person_is_erased);
	tcase_add_test(t, nobody_can_prevent_an_erasure);
	tcase_add_test(t, the_last_owner_is_not_erased);
	tcase_add_test(t, erased_staff_are_not_named_as_assignees);
	tcase_add_test(t, invitations_are_erased_with_the_person);
	tcase_add_test(t, an_unproved_address_ends_no_invitation);
	t = add_case(s, "exporting", set_up);
	tcase_add_test(t, a_person_exports_their_data);
	tcase_add_test(t, staff_export_what_they_wrote);
	tcase_add_test(t, an_export_of_many_rows_has_each_once);
	tcase_add_test(t, a_personal_token_cannot_export);
	t = add_case(s, "caches", set_up);
	tcase_add_test(t, personal_responses_are_not_cached);
	return s;
}
