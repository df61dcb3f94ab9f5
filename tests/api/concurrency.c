/* Many requests at once. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

#define MANY 200

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

static void
fill(struct request *r, const char *method, const char *token, const char *path,
     const char *body)
{
	*r = (struct request){.method = method,
			      .token = token,
			      .path = path,
			      .body = body,
			      .body_len = body ? strlen(body) : 0};
}

/* The organization's counters equal the number of its issues. */
static void
expect_true_counts(void)
{
	static const char *const columns[][3] = {
	    {"by_status", "status", "open in_progress resolved closed"},
	    {"by_priority", "priority", "low medium high urgent"},
	    {"by_category", "category",
	     "general delivery quality billing communication technical "
	     "other"}};
	struct answer *a = GET(w.vendor.token, "/api/issues/stats/");
	const char *sql, *p;
	int64_t n;

	for (size_t i = 0; i < COUNT(columns); i++) {
		for (p = columns[i][2]; *p; p += strspn(p, " ")) {
			const char *word =
			    arena_memdup(test_arena(), p, strcspn(p, " "));

			p += strlen(word);
			sql = text("SELECT COUNT(*) FROM issue WHERE "
				   "organization_id = ? AND deleted_at IS "
				   "NULL AND %s = '%s'",
				   columns[i][1], word);
			n = sql_int(sql, ARGS(arg_int(w.org)));
			expect_int(a, text("%s.%s", columns[i][0], word), n);
			expect_int(
			    GET(w.vendor.token, text("/api/issues/?%s=%s",
						     columns[i][1], word)),
			    "count", n);
		}
	}
	n = sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ? "
		    "AND deleted_at IS NULL",
		    ARGS(arg_int(w.org)));
	expect_int(a, "total", n);
	expect_int(GET(w.vendor.token, "/api/issues/"), "count", n);
	n = sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ? "
		    "AND assigned_to IS NULL AND deleted_at IS NULL",
		    ARGS(arg_int(w.org)));
	expect_int(GET(w.vendor.token, "/api/issues/?assigned_to=none"),
		   "count", n);
	n = sql_int("SELECT COUNT(*) FROM issue WHERE assigned_to = ? "
		    "AND deleted_at IS NULL",
		    ARGS(arg_int(w.employee.profile)));
	expect_int(GET(w.employee.token, "/api/issues/?assigned_to=me"),
		   "count", n);
	n = sql_int("SELECT COUNT(*) FROM issue WHERE raised_by = ? "
		    "AND deleted_at IS NULL",
		    ARGS(arg_int(w.customer.user)));
	expect_int(GET(w.customer.token, "/api/issues/"), "count", n);
}

/* A new customer in an organization without issues: every request tries to
 * create the customer record, the issue number and the counters. */
START_TEST(first_raises)
{
	const char *body =
	    json("{'organization':%lld,'title':'At once','description':'',"
		 "'priority':'high'}",
		 (long long)w.org);
	struct request list[MANY];
	struct answer **a;
	bool seen[MANY + 1] = {false};
	int year, n;

	for (int i = 0; i < MANY; i++)
		fill(&list[i], "POST", w.customer.token,
		     "/api/client/issues/raise/", body);
	a = send_all(list, MANY);
	for (int i = 0; i < MANY; i++) {
		const char *number;

		expect_status(a[i], 201);
		number = text_at(a[i], "issue.issue_number");
		expect(a[i], strlen(number) == 13 &&
				 sscanf(number, "ISS-%4d-%4d", &year, &n) == 2);
		expect(a[i], year == clock_year(clock_now()));
		expect(a[i], n >= 1 && n <= MANY && !seen[n]);
		seen[n] = true;
	}
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM customer "
				 "WHERE organization_id = ?",
				 ARGS(arg_int(w.org))),
			 1);
	ck_assert_int_eq(sql_int("SELECT last FROM issue_number "
				 "WHERE organization_id = ?",
				 ARGS(arg_int(w.org))),
			 MANY);
	expect_true_counts();
}
END_TEST

START_TEST(numbers_grow_past_9999)
{
	struct answer *a;

	raise_issue(&w.customer, w.org, "first");
	sql_run("UPDATE issue_number SET last = 9998 WHERE organization_id = ?",
		ARGS(arg_int(w.org)));
	raise_issue(&w.customer, w.org, "9999");
	a = GET(w.vendor.token,
		issue_path(raise_issue(&w.customer, w.org, "10000"), ""));
	expect_text(a, "issue_number",
		    text("ISS-%d-10000", clock_year(clock_now())));
}
END_TEST

/* Simultaneous changes of every kind to few issues. */
START_TEST(changes_at_once)
{
	static const char *const bodies[] = {
	    "{'status':'in_progress'}", "{'status':'resolved'}",
	    "{'status':'open'}",	"{'status':'closed'}",
	    "{'priority':'urgent'}",	"{'priority':'low'}",
	    "{'category':'billing'}",	"{'category':'other'}",
	    "{'title':'Another'}",	"{'assigned_to':null}"};
	struct request list[MANY];
	int64_t ids[5];
	struct answer **a;

	for (size_t i = 0; i < COUNT(ids); i++)
		ids[i] = raise_issue(i % 2 ? &w.customer : &w.stranger, w.org,
				     "Busy");
	for (size_t i = 0; i < MANY; i++) {
		int64_t id = ids[i % COUNT(ids)];
		const char *body = json("%s", bodies[i * 7 % COUNT(bodies)]);

		if (i % 11 == 3)
			fill(&list[i], "POST", w.vendor.token,
			     issue_path(id, "assign/"),
			     json("{'employee_id':%lld}",
				  (long long)w.employee.profile));
		else if (i % 11 == 5)
			fill(&list[i], "POST", w.vendor.token,
			     "/api/issues/bulk_update/",
			     json("{'issue_ids':[%lld,%lld,%lld],"
				  "'priority':'%s'}",
				  (long long)ids[i % 5],
				  (long long)ids[(i + 3) % 5],
				  (long long)ids[(i + 1) % 5],
				  i % 2 ? "high" : "medium"));
		else if (i == 100)
			fill(&list[i], "DELETE", w.vendor.token,
			     issue_path(ids[4], ""), NULL);
		else
			fill(&list[i], i % 3 ? "PATCH" : "PUT",
			     w.employee.token, issue_path(id, ""), body);
	}
	a = send_all(list, MANY);
	for (size_t i = 0; i < MANY; i++)
		expect(a[i], a[i]->status == 200 || a[i]->status == 204 ||
				 a[i]->status == 404);
	expect_true_counts();
}
END_TEST

START_TEST(simultaneous_resolving_succeeds_once)
{
	const int64_t id = raise_issue(&w.customer, w.org, "Once");
	struct request list[20];
	struct answer **a;
	int resolved = 0;

	for (size_t i = 0; i < COUNT(list); i++)
		fill(&list[i], "POST", w.vendor.token,
		     issue_path(id, "resolve/"), "{}");
	a = send_all(list, COUNT(list));
	for (size_t i = 0; i < COUNT(list); i++) {
		resolved += a[i]->status == 200;
		if (a[i]->status != 200)
			expect_error(a[i], 400, "invalid", "non_field_errors");
	}
	ck_assert_int_eq(resolved, 1);
	expect_int(GET(w.vendor.token, issue_path(id, "")), "version", 2);
	await_derived();
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM notification "
				 "WHERE issue_id = ? AND kind = 'resolved'",
				 ARGS(arg_int(id))),
			 1);
}
END_TEST

START_TEST(comments_at_once)
{
	const int64_t id = raise_issue(&w.customer, w.org, "Chatty");
	struct request list[50];
	struct answer **a;

	for (size_t i = 0; i < COUNT(list); i++)
		fill(&list[i], "POST",
		     i % 2 ? w.vendor.token : w.customer.token,
		     issue_path(id, "add_comment/"),
		     json("{'content':'number %zu'}", i));
	a = send_all(list, COUNT(list));
	for (size_t i = 0; i < COUNT(list); i++)
		expect_status(a[i], 201);
	expect_int(GET(w.customer.token, issue_path(id, "comments/")), "count",
		   COUNT(list));
}
END_TEST

/* Many simultaneous requests, so that every worker has cached the token. */
static void
ask_everybody(const char *token, int status)
{
	struct request list[24];
	struct answer **a;

	for (size_t i = 0; i < COUNT(list); i++)
		fill(&list[i], "GET", token, "/api/users/me/", NULL);
	a = send_all(list, COUNT(list));
	for (size_t i = 0; i < COUNT(list); i++)
		expect_status(a[i], status);
}

START_TEST(a_revoked_token_is_refused_at_once)
{
	for (int i = 0; i < 10; i++) {
		const char *token = make_token(&w.customer, 3600);

		ask_everybody(token, 200);
		expect_status(POST(token, "/api/auth/logout/", NULL), 200);
		ask_everybody(token, 401);
	}
}
END_TEST

START_TEST(a_deactivated_employee_is_refused_at_once)
{
	ask_everybody(w.employee.token, 200);
	expect_status(
	    PATCH(w.vendor.token,
		  text("/api/employees/%lld/", (long long)w.employee.profile),
		  json("{'is_active':false}")),
	    200);
	for (int i = 0; i < 24; i++)
		expect_status(GET(w.employee.token, "/api/issues/"), 403);
}
END_TEST

/* A change by another machine: no process here is notified. */
START_TEST(a_token_revoked_elsewhere_is_cached_for_a_second)
{
	const char *token = make_token(&w.customer, 3600);

	ask_everybody(token, 200);
	sql_run("DELETE FROM token WHERE user_id = ? ORDER BY id DESC LIMIT 1",
		ARGS(arg_int(w.customer.user)));
	usleep(1100000);
	ask_everybody(token, 401);
}
END_TEST

Suite *
concurrency_suite(void)
{
	Suite *s = suite_create("concurrency");
	TCase *t = add_case(s, "concurrency", set_up);

	tcase_add_test(t, first_raises);
	tcase_add_test(t, numbers_grow_past_9999);
	tcase_add_test(t, changes_at_once);
	tcase_add_test(t, simultaneous_resolving_succeeds_once);
	tcase_add_test(t, comments_at_once);
	tcase_add_test(t, a_revoked_token_is_refused_at_once);
	tcase_add_test(t, a_deactivated_employee_is_refused_at_once);
	tcase_add_test(t, a_token_revoked_elsewhere_is_cached_for_a_second);
	return s;
}
