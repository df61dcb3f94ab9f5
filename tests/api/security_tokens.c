/* Personal tokens and sessions, and which responses may be cached. */

#include <string.h>
#include <unistd.h>

#include "desk/profile.h"
#include "security_entries.h"
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
	a = make_personal_token(make_token(&p, 3600));
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
	expect_error(make_personal_token(token), 403, "permission_denied",
		     NULL);

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
	const char *token =
	    text_at(make_personal_token(w.employee.token), "token");

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
	token = text_at(make_personal_token(customer.token), "token");
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
	const char *token =
	    text_at(make_personal_token(w.employee.token), "token");
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
	expect_status(make_personal_token(w.employee.token), 201);
}
END_TEST

START_TEST(sessions_are_listed_and_ended)
{
	const char *other, *token = w.customer.token;
	struct answer *a;
	int64_t id;

	set_password(&w.customer, "the right one");
	other = text_at(login(w.customer.username, "the right one"), "token");
	(void)make_personal_token(token);
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
	expect_header(make_personal_token(token), "Cache-Control", "no-store");
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
security_tokens_suite(void)
{
	Suite *s = suite_create("security_tokens");
	TCase *t = add_case(s, "tokens", set_up);

	tcase_add_test(t, personal_tokens_are_bound);
	tcase_add_test(t, personal_tokens_leave_the_account_alone);
	tcase_add_test(t, notifications_are_of_the_profile);
	tcase_add_test(t, deactivation_ends_personal_tokens);
	tcase_add_test(t, a_person_has_at_most_100_personal_tokens);
	tcase_add_test(t, sessions_are_listed_and_ended);
	tcase_add_test(t, the_last_use_is_stored_every_five_minutes);
	t = add_case(s, "caches", set_up);
	tcase_add_test(t, personal_responses_are_not_cached);
	return s;
}
