/* The calls that the seed system documents, field by field: logging in and
 * out. */

#include "base/clock.h"
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

START_TEST(login_gives_a_token)
{
	struct answer *a;
	usec_t expires;

	set_password(&w.vendor, "long enough");
	a = login(w.vendor.username, "long enough");
	expect_status(a, 200);
	expect_keys(a, "", "message token access token_type expires_at user");
	expect_text(a, "access", text_at(a, "token"));
	expect_text(a, "token_type", "Bearer");
	expect_time(a, "expires_at");
	ck_assert(clock_parse(&expires, text_at(a, "expires_at")));
	expires -= clock_now();
	expect(a, expires > 719 * 3600 * USEC_PER_SEC);
	expect(a, expires < 721 * 3600 * USEC_PER_SEC);
	expect_keys(a, "user", USER_KEYS);
	expect_int(a, "user.id", w.vendor.user);
	expect_text(a, "user.username", w.vendor.username);
	expect_text(a, "user.email", w.vendor.email);
	expect_text(a, "user.full_name", w.vendor.full_name);
	expect_bool(a, "user.is_active", true);
	expect(a, length_at(a, "user.profiles") == 1);
	expect_keys(a, "user.profiles.0", PROFILE_KEYS);
	expect_int(a, "user.profiles.0.id", w.vendor.profile);
	expect_text(a, "user.profiles.0.profile_type", "vendor");
	expect_keys(a, "user.profiles.0.organization", "id name slug");
	expect_int(a, "user.profiles.0.organization.id", w.org);
	expect_text(a, "user.profiles.0.organization_name", w.org_name);
	expect_bool(a, "user.profiles.0.is_primary", true);
	expect_keys(a, "user.active_profile", PROFILE_KEYS);
	expect_int(a, "user.active_profile.id", w.vendor.profile);
	expect_status(GET(text_at(a, "token"), "/api/users/me/"), 200);
}
END_TEST

START_TEST(login_by_address)
{
	set_password(&w.customer, "long enough");
	expect_status(login(w.customer.email, "long enough"), 200);
}
END_TEST

/* 400, not 401: clients log the user out on 401. */
START_TEST(login_refused)
{
	struct answer *a;

	set_password(&w.customer, "long enough");
	a = login(w.customer.username, "long enougi");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");
	expect(a, header(a, "WWW-Authenticate") == NULL);
	a = login(unique("nobody"), "long enough");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");
	/* no password yet */
	a = login(w.stranger.username, "long enough");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");

	sql_run("UPDATE user SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.customer.user)));
	a = login(w.customer.username, "long enough");
	expect_error(a, 400, "invalid_credentials", "non_field_errors");
}
END_TEST

START_TEST(login_with_missing_fields)
{
	struct answer *a = POST(NULL, "/api/auth/login/", "{}");

	expect_error(a, 400, "invalid", "username");
	expect_error(a, 400, "invalid", "password");
}
END_TEST

START_TEST(either_scheme)
{
	with("Authorization: Bearer %s", w.customer.token);
	expect_status(GET(NULL, "/api/users/me/"), 200);
	with("Authorization: token %s", w.customer.token);
	expect_status(GET(NULL, "/api/users/me/"), 200);
	with("Authorization: Basic %s", w.customer.token);
	expect_status(GET(NULL, "/api/users/me/"), 401);
}
END_TEST

START_TEST(logout)
{
	const char *other = make_token(&w.customer, 3600);
	struct answer *a = POST(w.customer.token, "/api/auth/logout/", NULL);

	expect_status(a, 200);
	expect_keys(a, "", "message");
	a = GET(w.customer.token, "/api/users/me/");
	expect_error(a, 401, "invalid_token", NULL);
	expect_status(GET(other, "/api/users/me/"), 200);
}
END_TEST

START_TEST(users_me)
{
	struct answer *a = GET(w.customer.token, "/api/users/me/");

	expect_status(a, 200);
	expect_keys(a, "", USER_KEYS);
	expect_int(a, "id", w.customer.user);
	expect_text(a, "profiles.0.profile_type", "customer");
	expect_keys(a, "profiles.0", PROFILE_KEYS);
	expect_int(a, "active_profile.id", w.customer.profile);
}
END_TEST

START_TEST(health)
{
	struct answer *a = GET(NULL, "/api/health/");

	expect_status(a, 200);
	expect_keys(a, "", "status signup");
	expect_text(a, "status", "ok");
}
END_TEST

Suite *
seed_login_suite(void)
{
	Suite *s = suite_create("seed_login");
	TCase *t = add_case(s, "session", set_up);

	tcase_add_test(t, login_gives_a_token);
	tcase_add_test(t, login_by_address);
	tcase_add_test(t, login_refused);
	tcase_add_test(t, login_with_missing_fields);
	tcase_add_test(t, either_scheme);
	tcase_add_test(t, logout);
	tcase_add_test(t, users_me);
	tcase_add_test(t, health);
	return s;
}
