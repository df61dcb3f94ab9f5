/* Logins, lock-outs, tokens, sessions, and the log of all that. */

#include <string.h>

#include "client.h"
#include "fixture.h"
#include "json.h"
#include "shapes.h"
#include "suites.h"

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

static struct answer *
login(const char *name, const char *password)
{
	return POST(NULL, "/api/auth/login/",
		    json("{'username':'%s','password':'%s'}", name, password));
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

/* The newest entry: what happened, by whom and to whom. */
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

START_TEST(logins_are_noted)
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

START_TEST(logins_of_customers_are_theirs_alone)
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

START_TEST(passwords_tokens_and_logouts_are_noted)
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

START_TEST(roles_and_exports_are_noted)
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
	/* what changes nothing is not noted */
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

START_TEST(ties_are_noted)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);

	tie_to_team(w.org, TEAM_DEMO);
	expect_status(
	    PATCH(w.vendor.token, path, json("{'linear_team_id':null}")), 200);
	expect_newest(log_of(&w.vendor, false), "team_untied", &w.vendor, 0);
	expect_status(
	    PATCH(w.vendor.token, path, json("{'name':'%s'}", unique("other"))),
	    200);
	expect_int(log_of(&w.vendor, false), "count", 1);
}
END_TEST

START_TEST(the_log_is_the_owners)
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

Suite *
security_suite(void)
{
	Suite *s = suite_create("security");
	TCase *t = add_case(s, "log", set_up);

	tcase_add_test(t, logins_are_noted);
	tcase_add_test(t, logins_of_customers_are_theirs_alone);
	tcase_add_test(t, passwords_tokens_and_logouts_are_noted);
	tcase_add_test(t, roles_and_exports_are_noted);
	tcase_add_test(t, ties_are_noted);
	tcase_add_test(t, the_log_is_the_owners);
	return s;
}
