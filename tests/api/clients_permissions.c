/* What existing clients read of permissions. */

#include "clients.h"
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

static const struct {
	const char *type;
	int role;
	const char *role_name;
	const char *actions[5];
} rights[] = {
    {"customer", 1, "Customer", {"read", "create", "update", "delete"}},
    {"employee", 2, "Employee", {"read", "update"}},
    {"vendor", 3, "Owner", {"read", "update", "delete"}},
};

static const struct person *
person_of(size_t i)
{
	return i == 0 ? &w.customer : i == 1 ? &w.employee : &w.vendor;
}

static size_t
count_actions(size_t i)
{
	size_t n = 0;

	while (rights[i].actions[n])
		n++;
	return n;
}

START_TEST(permissions_of_the_user)
{
	const struct person *p = person_of((size_t)_i);
	const size_t n = count_actions((size_t)_i);
	struct answer *a = GET(p->token, permissions_path(p, w.org));

	expect_status(a, 200);
	expect_keys(a, "", "permissions roles");
	expect(a, length_at(a, "permissions") == n);
	for (size_t i = 0; i < n; i++) {
		const char *one = text("permissions.%zu", i);

		expect_keys(a, one, "id resource action");
		expect(a, int_at(a, text("%s.id", one)) > 0);
		expect_text(a, text("%s.resource", one), "issue");
		expect_text(a, text("%s.action", one), rights[_i].actions[i]);
	}
	expect_role(a, "roles", rights[_i].role, rights[_i].role_name,
		    rights[_i].type);
	/* without parameters, the caller's own */
	expect_status(GET(p->token, "/api/user-roles/user_permissions/"), 200);
}
END_TEST

START_TEST(permissions_in_context)
{
	const struct person *p = person_of((size_t)_i);
	const size_t n = count_actions((size_t)_i);
	struct answer *a = GET(
	    p->token, text("/api/user-context/permissions/?organization=%lld",
			   (long long)w.org));

	expect_status(a, 200);
	expect_keys(a, "",
		    "organization_id organization_name is_owner is_employee "
		    "role permissions grouped_permissions");
	expect_int(a, "organization_id", w.org);
	expect_text(a, "organization_name", w.org_name);
	expect_bool(a, "is_owner", _i == 2);
	expect_bool(a, "is_employee", _i == 1);
	expect_text(a, "role", rights[_i].role_name);
	expect_keys(a, "grouped_permissions", "issue");
	expect(a, length_at(a, "permissions") == n);
	expect(a, length_at(a, "grouped_permissions.issue") == n);
	for (size_t i = 0; i < n; i++) {
		expect_text(a, text("permissions.%zu", i),
			    text("issue.%s", rights[_i].actions[i]));
		expect_text(a, text("grouped_permissions.issue.%zu", i),
			    rights[_i].actions[i]);
	}
}
END_TEST

/* Rights of other people, and of staff elsewhere, are not shown. */
START_TEST(permissions_of_others)
{
	const char *t = w.employee.token;

	expect_error(GET(t, permissions_path(&w.vendor, w.org)), 404,
		     "not_found", NULL);
	expect_error(GET(t, permissions_path(&w.employee, w.other_org)), 404,
		     "not_found", NULL);
	expect_error(GET(t, permissions_path(&w.employee, 999999999)), 404,
		     "not_found", NULL);
	expect_error(
	    GET(w.customer.token, permissions_path(&w.customer, 999999999)),
	    404, "not_found", NULL);
	expect_error(GET(t, text("/api/user-context/permissions/"
				 "?organization=%lld",
				 (long long)w.other_org)),
		     404, "not_found", NULL);
	expect_error(GET(t, "/api/user-context/permissions/"), 400, "invalid",
		     "organization");
	expect_error(GET(t, "/api/user-roles/user_permissions/?user_id=me"),
		     400, "invalid", "user_id");
}
END_TEST

Suite *
clients_permissions_suite(void)
{
	Suite *s = suite_create("clients_permissions");
	TCase *t = add_case(s, "permissions", set_up);

	tcase_add_loop_test(t, permissions_of_the_user, 0, COUNT(rights));
	tcase_add_loop_test(t, permissions_in_context, 0, COUNT(rights));
	tcase_add_test(t, permissions_of_others);
	return s;
}
