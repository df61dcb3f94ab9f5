/* The calls that the seed system documents, field by field: changing an
 * organization. */

#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

#define ORGANIZATION_KEYS                                             \
	"id name slug is_active is_listed staff_may_raise time_zone " \
	"mail_in mail_address "                                       \
	"linear_team_id linear_team_name created_at updated_at"

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

Suite *
seed_organization_suite(void)
{
	Suite *s = suite_create("seed_organization");
	TCase *t = add_case(s, "organization", set_up);

	tcase_add_test(t, organization_by_its_owner);
	tcase_add_test(t, organization_by_others);
	return s;
}
