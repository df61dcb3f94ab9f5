/* What existing clients read of a profile, and which profile a token acts as.
 */

#include "clients.h"
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

/* Gives the person another profile, on a staff. */
static int64_t
add_profile(const struct person *p, const char *kind, int64_t org)
{
	sql_run("INSERT INTO profile (user_id, kind, organization_id, "
		"created_at) VALUES (?, ?, ?, NOW(6))",
		ARGS(arg_int(p->user), arg_text(kind), arg_int(org)));
	return sql_int("SELECT MAX(id) FROM profile WHERE user_id = ?",
		       ARGS(arg_int(p->user)));
}

/* A staff profile has the fields that the clients read. */
static void
expect_staff_profile(const struct answer *a, const char *at,
		     const struct person *p, bool owner)
{
	expect_keys(a, at, PROFILE_KEYS);
	expect_int(a, text("%s.id", at), p->profile);
	expect_int(a, text("%s.user", at), p->user);
	expect_text(a, text("%s.user_email", at), p->email);
	expect_text(a, text("%s.profile_type", at),
		    owner ? "vendor" : "employee");
	expect_text(a, text("%s.profile_type_display", at),
		    owner ? "Vendor" : "Employee");
	expect_keys(a, text("%s.organization", at), "id name slug");
	expect_int(a, text("%s.organization.id", at), w.org);
	expect_int(a, text("%s.organization_id", at), w.org);
	expect_text(a, text("%s.organization_name", at), w.org_name);
	expect_bool(a, text("%s.is_primary", at), true);
	expect_bool(a, text("%s.is_owner", at), owner);
	expect_bool(a, text("%s.is_active", at), true);
	expect_text(a, text("%s.status", at), "active");
	expect_text(a, text("%s.status_display", at), "Active");
	expect_role(a, text("%s.roles", at), owner ? 3 : 2,
		    owner ? "Owner" : "Employee",
		    owner ? "vendor" : "employee");
	expect_time(a, text("%s.created_at", at));
}

/* Every response with a profile shows it in the same way. */
START_TEST(profiles_of_staff)
{
	for (int owner = 0; owner <= 1; owner++) {
		const struct person *p = owner ? &w.vendor : &w.employee;
		struct answer *a = GET(p->token, "/api/users/me/");

		expect_staff_profile(a, "profiles.0", p, owner);
		expect_staff_profile(a, "active_profile", p, owner);
		a = GET(p->token, "/api/auth/role-selection/available_roles/");
		expect_staff_profile(a, "profiles.0", p, owner);
		a = GET(p->token, "/api/auth/role-selection/current_role/");
		expect_staff_profile(a, "profile", p, owner);
		a = POST(p->token, "/api/auth/role-selection/select_role/",
			 json("{'profile_id':%lld}", (long long)p->profile));
		expect_staff_profile(a, "active_profile", p, owner);
		expect_staff_profile(a, "user.active_profile", p, owner);
		expect_staff_profile(a, "user.profiles.0", p, owner);
	}
}
END_TEST

static void
expect_hint(const struct person *p, int64_t org)
{
	struct answer *a = GET(p->token, "/api/users/me/");

	expect_int(a, "active_profile.organization.id", org);
	expect_int(a, "active_profile.organization_id", org);
	expect_text(a, "active_profile.organization_name",
		    text_at(a, "active_profile.organization.name"));
	expect_int(a, "profiles.0.organization_id", org);
}

/* A customer's profile names an organization: that of their first issue, else
 * the first active one. */
START_TEST(profile_of_a_customer)
{
	const int64_t first = sql_int(
	    "SELECT MIN(id) FROM organization WHERE is_active", NO_ARGS);
	struct answer *a = GET(w.customer.token, "/api/users/me/");

	expect_keys(a, "active_profile", PROFILE_KEYS);
	expect_text(a, "active_profile.profile_type", "customer");
	expect_text(a, "active_profile.profile_type_display", "Customer");
	expect_bool(a, "active_profile.is_owner", false);
	expect_role(a, "active_profile.roles", 1, "Customer", "customer");
	expect_hint(&w.customer, first);
	raise_issue(&w.customer, w.other_org, "First");
	expect_hint(&w.customer, w.other_org);
	raise_issue(&w.customer, w.org, "Second");
	expect_hint(&w.customer, w.other_org);
	expect_hint(&w.stranger, first);
}
END_TEST

/* That organization gives no rights: what the customer sees does not change. */
START_TEST(the_shown_organization_gives_no_rights)
{
	const int64_t id = raise_issue(&w.customer, w.org, "Mine");
	struct answer *a;

	raise_issue(&w.stranger, w.org, "Theirs");
	expect_status(GET(w.stranger.token, issue_path(id, "")), 404);
	a = GET(w.stranger.token,
		text("/api/organizations/%lld/", (long long)w.org));
	expect_keys(a, "", "id name slug");
	expect_error(GET(w.stranger.token, "/api/employees/"), 403,
		     "permission_denied", NULL);
}
END_TEST

/* That profile, and no other one, is shown as primary. */
static void
expect_primary(const struct answer *a, const char *list, int64_t id)
{
	for (size_t i = 0; i < length_at(a, list); i++) {
		const char *one = text("%s.%zu", list, i);

		expect_bool(a, text("%s.is_primary", one),
			    int_at(a, text("%s.id", one)) == id);
	}
}

static void
expect_acts_as(const char *token, const char *x_profile, int64_t id)
{
	static const char *const paths[] = {
	    "/api/users/me/", "/api/auth/role-selection/available_roles/"};
	struct answer *a;

	for (size_t i = 0; i < COUNT(paths); i++) {
		if (x_profile)
			with("X-Profile: %s", x_profile);
		a = GET(token, paths[i]);
		expect_status(a, 200);
		expect(a, length_at(a, "profiles") == 2);
		expect_primary(a, "profiles", id);
	}
	if (x_profile)
		with("X-Profile: %s", x_profile);
	a = GET(token, "/api/auth/role-selection/current_role/");
	expect_int(a, "profile.id", id);
	expect_bool(a, "profile.is_primary", true);
}

/* The profile that the token acts as is shown as primary, everywhere and at
 * once. */
START_TEST(the_profile_of_the_token_is_primary)
{
	const struct person *p = &w.customer;
	const int64_t staff = add_profile(p, "employee", w.org);
	const char *other = make_token(p, 60);
	struct answer *a;

	set_password(p, "long enough");
	expect_acts_as(p->token, NULL, p->profile);
	expect_acts_as(p->token, text("%lld", (long long)staff), staff);
	expect_acts_as(p->token, NULL, p->profile);
	a = POST(p->token, "/api/auth/role-selection/select_role/",
		 json("{'profile_id':%lld}", (long long)staff));
	expect_bool(a, "active_profile.is_primary", true);
	expect_bool(a, "user.active_profile.is_primary", true);
	expect_primary(a, "user.profiles", staff);
	expect_acts_as(p->token, NULL, staff);
	/* another token is not affected */
	expect_acts_as(other, NULL, p->profile);
	a = POST(
	    NULL, "/api/auth/login/",
	    json("{'username':'%s','password':'long enough'}", p->username));
	expect_primary(a, "user.profiles", p->profile);
	expect_bool(a, "user.active_profile.is_primary", true);
}
END_TEST

/* The web client filters by the profile's organization, and shows the result as
 * all issues of the customer. */
START_TEST(organization_of_a_customers_list)
{
	const char *here = text("organization=%lld", (long long)w.org);
	const char *t = w.customer.token;
	struct answer *a;

	raise_issue(&w.customer, w.other_org, "There");
	raise_issue(&w.customer, w.org, "Here");
	raise_issue(&w.stranger, w.org, "Theirs");
	expect_int(GET(t, text("/api/issues/?%s", here)), "count", 2);
	expect_int(GET(t, "/api/issues/?organization=999999999"), "count", 2);
	a = GET(t, text("/api/issues/?%s&cursor=&page_size=1", here));
	expect_int(a, "count", 2);
	expect_int(GET(t, text_at(a, "next")), "count", 2);
	a = GET(t, text("/api/client/issues/?%s", here));
	expect_int(a, "count", 1);
	expect_text(a, "results.0.title", "Here");
	expect_int(GET(t, "/api/client/issues/"), "count", 2);
	expect_int(GET(t, "/api/client/issues/?organization=999999999"),
		   "count", 0);
	expect_error(GET(t, "/api/issues/?organization=x"), 400, "invalid",
		     "organization");
	/* for staff the filter works as usual */
	a = GET(w.employee.token,
		text("/api/issues/?organization=%lld", (long long)w.other_org));
	expect_int(a, "count", 0);
}
END_TEST

Suite *
clients_profiles_suite(void)
{
	Suite *s = suite_create("clients_profiles");
	TCase *t = add_case(s, "profiles", set_up);

	tcase_add_test(t, profiles_of_staff);
	tcase_add_test(t, profile_of_a_customer);
	tcase_add_test(t, the_shown_organization_gives_no_rights);
	tcase_add_test(t, the_profile_of_the_token_is_primary);
	t = add_case(s, "lists", set_up);
	tcase_add_test(t, organization_of_a_customers_list);
	return s;
}
