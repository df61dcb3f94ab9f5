/* The calls that the seed system documents, field by field: raising an issue.
 */

#include <string.h>

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

Suite *
seed_raise_suite(void)
{
	Suite *s = suite_create("seed_raise");
	TCase *t = add_case(s, "raise", set_up);

	tcase_add_test(t, raise_with_required_fields);
	tcase_add_test(t, raise_with_all_fields);
	tcase_add_test(t, raise_responds_as_a_later_get);
	tcase_add_test(t, raise_gives_the_next_number);
	tcase_add_test(t, raise_accepts_aliases);
	tcase_add_test(t, raise_refused);
	tcase_add_test(t, raise_is_for_customers);
	tcase_add_test(t, raise_without_an_organization);
	return s;
}
