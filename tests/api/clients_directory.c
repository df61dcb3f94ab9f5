/* What existing clients read of staff, vendors, orders and organizations. */

#include <string.h>

#include "base/json.h"
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

#define EMPLOYEE_KEYS                                                       \
	"id code organization user profile_type username email first_name " \
	"last_name full_name department job_title phone role role_name "    \
	"manager_name is_active status status_display is_invited "          \
	"last_login_at created_at"

static void
expect_employee(const struct answer *a, const char *at, const struct person *p,
		bool owner)
{
	const char *dot = *at ? text("%s.", at) : "";

	expect_keys(a, at, EMPLOYEE_KEYS);
	expect_int(a, text("%sid", dot), p->profile);
	expect_text(a, text("%scode", dot),
		    text("EMP-%lld", (long long)p->profile));
	expect_int(a, text("%sorganization", dot), w.org);
	expect_int(a, text("%suser", dot), p->user);
	expect_text(a, text("%sfirst_name", dot),
		    text("First-%s", p->username));
	expect_text(a, text("%slast_name", dot), "Last");
	expect_text(a, text("%sfull_name", dot), p->full_name);
	expect_text(a, text("%semail", dot), p->email);
	expect_null(a, text("%sdepartment", dot));
	expect_null(a, text("%sjob_title", dot));
	expect_null(a, text("%sphone", dot));
	expect_null(a, text("%smanager_name", dot));
	expect_int(a, text("%srole", dot), owner ? 3 : 2);
	expect_text(a, text("%srole_name", dot), owner ? "Owner" : "Employee");
	expect_time(a, text("%screated_at", dot));
}

START_TEST(employees)
{
	const char *one =
	    text("/api/employees/%lld/", (long long)w.employee.profile);
	struct answer *a = GET(w.employee.token, "/api/employees/");

	expect_int(a, "count", 2);
	expect_employee(a, "results.0", &w.employee, false);
	expect_employee(a, "results.1", &w.vendor, true);
	a = GET(w.employee.token, one);
	expect_employee(a, "", &w.employee, false);
	expect_text(a, "status", "active");
	expect_text(a, "status_display", "Active");
	expect(a, header(a, "ETag") != NULL);
	a = PATCH(w.vendor.token, one, json("{'is_active':false}"));
	expect_employee(a, "employee", &w.employee, false);
	expect_text(a, "employee.status", "inactive");
	expect_text(a, "employee.status_display", "Inactive");
	expect_text(GET(w.vendor.token, one), "status", "inactive");
	expect_error(GET(w.outsider.token, one), 404, "not_found", NULL);
}
END_TEST

START_TEST(vendors_and_orders)
{
	struct answer *a = GET(w.employee.token, "/api/vendors/");
	const char *const tokens[] = {w.employee.token, w.customer.token};

	expect_keys(a, "results.0",
		    "id code organization name company_name vendor_type status "
		    "email created_at");
	expect_text(a, "results.0.code",
		    text("VEN-%lld", (long long)w.supplier));
	expect_int(a, "results.0.organization", w.org);
	expect_text(a, "results.0.company_name", text_at(a, "results.0.name"));
	expect_text(a, "results.0.vendor_type", "supplier");
	expect_text(a, "results.0.status", "active");
	expect_time(a, "results.0.created_at");
	for (size_t i = 0; i < COUNT(tokens); i++) {
		a = GET(tokens[i], "/api/orders/");
		expect_keys(a, "results.0",
			    "id code order_number order_type status "
			    "total_amount organization title user user_name "
			    "vendor vendor_name order_date created_at");
		expect_text(a, "results.0.code",
			    text_at(a, "results.0.order_number"));
		expect_text(a, "results.0.order_type", "purchase");
		expect_text(a, "results.0.status", "confirmed");
		expect_null(a, "results.0.total_amount");
		expect_int(a, "results.0.organization", w.org);
		expect_text(a, "results.0.order_date",
			    text_at(a, "results.0.created_at"));
	}
}
END_TEST

/* Customers see the suppliers of organizations where they have an issue or an
 * order, and no others. */
START_TEST(vendors_of_a_customer)
{
	const char *here =
	    text("/api/vendors/?organization=%lld", (long long)w.org);
	const char *there =
	    text("/api/vendors/?organization=%lld", (long long)w.other_org);
	struct answer *a;

	/* an order */
	expect_int(GET(w.customer.token, here), "count", 1);
	/* neither an issue nor an order, with and without the filter */
	a = GET(w.stranger.token, here);
	expect_int(a, "count", 0);
	expect(a, length_at(a, "results") == 0);
	expect_int(GET(w.stranger.token, there), "count", 0);
	expect_int(GET(w.stranger.token, "/api/vendors/"), "count", 0);
	/* an issue in that organization only */
	raise_issue(&w.stranger, w.other_org, "t");
	expect_int(GET(w.stranger.token, there), "count", 1);
	expect_int(GET(w.stranger.token, here), "count", 0);
	a = GET(w.stranger.token, there);
	expect_int(a, "results.0.id", w.other_supplier);
	expect_absent(a, "results.0.email");
	/* staff see those of their organization */
	expect_int(GET(w.employee.token, here), "count", 1);
	expect_int(GET(w.employee.token, there), "count", 0);
	/* the first raise may name one that is known from elsewhere */
	a = POST(make_person("fresh", ROLE_CUSTOMER, 0).token,
		 "/api/client/issues/raise/",
		 json("{'organization':%lld," PLAIN_ISSUE ",'vendor':%lld}",
		      (long long)w.org, (long long)w.supplier));
	expect_status(a, 201);
	expect_int(a, "issue.vendor.id", w.supplier);
	/* an inactive organization shows customers nothing */
	sql_run("UPDATE organization SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.other_org)));
	expect_int(GET(w.stranger.token, there), "count", 0);
}
END_TEST

/* The person finds the organization (or not): in every list, by its id, and
 * when raising an issue. */
static void
expect_found(const struct person *p, int64_t org, const char *name, bool found)
{
	static const char *const lists[] = {
	    "/api/organizations/?page_size=100",
	    "/api/organizations/all_organizations/",
	    "/api/client/organizations/"};
	struct answer *a = NULL;

	for (size_t i = 0; i < COUNT(lists); i++) {
		bool listed = false;

		for (const char *path = lists[i]; path;) {
			a = GET(p->token, path);
			expect_status(a, 200);
			listed |= strstr(a->text, name) != NULL;
			path = i == 0 && !json_is_null(at(a, "next"))
				   ? text_at(a, "next")
				   : NULL;
		}
		expect(a, listed == found);
	}
	a = GET(p->token, text("/api/organizations/%lld/", (long long)org));
	expect_status(a, found ? 200 : 404);
}

static struct answer *
raise_there(const struct person *p)
{
	return POST(
	    p->token, "/api/client/issues/raise/",
	    json("{'organization':%lld," PLAIN_ISSUE "}", (long long)w.org));
}

/* An organization that is not listed exists only for its staff, and for
 * customers who have an issue or an order there. */
START_TEST(unlisted_organization)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);
	const char *permissions =
	    text("/api/user-context/permissions/?organization=%lld",
		 (long long)w.org);
	struct person raiser = make_person("raiser", ROLE_CUSTOMER, 0);
	struct answer *a;

	expect_status(raise_there(&raiser), 201);
	expect_found(&w.stranger, w.org, w.marker, true);
	expect_status(GET(w.stranger.token, permissions), 200);
	a = PATCH(w.vendor.token, path, json("{'is_listed':false}"));
	expect_status(a, 200);
	expect_bool(a, "is_listed", false);

	expect_found(&w.stranger, w.org, w.marker, false);
	expect_found(&w.outsider, w.org, w.marker, false);
	expect_status(GET(w.stranger.token, permissions), 404);
	a = raise_there(&w.stranger);
	expect_error(a, 400, "invalid", "organization");
	/* the same response as for one that does not exist */
	expect_text(
	    a, "details.organization.0",
	    text_at(POST(w.stranger.token, "/api/client/issues/raise/",
			 json("{'organization':999999999," PLAIN_ISSUE "}")),
		    "details.organization.0"));

	expect_found(&raiser, w.org, w.marker, true);
	expect_status(raise_there(&raiser), 201);
	expect_found(&w.customer, w.org, w.marker, true);
	expect_status(raise_there(&w.customer), 201);
	expect_found(&w.employee, w.org, w.marker, true);
	expect_found(&w.vendor, w.org, w.marker, true);

	a = PATCH(w.vendor.token, path, json("{'is_listed':true}"));
	expect_bool(a, "is_listed", true);
	expect_found(&w.stranger, w.org, w.marker, true);
	expect_status(raise_there(&w.stranger), 201);
}
END_TEST

/* Only its owner may change that. */
START_TEST(the_owner_changes_the_listing)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);

	expect_error(PATCH(w.employee.token, path, json("{'is_listed':false}")),
		     403, "permission_denied", NULL);
	expect_error(PATCH(w.outsider.token, path, json("{'is_listed':false}")),
		     403, "permission_denied", NULL);
	expect_bool(GET(w.vendor.token, path), "is_listed", true);
	expect_bool(GET(w.vendor.token, path), "staff_may_raise", false);
	/* nothing else changes with it */
	PATCH(w.vendor.token, path, json("{'is_listed':false}"));
	expect_text(GET(w.vendor.token, path), "name", w.org_name);
	expect_bool(GET(w.vendor.token, path), "is_active", true);
	PATCH(w.vendor.token, path, json("{'name':'%s'}", unique("Other")));
	expect_bool(GET(w.vendor.token, path), "is_listed", false);
}
END_TEST

Suite *
clients_directory_suite(void)
{
	Suite *s = suite_create("clients_directory");
	TCase *t = add_case(s, "directory", set_up);

	tcase_add_test(t, employees);
	tcase_add_test(t, vendors_and_orders);
	tcase_add_test(t, vendors_of_a_customer);
	tcase_add_test(t, unlisted_organization);
	tcase_add_test(t, the_owner_changes_the_listing);
	return s;
}
