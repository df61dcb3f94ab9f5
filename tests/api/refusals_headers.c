/* Requests that are refused for their headers, or after wrong passwords. */

#include <stdlib.h>
#include <string.h>

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

START_TEST(request_ids)
{
	const char *const paths[] = {
	    "/api/health/", "/api/issues/", "/api/nothing/", "/api", "/",
	    "/favicon.svg", "/no-such-page"};
	const char *last = "";

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer *a = GET(w.vendor.token, paths[i]);
		const char *id = header(a, "X-Request-Id");

		expect(a, id && strlen(id) >= 16 && strcmp(id, last) != 0);
		last = id;
	}
}
END_TEST

/* Once each: some are sent by the program, those of nginx's own errors by
 * nginx. */
START_TEST(headers_of_every_answer)
{
	static const char *const names[] = {
	    "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin",
	    "Cross-Origin-Opener-Policy: same-origin",
	    "Content-Security-Policy: default-src 'none'"};
	const char *const paths[] = {"/api/issues/", "/api/nothing/",
				     "/api/docs/", "/api", "/"};
	const char *first;
	struct answer *a;

	for (size_t i = 0; i < COUNT(paths); i++) {
		a = GET(w.vendor.token, paths[i]);
		for (size_t n = 0; n < COUNT(names); n++) {
			first = strstr(a->head, names[n]);
			expect(a, first && !strstr(first + 1, names[n]));
		}
	}
	a = GET(w.vendor.token, "/api/issues/");
	expect_header(a, "Content-Type", "application/json");
	expect(a, header(a, "Cache-Control") != NULL);
}
END_TEST

START_TEST(no_token)
{
	static const char *const schemes[] = {
	    "Token", "Token ", "Bearer", "Basic dXNlcjpwYXNz", "x", ""};
	struct answer *a = GET(NULL, "/api/issues/");

	expect_error(a, 401, "not_authenticated", NULL);
	expect_header(a, "WWW-Authenticate", "Token");
	for (size_t i = 0; i < COUNT(schemes); i++) {
		with("Authorization: %s", schemes[i]);
		a = GET(NULL, "/api/issues/");
		expect_error_shape(a, 401, text_at(a, "code"));
		expect_header(a, "WWW-Authenticate", "Token");
	}
}
END_TEST

START_TEST(invalid_tokens)
{
	const char *const tokens[] = {
	    "x",
	    "' OR 1=1 -- ",
	    make_token(&w.vendor, -1),
	    text("%sx", w.vendor.token),
	    text("%.42s", w.vendor.token),
	};
	struct answer *a;

	for (size_t i = 0; i < COUNT(tokens); i++) {
		a = GET(tokens[i], "/api/issues/");
		expect_error(a, 401, "invalid_token", NULL);
		expect_header(a, "WWW-Authenticate", "Token");
	}
	sql_run("UPDATE user SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.vendor.user)));
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 401, "invalid_token", NULL);
}
END_TEST

START_TEST(deactivated_profiles)
{
	struct answer *a;

	sql_run("UPDATE profile SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.employee.profile)));
	a = GET(w.employee.token, "/api/issues/");
	expect(a, a->status == 401 || a->status == 403);
	expect_error_shape(a, a->status, text_at(a, "code"));
}
END_TEST

START_TEST(five_wrong_passwords_lock_the_account)
{
	const char *const names[] = {w.vendor.username, w.vendor.email};
	struct answer *a;

	set_password(&w.vendor, "long enough");
	for (int i = 0; i < 5; i++) {
		a = login(names[i % 2], "wrong");
		expect_error(a, 400, "invalid_credentials", "non_field_errors");
	}
	/* even the right password, by either name */
	for (int i = 0; i < 2; i++) {
		a = login(names[i], "long enough");
		expect_error(a, 429, "throttled", "non_field_errors");
		expect(a, header(a, "Retry-After") != NULL);
		expect(a, strtol(header(a, "Retry-After"), NULL, 10) > 600);
		expect(a, strtol(header(a, "Retry-After"), NULL, 10) <= 901);
	}
	expect_status(GET(w.vendor.token, "/api/users/me/"), 200);

	sql_run("UPDATE login_guard "
		"SET locked_until = locked_until - INTERVAL 16 MINUTE, "
		"window_start = window_start - INTERVAL 16 MINUTE "
		"WHERE locked_until IS NOT NULL",
		NO_ARGS);
	expect_status(login(w.vendor.username, "long enough"), 200);
}
END_TEST

/* The lock does not reveal whether the account exists. */
START_TEST(unknown_names_are_locked_too)
{
	const char *name = unique("nobody");
	struct answer *a;

	for (int i = 0; i < 5; i++) {
		a = login(name, "wrong");
		expect_error(a, 400, "invalid_credentials", "non_field_errors");
	}
	a = login(name, "wrong");
	expect_error(a, 429, "throttled", "non_field_errors");
	expect(a, header(a, "Retry-After") != NULL);
}
END_TEST

START_TEST(the_right_password_resets_the_count)
{
	set_password(&w.vendor, "long enough");
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++)
			expect_status(login(w.vendor.username, "wrong"), 400);
		expect_status(login(w.vendor.username, "long enough"), 200);
	}
}
END_TEST

START_TEST(profiles_by_header)
{
	struct answer *a;

	with("X-Profile: %lld", (long long)w.vendor.profile);
	expect_status(GET(w.vendor.token, "/api/issues/"), 200);
	with("X-Profile: %lld", (long long)w.employee.profile);
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 403, "permission_denied", NULL);
	with("X-Profile: 999999999");
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 403, "permission_denied", NULL);
	with("X-Profile: vendor");
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 400, "invalid", "X-Profile");
}
END_TEST

Suite *
refusals_headers_suite(void)
{
	Suite *s = suite_create("refusals_headers");
	TCase *t = add_case(s, "headers", set_up);

	tcase_add_test(t, request_ids);
	tcase_add_test(t, headers_of_every_answer);
	tcase_add_test(t, no_token);
	tcase_add_test(t, invalid_tokens);
	tcase_add_test(t, deactivated_profiles);
	t = add_case(s, "wrong passwords", set_up);
	tcase_add_test(t, five_wrong_passwords_lock_the_account);
	tcase_add_test(t, unknown_names_are_locked_too);
	tcase_add_test(t, the_right_password_resets_the_count);
	t = add_case(s, "profiles", set_up);
	tcase_add_test(t, profiles_by_header);
	return s;
}
