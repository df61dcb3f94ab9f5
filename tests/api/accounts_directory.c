/* Looking up organizations, suppliers and orders. */

#include <string.h>

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

START_TEST(organizations)
{
	static const char *const plain[] = {
	    "/api/organizations/all_organizations/",
	    "/api/client/organizations/"};
	struct answer *a;

	for (size_t i = 0; i < COUNT(plain); i++) {
		a = GET(w.customer.token, plain[i]);
		expect_status(a, 200);
		expect(a, json_is_array(a->json));
		expect_with(a, w.org_name);
		expect_keys(a, "0", "id name slug");
	}
	a = GET(w.customer.token, "/api/organizations/?page_size=2");
	expect_keys(a, "", PAGE_KEYS);
	expect(a, length_at(a, "results") == 2);
	a = GET(w.customer.token, "/api/organizations/my_organizations/");
	expect(a, json_is_array(a->json) && !json_first(a->json));
	raise_issue(&w.customer, w.org, "t");
	a = GET(w.customer.token, "/api/organizations/my_organizations/");
	expect_int(a, "0.id", w.org);
	expect_keys(a, "0", "id name slug");
	a = GET(w.vendor.token, "/api/organizations/my_organizations/");
	expect_int(a, "0.id", w.org);
	expect_keys(a, "0",
		    "id name slug is_active is_listed staff_may_raise "
		    "time_zone mail_in mail_address "
		    "linear_team_id linear_team_name created_at updated_at");
}
END_TEST

START_TEST(suppliers_and_orders)
{
	const char *here = text("?organization=%lld", (long long)w.org);
	struct answer *a = GET(w.customer.token, text("/api/vendors/%s", here));

	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 1);
	expect_int(a, "results.0.id", w.supplier);
	a = GET(w.employee.token, "/api/vendors/");
	expect_int(a, "results.0.id", w.supplier);
	a = GET(w.outsider.token, text("/api/vendors/%s", here));
	expect_without(a, w.marker);

	a = GET(w.customer.token, text("/api/orders/%s", here));
	expect_int(a, "count", 1);
	expect_int(a, "results.0.id", w.order);
	expect_int(GET(w.customer.token, "/api/orders/"), "count", 1);
	expect_int(GET(w.stranger.token, text("/api/orders/%s", here)), "count",
		   0);
	expect_int(GET(w.employee.token, "/api/orders/"), "count", 1);
	a = GET(w.outsider.token, text("/api/orders/%s", here));
	expect_without(a, w.marker);
}
END_TEST

Suite *
accounts_directory_suite(void)
{
	Suite *s = suite_create("accounts_directory");
	TCase *t = add_case(s, "accounts_directory", set_up);

	tcase_add_test(t, organizations);
	tcase_add_test(t, suppliers_and_orders);
	return s;
}
