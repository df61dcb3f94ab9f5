/* The calls that the seed system documents, field by field. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
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

/* --- logging in and out --------------------------------------------------- */

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

/* --- raising -------------------------------------------------------------- */

static const char *
number_of_this_year(int n)
{
	return text("ISS-%d-%04d", clock_year(clock_now()), n);
}

START_TEST(raise_with_required_fields)
{
	struct answer *a = POST(
	    w.customer.token, "/api/client/issues/raise/",
	    json("{'organization':%lld,'title':'Late','description':'Where?'}",
		 (long long)w.org));

	expect_status(a, 201);
	expect_keys(a, "", "message issue linear_data");
	expect_text(a, "message", "Issue raised successfully");
	expect_null(a, "linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	expect_text(a, "issue.issue_number", number_of_this_year(1));
	expect_text(a, "issue.code", number_of_this_year(1));
	expect_int(a, "issue.organization", w.org);
	expect_text(a, "issue.organization_name", w.org_name);
	expect_text(a, "issue.title", "Late");
	expect_text(a, "issue.description", "Where?");
	expect_text(a, "issue.status", "open");
	expect_text(a, "issue.status_display", "Open");
	expect_text(a, "issue.priority", "medium");
	expect_text(a, "issue.priority_display", "Medium");
	expect_text(a, "issue.category", "general");
	expect_text(a, "issue.category_display", "General Issue");
	expect_bool(a, "issue.is_client_issue", true);
	expect_text(a, "issue.raised_by_customer_name", w.customer.full_name);
	expect_text(a, "issue.raised_by_customer_email", w.customer.email);
	expect_int(a, "issue.created_by", w.customer.user);
	expect_text(a, "issue.created_by_name", w.customer.full_name);
	expect_bool(a, "issue.synced_to_linear", false);
	expect_text(a, "issue.sync_state", "off");
	expect_int(a, "issue.version", 1);
	expect_time(a, "issue.created_at");
	expect_text(a, "issue.updated_at", text_at(a, "issue.created_at"));
	expect(a, length_at(a, "issue.comments") == 0);
	expect_null(a, "issue.vendor");
	expect_null(a, "issue.vendor_name");
	expect_null(a, "issue.order");
	expect_null(a, "issue.order_number");
	expect_null(a, "issue.assigned_to");
	expect_null(a, "issue.assigned_to_name");
	expect_null(a, "issue.resolved_at");
	expect_null(a, "issue.resolved_by");
	expect_null(a, "issue.resolved_by_name");
	expect_null(a, "issue.resolution_notes");
	expect_null(a, "issue.linear_issue_id");
	expect_null(a, "issue.linear_issue_url");
	expect_null(a, "issue.last_synced_at");
}
END_TEST

START_TEST(raise_with_all_fields)
{
	struct answer *a = POST(
	    w.customer.token, "/api/client/issues/raise/",
	    json("{'organization':%lld,'title':'  Late  ',"
		 "'description':'Line\\nline \xf0\x9f\x98\x80',"
		 "'priority':'urgent','category':'delivery',"
		 "'vendor':%lld,'order':%lld}",
		 (long long)w.org, (long long)w.supplier, (long long)w.order));

	expect_status(a, 201);
	expect_text(a, "issue.title", "Late");
	expect_text(a, "issue.description", "Line\nline \xf0\x9f\x98\x80");
	expect_text(a, "issue.priority", "urgent");
	expect_text(a, "issue.category", "delivery");
	expect_text(a, "issue.category_display", "Delivery Delay");
	expect_int(a, "issue.vendor.id", w.supplier);
	expect_text(a, "issue.vendor.name", text("Supplier %s", w.marker));
	expect_text(a, "issue.vendor_name", text("Supplier %s", w.marker));
	expect_int(a, "issue.order", w.order);
	expect(a, strncmp(text_at(a, "issue.order_number"), "ORD", 3) == 0);
}
END_TEST

/* To the letter: the answer does not read the row again. */
START_TEST(raise_responds_as_a_later_get)
{
	static const char *const more[] = {
	    "", ",'priority':'low','category':'other'", NULL};
	struct answer *a, *b;

	for (size_t i = 0; i < COUNT(more); i++) {
		const char *rest =
		    more[i] ? more[i]
			    : text(",'vendor':%lld,'order':%lld",
				   (long long)w.supplier, (long long)w.order);

		a = POST(w.customer.token, "/api/client/issues/raise/",
			 json("{'organization':%lld,'title':' A \xe2\x82\xac ',"
			      "'description':'Two\\r\\nlines '%s}",
			      (long long)w.org, rest));
		expect_status(a, 201);
		b = GET(w.customer.token,
			client_path(int_at(a, "issue.id"), ""));
		expect_status(b, 200);
		expect(a, strstr(a->text, b->text) != NULL);
	}
}
END_TEST

START_TEST(raise_gives_the_next_number)
{
	const int64_t second = w.other_org;
	struct answer *a;

	raise_issue(&w.customer, w.org, "one");
	raise_issue(&w.stranger, w.org, "two");
	raise_issue(&w.customer, second, "one elsewhere");
	a = GET(w.customer.token,
		issue_path(raise_issue(&w.customer, w.org, "three"), ""));
	expect_text(a, "issue_number", number_of_this_year(3));
}
END_TEST

START_TEST(raise_accepts_aliases)
{
	struct answer *a =
	    POST(w.customer.token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'t','description':'',"
		      "'priority':'critical','category':'payment',"
		      "'linear_team_id':'" TEAM_FREE "','status':'closed',"
		      "'vendor':null,'order':null}",
		      (long long)w.org));

	expect_status(a, 201);
	expect_text(a, "issue.priority", "urgent");
	expect_text(a, "issue.category", "billing");
	expect_text(a, "issue.status", "open");
	expect_null(a, "issue.linear_team_id");
}
END_TEST

static struct answer *
raise_and_be_refused(const char *token, const char *rest)
{
	return POST(token, "/api/client/issues/raise/",
		    json("{'title':'t','description':'d',%s}", rest));
}

START_TEST(raise_refused)
{
	struct answer *a = POST(w.customer.token, "/api/client/issues/raise/",
				json("{'priority':'huge'}"));

	expect_error(a, 400, "invalid", "organization");
	expect_error(a, 400, "invalid", "title");
	expect_error(a, 400, "invalid", "description");
	expect_error(a, 400, "invalid", "priority");
	a = raise_and_be_refused(w.customer.token,
				 "\"organization\":999999999");
	expect_error(a, 400, "invalid", "organization");
	a = raise_and_be_refused(w.customer.token,
				 text("\"organization\":%lld,\"vendor\":%lld",
				      (long long)w.org,
				      (long long)w.other_supplier));
	expect_error(a, 400, "invalid", "vendor");
	a = raise_and_be_refused(
	    w.customer.token, text("\"organization\":%lld,\"order\":%lld",
				   (long long)w.other_org, (long long)w.order));
	expect_error(a, 400, "invalid", "order");
	/* an issue of the organization, but of another customer */
	a = raise_and_be_refused(w.stranger.token,
				 text("\"organization\":%lld,\"order\":%lld",
				      (long long)w.org, (long long)w.order));
	expect_error(a, 400, "invalid", "order");
	sql_run("UPDATE organization SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.other_org)));
	a = raise_and_be_refused(
	    w.customer.token,
	    text("\"organization\":%lld", (long long)w.other_org));
	expect_error(a, 400, "invalid", "organization");
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM issue "
				 "WHERE organization_id IN (?, ?)",
				 ARGS(arg_int(w.org), arg_int(w.other_org))),
			 0);
}
END_TEST

START_TEST(raise_is_for_customers)
{
	const struct person *const staff[] = {&w.employee, &w.vendor};
	struct answer *a;

	for (size_t i = 0; i < COUNT(staff); i++) {
		a = raise_and_be_refused(
		    staff[i]->token,
		    text("\"organization\":%lld", (long long)w.org));
		expect_error(a, 403, "permission_denied", NULL);
	}
}
END_TEST

START_TEST(raise_without_an_organization)
{
	static const char body[] = "{\"title\":\"t\",\"description\":\"d\"}";
	struct answer *a = POST(w.customer.token, "/api/issues/raise/", body);

	expect_error(a, 400, "invalid", "organization");
	raise_issue(&w.customer, w.org, "first");
	a = POST(w.customer.token, "/api/issues/raise/", body);
	expect_status(a, 201);
	expect_int(a, "issue.organization", w.org);
	raise_issue(&w.customer, w.other_org, "elsewhere");
	a = POST(w.customer.token, "/api/issues/raise/", body);
	expect_error(a, 400, "invalid", "organization");
	a = POST(w.customer.token, "/api/issues/raise/",
		 json("{'title':'t','description':'d','organization':%lld}",
		      (long long)w.other_org));
	expect_status(a, 201);
	expect_int(a, "issue.organization", w.other_org);
}
END_TEST

/* --- lists ---------------------------------------------------------------- */

/* The data for the filters: four issues, in the order of raising. */
enum { PIPE, LAMP, DESK, BILL, ISSUES };
static int64_t ids[ISSUES];

static void
set_up_issues(void)
{
	static const char *const more[ISSUES] = {
	    [PIPE] = "'title':'Pipe leaks','priority':'low'",
	    [LAMP] = "'title':'Lamp flickers','priority':'urgent',"
		     "'category':'quality'",
	    [DESK] = "'title':'Desk late','priority':'high',"
		     "'category':'delivery','vendor':%lld,'order':%lld",
	    [BILL] = "'title':'Bill wrong','category':'billing'",
	};
	struct answer *a;

	set_up();
	for (int i = 0; i < ISSUES; i++) {
		const struct person *who =
		    i == BILL ? &w.stranger : &w.customer;
		const char *fields =
		    i == DESK ? text("'title':'Desk late','priority':'high',"
				     "'category':'delivery','vendor':%lld,"
				     "'order':%lld",
				     (long long)w.supplier, (long long)w.order)
			      : more[i];

		a = POST(who->token, "/api/client/issues/raise/",
			 json("{'organization':%lld,'description':'about %s',"
			      "%s}",
			      (long long)w.org, i == PIPE ? "water" : "it",
			      fields));
		expect_status(a, 201);
		ids[i] = int_at(a, "issue.id");
	}
	expect_status(
	    POST(w.vendor.token, issue_path(ids[LAMP], "assign/"),
		 json("{'employee_id':%lld}", (long long)w.employee.profile)),
	    200);
	expect_status(
	    POST(w.vendor.token, issue_path(ids[DESK], "resolve/"), NULL), 200);
	expect_status(
	    POST(w.vendor.token, issue_path(ids[BILL], "close/"), NULL), 200);
}

/* The first letters of the titles, in the order of the list. */
static const char *
letters(const struct answer *a)
{
	char *s = text("%s", "");
	const struct json *j;

	for (j = json_first(at(a, "results")); j; j = json_next(j))
		s = text("%s%c", s, *json_text(json_get(j, "title")));
	return s;
}

static void
expect_list(const char *token, const char *query, const char *wanted)
{
	struct answer *a = GET(token, text("/api/issues/?%s", query));

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	ck_assert_msg(strcmp(letters(a), wanted) == 0, "?%s gives %s, not %s",
		      query, letters(a), wanted);
	expect_int(a, "count", (int64_t)strlen(wanted));
}

START_TEST(list_of_staff)
{
	struct answer *a = GET(w.employee.token, "/api/issues/");

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", ISSUES);
	expect_null(a, "next");
	expect_null(a, "previous");
	ck_assert_str_eq(letters(a), "BDLP");
	for (int i = 0; i < ISSUES; i++)
		expect_keys(a, text("results.%d", i), ISSUE_ROW_KEYS);
	expect_text(a, "results.2.assigned_to_name", w.employee.full_name);
	expect_keys(a, "results.2.assigned_to", "id full_name email");
	expect_text(a, "results.2.raised_by_customer_name",
		    w.customer.full_name);
	expect_text(a, "results.2.raised_by_customer_email", w.customer.email);
	expect_text(a, "results.2.status", "in_progress");
}
END_TEST

START_TEST(list_of_customers)
{
	struct answer *a = GET(w.customer.token, "/api/issues/");

	expect_int(a, "count", 3);
	ck_assert_str_eq(letters(a), "DLP");
	expect_keys(a, "results.1", ISSUE_ROW_KEYS);
	expect_keys(a, "results.1.assigned_to", "id full_name");
	expect_without(a, w.employee.email);
	a = GET(w.customer.token, "/api/client/issues/");
	ck_assert_str_eq(letters(a), "DLP");
	expect_keys(a, "results.0", ISSUE_ROW_KEYS);
	ck_assert_str_eq(letters(GET(w.stranger.token, "/api/issues/")), "B");
	a = GET(w.employee.token, "/api/client/issues/");
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

START_TEST(list_of_another_organization)
{
	expect_list(w.outsider.token, "", "");
}
END_TEST

START_TEST(list_filtered)
{
	static const char *const rows[][2] = {
	    {"status=open", "P"},
	    {"status=in_progress", "L"},
	    {"status=resolved", "D"},
	    {"status=closed", "B"},
	    {"priority=low", "P"},
	    {"priority=medium", "B"},
	    {"priority=high", "D"},
	    {"priority=urgent", "L"},
	    {"priority=critical", "L"},
	    {"category=general", "P"},
	    {"category=quality", "L"},
	    {"category=billing", "B"},
	    {"category=payment", "B"},
	    {"category=other", ""},
	    {"is_client_issue=true", "BDLP"},
	    {"is_client_issue=false", ""},
	    {"synced_to_linear=false", "BDLP"},
	    {"synced_to_linear=true", ""},
	    {"assigned_to=none", "BDP"},
	    {"assigned_to=me", "L"},
	    {"status=in_progress&priority=urgent", "L"},
	    {"status=in_progress&priority=low", ""},
	    {"status=&priority=", "BDLP"},
	    {"unknown=1", "BDLP"},
	    {"search=pipe", "P"},
	    {"search=PIP", "P"},
	    {"search=water", "P"},
	    {"search=ipe", ""},
	    {"search=desk+late", "D"},
	    {"search=desk+leaks", ""},
	    {"search=it", "BDL"},
	    {"search=it&status=closed", "B"},
	    {"search=%25", ""},
	    {"search=+", "BDLP"},
	    {"search=%20", "BDLP"},
	    {"search=%20%09%0a%20", "BDLP"},
	    {"search=%C2%A0%E2%80%83%E3%80%80", "BDLP"},
	    {"search=%20&status=open", "P"},
	    {"search=+desk+", "D"},
	    {"created_after=2000-01-01", "BDLP"},
	    {"created_before=2000-01-01", ""},
	    {"updated_after=2000-01-01T00:00:00Z", "BDLP"},
	    {"updated_before=2000-01-01T00:00:00%2B02:00", ""},
	    {"created_before=0001-01-01", ""},
	    {"created_after=0001-01-01", "BDLP"},
	    {"created_before=9999-12-31T23:59:59.999999Z", "BDLP"},
	    {"ordering=created_at", "PLDB"},
	    {"ordering=-created_at", "BDLP"},
	    {"ordering=updated_at", "PLDB"},
	    {"ordering=-updated_at", "BDLP"},
	    {"ordering=priority", "PBDL"},
	    {"ordering=-priority", "LDBP"},
	    {"ordering=status", "PLDB"},
	    {"ordering=-status", "BDLP"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_list(w.employee.token, rows[i][0], rows[i][1]);
}
END_TEST

/* Times at and before the epoch are valid as well. */
START_TEST(list_filtered_by_the_epoch)
{
	expect_list(w.employee.token, "created_before=1970-01-01", "");
	expect_list(w.employee.token, "created_after=1970-01-01", "BDLP");
	expect_list(w.employee.token, "updated_before=1970-01-01", "");
	expect_list(w.employee.token, "created_after=1969-12-31T23:59:59.5Z",
		    "BDLP");
	expect_list(w.employee.token, "created_before=1969-12-31T23:59:59.5Z",
		    "");
}
END_TEST

START_TEST(list_filtered_by_ids)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, issue_path(ids[BILL], ""));

	expect_list(t, text("vendor=%lld", (long long)w.supplier), "D");
	expect_list(t, text("vendor=%lld", (long long)w.other_supplier), "");
	expect_list(t, text("order=%lld", (long long)w.order), "D");
	expect_list(t, text("assigned_to=%lld", (long long)w.employee.profile),
		    "L");
	expect_list(t, text("assigned_to=%lld", (long long)w.vendor.profile),
		    "");
	expect_list(t,
		    text("raised_by_customer=%lld",
			 (long long)int_at(a, "raised_by_customer")),
		    "B");
	expect_list(t, text("organization=%lld", (long long)w.org), "BDLP");
	expect_list(t, text("organization=%lld", (long long)w.other_org), "");
}
END_TEST

START_TEST(list_found_by_number)
{
	struct answer *a = GET(w.employee.token, issue_path(ids[DESK], ""));
	const char *number = text_at(a, "issue_number");

	expect_list(w.employee.token, text("search=%s", number), "D");
	expect_list(w.employee.token, text("search=iss%s", number + 3), "D");
	expect_list(w.employee.token,
		    text("search=%s+late", strrchr(number, '-') + 1), "D");
	expect_list(w.employee.token, text("search=%.8s", number), "BDLP");
	expect_list(w.employee.token, "search=iss-1999", "");
	expect_list(w.employee.token, text("search=%s+late", number + 4), "D");
	expect_list(w.customer.token, text("search=%s+late", number + 4), "D");
	/* parts that all issue numbers have do not find every issue */
	expect_list(w.employee.token, text("search=%.4s", number + 4), "");
}
END_TEST

START_TEST(list_refuses_invalid_filters)
{
	static const char *const rows[][2] = {
	    {"status=done", "status"},
	    {"status=OPEN", "status"},
	    {"priority=5", "priority"},
	    {"category=none", "category"},
	    {"is_client_issue=maybe", "is_client_issue"},
	    {"synced_to_linear=2", "synced_to_linear"},
	    {"assigned_to=you", "assigned_to"},
	    {"assigned_to=0", "assigned_to"},
	    {"vendor=x", "vendor"},
	    {"order=-1", "order"},
	    {"raised_by_customer=1.5", "raised_by_customer"},
	    {"organization=99999999999999999999", "organization"},
	    {"created_after=today", "created_after"},
	    {"created_before=2026-02-30", "created_before"},
	    {"updated_after=1", "updated_after"},
	    {"updated_before=2026-01-01T25:00", "updated_before"},
	    {"created_after=0001-01-01T00:00:00%2B14:00", "created_after"},
	    {"created_before=9999-12-31T23:00:00-14:00", "created_before"},
	    {"ordering=title", "ordering"},
	    {"page=0", "page"},
	    {"page=one", "page"},
	    {"page_size=0", "page_size"},
	    {"page_size=101", "page_size"},
	    {"search=%ff", "search"},
	    {"search=%00", "search"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer *a =
		    GET(w.employee.token, text("/api/issues/?%s", rows[i][0]));

		expect_error(a, 400, "invalid", rows[i][1]);
	}
}
END_TEST

START_TEST(list_by_pages)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, "/api/issues/?page_size=3&ordering=status"
				  "&search=");
	const char *next;

	expect_int(a, "count", ISSUES);
	ck_assert_str_eq(letters(a), "PLD");
	expect_null(a, "previous");
	next = text_at(a, "next");
	expect(a, strncmp(next, "http://", 7) == 0);
	expect(a, strstr(next, "page=2") && strstr(next, "page_size=3") &&
		      strstr(next, "ordering=status"));
	a = GET(t, next);
	expect_status(a, 200);
	expect_int(a, "count", ISSUES);
	ck_assert_str_eq(letters(a), "B");
	expect_null(a, "next");
	a = GET(t, text_at(a, "previous"));
	ck_assert_str_eq(letters(a), "PLD");
	a = GET(t, "/api/issues/?page_size=3&page=3");
	expect_error(a, 404, "not_found", NULL);
	a = GET(t, "/api/issues/?page=2");
	expect_error(a, 404, "not_found", NULL);
	expect_status(GET(w.outsider.token, "/api/issues/?page=1"), 200);
}
END_TEST

/* --- one issue ------------------------------------------------------------ */

START_TEST(detail_for_staff)
{
	struct answer *a = GET(w.vendor.token, issue_path(ids[LAMP], ""));

	expect_status(a, 200);
	expect_keys(a, "", ISSUE_KEYS);
	expect_int(a, "id", ids[LAMP]);
	expect_text(a, "title", "Lamp flickers");
	expect_text(a, "status", "in_progress");
	expect_text(a, "status_display", "In Progress");
	expect_keys(a, "assigned_to", "id full_name email");
	expect_int(a, "assigned_to.id", w.employee.profile);
	expect_text(a, "assigned_to.full_name", w.employee.full_name);
	expect_text(a, "assigned_to.email", w.employee.email);
	expect_text(a, "assigned_to_name", w.employee.full_name);
	expect_int(a, "version", 2);
}
END_TEST

START_TEST(detail_for_its_customer)
{
	const char *const paths[] = {issue_path(ids[LAMP], ""),
				     client_path(ids[LAMP], "")};
	struct answer *a;

	expect_status(
	    POST(w.employee.token, issue_path(ids[LAMP], "add_comment/"),
		 json("{'content':'secret %s','internal':true}", w.marker)),
	    201);
	expect_status(POST(w.employee.token,
			   issue_path(ids[LAMP], "add_comment/"),
			   json("{'content':'We look into it.'}")),
		      201);
	for (size_t i = 0; i < COUNT(paths); i++) {
		a = GET(w.customer.token, paths[i]);
		expect_status(a, 200);
		expect_keys(a, "", ISSUE_KEYS);
		expect_keys(a, "assigned_to", "id full_name");
		expect_without(a, w.employee.email);
		expect_without(a, "secret");
		expect(a, length_at(a, "comments") == 1);
		expect_keys(a, "comments.0", COMMENT_KEYS);
		expect_text(a, "comments.0.content", "We look into it.");
		expect_text(a, "comments.0.author_kind", "staff");
		expect_null(a, "linear_issue_id");
		expect_null(a, "linear_identifier");
		expect_null(a, "linear_team_id");
	}
	a = GET(w.employee.token, issue_path(ids[LAMP], ""));
	expect(a, length_at(a, "comments") == 2);
	expect_bool(a, "comments.0.is_internal", true);
	expect_bool(a, "comments.1.is_internal", false);
}
END_TEST

START_TEST(detail_is_hidden_from_others)
{
	const struct person *const others[] = {&w.stranger, &w.outsider};
	struct answer *a;

	for (size_t i = 0; i < COUNT(others); i++) {
		a = GET(others[i]->token, issue_path(ids[LAMP], ""));
		expect_error(a, 404, "not_found", NULL);
	}
	a = GET(w.stranger.token, client_path(ids[LAMP], ""));
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.employee.token, client_path(ids[LAMP], ""));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

/* --- changes -------------------------------------------------------------- */

START_TEST(patch_each_field)
{
	static const char *const fields[][3] = {
	    {"{'title':' New title '}", "title", "New title"},
	    {"{'description':'New\\ntext'}", "description", "New\ntext"},
	    {"{'description':''}", "description", ""},
	    {"{'status':'in_progress'}", "status", "in_progress"},
	    {"{'status':'closed'}", "status", "closed"},
	    {"{'status':'open'}", "status", "open"},
	    {"{'priority':'high'}", "priority", "high"},
	    {"{'priority':'critical'}", "priority", "urgent"},
	    {"{'category':'technical'}", "category", "technical"},
	    {"{'category':'payment'}", "category", "billing"},
	    {"{'resolution_notes':'Was so.'}", "resolution_notes", "Was so."},
	};
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a;

	for (size_t i = 0; i < COUNT(fields); i++) {
		a = PATCH(w.employee.token, path, json("%s", fields[i][0]));
		expect_status(a, 200);
		expect_text(a, fields[i][1], fields[i][2]);
		expect_int(a, "version", (int64_t)i + 2);
		expect_bool(a, "linear_synced", false);
		expect_text(GET(w.customer.token, path), fields[i][1],
			    fields[i][2]);
	}
}
END_TEST

START_TEST(patch_returns_the_whole_issue)
{
	struct answer *a = PATCH(w.employee.token, issue_path(ids[PIPE], ""),
				 json("{'priority':'high'}"));

	expect_status(a, 200);
	expect_keys(a, "", ISSUE_KEYS " linear_synced");
}
END_TEST

START_TEST(patch_ids)
{
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a =
	    PATCH(w.vendor.token, path,
		  json("{'assigned_to':%lld,'vendor':%lld,'order':%lld}",
		       (long long)w.employee.profile, (long long)w.supplier,
		       (long long)w.order));

	expect_status(a, 200);
	expect_int(a, "assigned_to.id", w.employee.profile);
	expect_int(a, "vendor.id", w.supplier);
	expect_int(a, "order", w.order);
	a = PATCH(w.vendor.token, path,
		  json("{'assigned_to':null,'vendor':null,'order':null}"));
	expect_null(a, "assigned_to");
	expect_null(a, "vendor");
	expect_null(a, "order");
	a = PATCH(w.vendor.token, path,
		  json("{'assigned_to':%lld,'vendor':%lld,'title':'no'}",
		       (long long)w.outsider.profile,
		       (long long)w.other_supplier));
	expect_error(a, 400, "invalid", "assigned_to");
	a = PATCH(w.vendor.token, path,
		  json("{'vendor':%lld}", (long long)w.other_supplier));
	expect_error(a, 400, "invalid", "vendor");
	a = PATCH(w.vendor.token, path,
		  json("{'assigned_to':%lld}", (long long)w.customer.profile));
	expect_error(a, 400, "invalid", "assigned_to");
	expect_text(GET(w.vendor.token, path), "title", "Pipe leaks");
}
END_TEST

START_TEST(put_accepts_a_partial_body)
{
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a = PUT(w.employee.token, path,
			       json("{'priority':'high','title':'Put'}"));

	expect_status(a, 200);
	expect_text(a, "priority", "high");
	expect_text(a, "title", "Put");
	expect_text(a, "description", "about water");
	expect_text(a, "status", "open");
}
END_TEST

START_TEST(patch_of_nothing_changes_nothing)
{
	static const char *const bodies[] = {
	    "{}", "{'unknown':1}", "{'priority':'low'}",
	    "{'title':'Pipe leaks','status':'open'}", "{'id':7,'version':9}"};
	const char *path = issue_path(ids[PIPE], "");

	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct answer *a =
		    PATCH(w.employee.token, path, json("%s", bodies[i]));

		expect_status(a, 200);
		expect_int(a, "version", 1);
		expect_text(a, "updated_at", text_at(a, "created_at"));
	}
}
END_TEST

START_TEST(patch_into_resolved_and_out)
{
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a =
	    PATCH(w.employee.token, path, json("{'status':'resolved'}"));

	expect_status(a, 200);
	expect_time(a, "resolved_at");
	expect_int(a, "resolved_by.id", w.employee.profile);
	expect_text(a, "resolved_by_name", w.employee.full_name);
	a = PATCH(w.employee.token, path, json("{'status':'closed'}"));
	expect_time(a, "resolved_at");
	expect_int(a, "resolved_by.id", w.employee.profile);
	a = PATCH(w.employee.token, path, json("{'status':'open'}"));
	expect_null(a, "resolved_at");
	expect_null(a, "resolved_by");
	expect_null(a, "resolved_by_name");
}
END_TEST

/* rights.c has the rest. */
START_TEST(customers_change_nothing)
{
	const char *t = w.customer.token;
	struct answer *a;

	a = PATCH(t, issue_path(ids[PIPE], ""), json("{'status':'closed'}"));
	expect_error(a, 400, "invalid", "status");
	a = POST(t, issue_path(ids[PIPE], "resolve/"), NULL);
	expect_error(a, 403, "permission_denied", NULL);
	a = POST(t, issue_path(ids[PIPE], "assign/"),
		 json("{'employee_id':%lld}", (long long)w.employee.profile));
	expect_error(a, 403, "permission_denied", NULL);
	expect_int(GET(t, issue_path(ids[PIPE], "")), "version", 1);
}
END_TEST

START_TEST(assign)
{
	const char *path = issue_path(ids[PIPE], "assign/");
	struct answer *a =
	    POST(w.vendor.token, path,
		 json("{'employee_id':%lld}", (long long)w.employee.profile));

	expect_status(a, 200);
	expect_keys(a, "", "message issue");
	expect_text(a, "message", "Issue assigned successfully");
	expect_int(a, "issue.assigned_to.id", w.employee.profile);
	expect_text(a, "issue.status", "in_progress");
	a = POST(w.vendor.token, path, json("{'employee_id':null}"));
	expect_status(a, 200);
	expect_null(a, "issue.assigned_to");
	expect_text(a, "issue.status", "in_progress");
	a = POST(w.vendor.token, path, "{}");
	expect_error(a, 400, "invalid", "employee_id");
	a = POST(w.vendor.token, path,
		 json("{'employee_id':%lld}", (long long)w.outsider.profile));
	expect_error(a, 400, "invalid", "employee_id");
	a = POST(w.vendor.token, path, json("{'employee_id':999999999}"));
	expect_error(a, 400, "invalid", "employee_id");
}
END_TEST

START_TEST(assign_leaves_a_resolved_one_resolved)
{
	struct answer *a =
	    POST(w.vendor.token, issue_path(ids[DESK], "assign/"),
		 json("{'employee_id':%lld}", (long long)w.vendor.profile));

	expect_text(a, "issue.status", "resolved");
}
END_TEST

START_TEST(resolve)
{
	const char *path = issue_path(ids[LAMP], "resolve/");
	struct answer *a = POST(w.employee.token, path,
				json("{'resolution_notes':'New bulb.'}"));

	expect_status(a, 200);
	expect_text(a, "message", "Issue resolved successfully");
	expect_text(a, "previous_status", "in_progress");
	expect_bool(a, "linear_synced", false);
	expect_text(a, "issue.status", "resolved");
	expect_text(a, "issue.resolution_notes", "New bulb.");
	expect_text(a, "issue.description", "about it");
	expect_time(a, "issue.resolved_at");
	expect_int(a, "issue.resolved_by.id", w.employee.profile);
	expect_text(a, "status", "resolved");
	expect_int(a, "id", ids[LAMP]);
	a = POST(w.employee.token, path, NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_int(GET(w.employee.token, issue_path(ids[LAMP], "")), "version",
		   3);
}
END_TEST

START_TEST(resolve_without_notes_and_its_alias)
{
	struct answer *a =
	    POST(w.employee.token,
		 text("/api/issues/resolve/%lld/", (long long)ids[PIPE]), NULL);

	expect_status(a, 200);
	expect_text(a, "issue.status", "resolved");
	expect_text(a, "previous_status", "open");
	expect_null(a, "issue.resolution_notes");
}
END_TEST

#define MERGED_KEYS ISSUE_KEYS " message issue previous_status linear_synced"

/* The response to an action shows the issue, and some of its fields at the top
 * level. */
START_TEST(actions_return_the_whole_issue)
{
	const char *t = w.employee.token;
	struct answer *a = POST(t, issue_path(ids[PIPE], "resolve/"), NULL);

	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "reopen/"), NULL);
	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "close/"), NULL);
	expect_keys(a, "", MERGED_KEYS);
	expect_keys(a, "issue", ISSUE_KEYS);
	a = POST(t, issue_path(ids[PIPE], "assign/"),
		 json("{'employee_id':null}"));
	expect_keys(a, "issue", ISSUE_KEYS);
}
END_TEST

START_TEST(reopen)
{
	const char *t = w.employee.token;
	struct answer *a = POST(t, issue_path(ids[DESK], "reopen/"),
				json("{'comment':'Not yet.'}"));

	expect_status(a, 200);
	expect_text(a, "message", "Issue reopened successfully");
	expect_text(a, "previous_status", "resolved");
	expect_text(a, "issue.status", "in_progress");
	expect_null(a, "issue.resolved_at");
	expect_null(a, "issue.resolved_by");
	a = GET(w.customer.token, issue_path(ids[DESK], ""));
	expect_text(a, "comments.0.content", "Not yet.");
	a = POST(t, issue_path(ids[DESK], "reopen/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	a = POST(t, issue_path(ids[PIPE], "reopen/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	a = POST(t, issue_path(ids[BILL], "reopen/"), NULL);
	expect_status(a, 200);
	expect_text(a, "previous_status", "closed");
	expect_text(a, "issue.status", "in_progress");
}
END_TEST

START_TEST(reopen_by_the_customer)
{
	const char *path = issue_path(ids[DESK], "reopen/");
	struct answer *a = POST(w.stranger.token, path, NULL);

	expect_error(a, 404, "not_found", NULL);
	a = POST(w.customer.token, path, json("{'comment':'Still late'}"));
	expect_status(a, 200);
	expect_text(a, "issue.status", "in_progress");
	expect_status(
	    POST(w.vendor.token, issue_path(ids[DESK], "resolve/"), NULL), 200);
	sql_run("UPDATE issue SET resolved_at = resolved_at - INTERVAL 15 DAY "
		"WHERE id = ?",
		ARGS(arg_int(ids[DESK])));
	a = POST(w.customer.token, path, NULL);
	expect_error(a, 403, "permission_denied", "non_field_errors");
	expect_text(
	    a, "error",
	    "This issue can no longer be reopened. Please raise a new one.");
	expect_text(GET(w.customer.token, issue_path(ids[DESK], "")), "status",
		    "resolved");
	expect_status(POST(w.employee.token, path, NULL), 200);
	expect_status(
	    POST(w.vendor.token, issue_path(ids[DESK], "close/"), NULL), 200);
	a = POST(w.customer.token, path, NULL);
	expect_error(a, 403, "permission_denied", "non_field_errors");
	expect_text(
	    a, "error",
	    "Only staff can reopen a closed issue. Please raise a new one.");
}
END_TEST

START_TEST(close_)
{
	struct answer *a =
	    POST(w.employee.token, issue_path(ids[DESK], "close/"), NULL);

	expect_status(a, 200);
	expect_text(a, "message", "Issue closed successfully");
	expect_text(a, "previous_status", "resolved");
	expect_text(a, "issue.status", "closed");
	expect_text(a, "status", "closed");
	a = POST(w.employee.token, issue_path(ids[DESK], "close/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
}
END_TEST

START_TEST(delete_)
{
	const char *path = issue_path(ids[PIPE], "");
	struct answer *a = DELETE(w.employee.token, path);

	expect_error(a, 403, "permission_denied", NULL);
	a = DELETE(w.vendor.token, path);
	expect_status(a, 204);
	expect(a, a->len == 0);
	a = DELETE(w.vendor.token, path);
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.customer.token, path);
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.vendor.token, issue_path(ids[PIPE], "comments/"));
	expect_error(a, 404, "not_found", NULL);
	expect_list(w.vendor.token, "", "BDL");
	expect_list(w.vendor.token, "search=pipe", "");
	expect_int(GET(w.vendor.token, "/api/issues/stats/"), "total", 3);
	/* its number is not used again */
	a = GET(w.customer.token,
		issue_path(raise_issue(&w.customer, w.org, "next"), ""));
	expect_text(a, "issue_number", number_of_this_year(ISSUES + 1));
}
END_TEST

/* --- statistics ----------------------------------------------------------- */

#define STATS_KEYS \
	"total by_status by_priority by_category by_source linear_sync"

START_TEST(stats_of_staff)
{
	struct answer *a = GET(w.employee.token, "/api/issues/stats/");

	expect_status(a, 200);
	expect_keys(a, "", STATS_KEYS);
	expect_keys(a, "by_status", "open in_progress resolved closed");
	expect_keys(a, "by_priority", "low medium high urgent critical");
	expect_keys(a, "by_category",
		    "general delivery quality billing payment communication "
		    "technical other");
	expect_keys(a, "by_source", "client_raised internal");
	expect_keys(a, "linear_sync", "synced not_synced");
	expect_int(a, "total", 4);
	expect_int(a, "by_status.open", 1);
	expect_int(a, "by_status.in_progress", 1);
	expect_int(a, "by_status.resolved", 1);
	expect_int(a, "by_status.closed", 1);
	expect_int(a, "by_priority.low", 1);
	expect_int(a, "by_priority.medium", 1);
	expect_int(a, "by_priority.high", 1);
	expect_int(a, "by_priority.urgent", 1);
	expect_int(a, "by_priority.critical", 1);
	expect_int(a, "by_category.general", 1);
	expect_int(a, "by_category.delivery", 1);
	expect_int(a, "by_category.quality", 1);
	expect_int(a, "by_category.billing", 1);
	expect_int(a, "by_category.payment", 1);
	expect_int(a, "by_category.communication", 0);
	expect_int(a, "by_category.technical", 0);
	expect_int(a, "by_category.other", 0);
	expect_int(a, "by_source.client_raised", 4);
	expect_int(a, "by_source.internal", 0);
	expect_int(a, "linear_sync.synced", 0);
	expect_int(a, "linear_sync.not_synced", 4);
}
END_TEST

START_TEST(stats_of_others)
{
	struct answer *a = GET(w.customer.token, "/api/issues/stats/");

	expect_keys(a, "", STATS_KEYS);
	expect_int(a, "total", 3);
	expect_int(a, "by_status.closed", 0);
	expect_int(a, "by_source.client_raised", 3);
	expect_int(GET(w.stranger.token, "/api/issues/stats/"), "total", 1);
	expect_int(GET(w.outsider.token, "/api/issues/stats/"), "total", 0);
}
END_TEST

/* --- comments ------------------------------------------------------------- */

START_TEST(comment_of_the_customer)
{
	const char *path = client_path(ids[PIPE], "comment/");
	struct answer *a =
	    POST(w.customer.token, path, json("{'comment':' Any news? \\n'}"));

	expect_status(a, 201);
	expect_with(a, "\"message\"");
	expect_keys(a, "comment", COMMENT_KEYS);
	expect_int(a, "comment.issue", ids[PIPE]);
	expect_int(a, "comment.author", w.customer.user);
	expect_text(a, "comment.author_name", w.customer.full_name);
	expect_text(a, "comment.author_kind", "customer");
	expect_text(a, "comment.content", "Any news?");
	expect_bool(a, "comment.is_internal", false);
	expect_null(a, "comment.linear_comment_id");
	expect_bool(a, "comment.synced_to_linear", false);
	expect_time(a, "comment.created_at");
	expect_text(a, "comment.updated_at", text_at(a, "comment.created_at"));
	a = POST(w.stranger.token, path, json("{'comment':'hi'}"));
	expect_error(a, 404, "not_found", NULL);
	a = POST(w.employee.token, path, json("{'comment':'hi'}"));
	expect_error(a, 403, "permission_denied", NULL);
	a = POST(w.customer.token, path, json("{'comment':'  '}"));
	expect_error(a, 400, "invalid", "comment");
}
END_TEST

START_TEST(comments_of_staff)
{
	const char *path = issue_path(ids[PIPE], "add_comment/");
	struct answer *a = POST(w.employee.token, path,
				json("{'content':'secret','internal':true}"));

	expect_status(a, 201);
	expect_keys(a, "", "message comment synced_to_linear");
	expect_bool(a, "comment.is_internal", true);
	expect_bool(a, "synced_to_linear", false);
	a = POST(w.vendor.token, path, json("{'content':'hello'}"));
	expect_bool(a, "comment.is_internal", false);
	a = POST(w.customer.token, path, json("{'content':'thanks'}"));
	expect_status(a, 201);
	a = POST(w.customer.token, path,
		 json("{'content':'x','internal':true}"));
	expect_error(a, 403, "permission_denied", NULL);
	a = POST(w.outsider.token, path, json("{'content':'x'}"));
	expect_error(a, 404, "not_found", NULL);

	path = issue_path(ids[PIPE], "comments/");
	a = GET(w.employee.token, path);
	expect_status(a, 200);
	expect_keys(a, "", "count next comments");
	expect_null(a, "next");
	expect_int(a, "count", 3);
	expect_keys(a, "comments.0", COMMENT_KEYS);
	expect_text(a, "comments.0.content", "secret");
	expect_text(a, "comments.1.content", "hello");
	expect_text(a, "comments.2.content", "thanks");
	a = GET(w.customer.token, path);
	expect_int(a, "count", 2);
	expect_without(a, "secret");
	a = GET(w.stranger.token, path);
	expect_error(a, 404, "not_found", NULL);
}
END_TEST

/* --- the organization ----------------------------------------------------- */

#define ORGANIZATION_KEYS                                                  \
	"id name slug is_active is_listed staff_may_raise linear_team_id " \
	"linear_team_name created_at updated_at"

START_TEST(organization_by_its_owner)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);
	const char *name = unique("Renamed");
	const char *before = text_at(GET(w.vendor.token, path), "updated_at");
	struct answer *a = PATCH(w.vendor.token, path, "{}");

	expect_status(a, 200);
	expect_text(a, "updated_at", before);
	a = PATCH(w.vendor.token, path, json("{'name':'%s'}", name));
	expect_status(a, 200);
	expect_keys(a, "", ORGANIZATION_KEYS);
	expect_int(a, "id", w.org);
	expect_text(a, "name", name);
	expect_null(a, "linear_team_id");
	a = PATCH(w.vendor.token, path, json("{'linear_team_id':'x'}"));
	expect_error(a, 400, "invalid", "linear_team_id");
	a = PATCH(w.vendor.token, path, json("{'name':''}"));
	expect_error(a, 400, "invalid", "name");
}
END_TEST

START_TEST(organization_by_others)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);
	const char *body = json("{'name':'mine'}");
	struct answer *a = PATCH(w.employee.token, path, body);

	expect_error(a, 403, "permission_denied", NULL);
	a = PATCH(w.customer.token, path, body);
	expect_error(a, 403, "permission_denied", NULL);
	a = PATCH(w.vendor.token,
		  text("/api/organizations/%lld/", (long long)w.other_org),
		  body);
	expect_error(a, 404, "not_found", NULL);
}
END_TEST

/* --- all of them ---------------------------------------------------------- */

static void
add_session_tests(Suite *s)
{
	TCase *t = add_case(s, "session", set_up);

	tcase_add_test(t, login_gives_a_token);
	tcase_add_test(t, login_by_address);
	tcase_add_test(t, login_refused);
	tcase_add_test(t, login_with_missing_fields);
	tcase_add_test(t, either_scheme);
	tcase_add_test(t, logout);
	tcase_add_test(t, users_me);
	tcase_add_test(t, health);
}

static void
add_raise_tests(Suite *s)
{
	TCase *t = add_case(s, "raise", set_up);

	tcase_add_test(t, raise_with_required_fields);
	tcase_add_test(t, raise_with_all_fields);
	tcase_add_test(t, raise_responds_as_a_later_get);
	tcase_add_test(t, raise_gives_the_next_number);
	tcase_add_test(t, raise_accepts_aliases);
	tcase_add_test(t, raise_refused);
	tcase_add_test(t, raise_is_for_customers);
	tcase_add_test(t, raise_without_an_organization);
}

static void
add_list_tests(Suite *s)
{
	TCase *t = add_case(s, "list", set_up_issues);

	tcase_add_test(t, list_of_staff);
	tcase_add_test(t, list_of_customers);
	tcase_add_test(t, list_of_another_organization);
	tcase_add_test(t, list_filtered);
	tcase_add_test(t, list_filtered_by_the_epoch);
	tcase_add_test(t, list_filtered_by_ids);
	tcase_add_test(t, list_found_by_number);
	tcase_add_test(t, list_refuses_invalid_filters);
	tcase_add_test(t, list_by_pages);
	tcase_add_test(t, detail_for_staff);
	tcase_add_test(t, detail_for_its_customer);
	tcase_add_test(t, detail_is_hidden_from_others);
	tcase_add_test(t, stats_of_staff);
	tcase_add_test(t, stats_of_others);
}

static void
add_change_tests(Suite *s)
{
	TCase *t = add_case(s, "change", set_up_issues);

	tcase_add_test(t, patch_each_field);
	tcase_add_test(t, patch_returns_the_whole_issue);
	tcase_add_test(t, patch_ids);
	tcase_add_test(t, put_accepts_a_partial_body);
	tcase_add_test(t, patch_of_nothing_changes_nothing);
	tcase_add_test(t, patch_into_resolved_and_out);
	tcase_add_test(t, customers_change_nothing);
	tcase_add_test(t, assign);
	tcase_add_test(t, assign_leaves_a_resolved_one_resolved);
	tcase_add_test(t, resolve);
	tcase_add_test(t, resolve_without_notes_and_its_alias);
	tcase_add_test(t, actions_return_the_whole_issue);
	tcase_add_test(t, reopen);
	tcase_add_test(t, reopen_by_the_customer);
	tcase_add_test(t, close_);
	tcase_add_test(t, delete_);
	tcase_add_test(t, comment_of_the_customer);
	tcase_add_test(t, comments_of_staff);
}

Suite *
seed_suite(void)
{
	Suite *s = suite_create("seed");
	TCase *t;

	add_session_tests(s);
	add_raise_tests(s);
	add_list_tests(s);
	add_change_tests(s);
	t = add_case(s, "organization", set_up);
	tcase_add_test(t, organization_by_its_owner);
	tcase_add_test(t, organization_by_others);
	return s;
}
