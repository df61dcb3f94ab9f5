/* Calls and fields that the web and Android clients of the seed system use
 * beyond the documented ones. */

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

/* --- profiles ------------------------------------------------------------- */

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

static void
expect_role(const struct answer *a, const char *at, int id, const char *name,
	    const char *slug)
{
	expect(a, length_at(a, at) == 1);
	expect_keys(a, text("%s.0", at), "id name slug is_primary");
	expect_int(a, text("%s.0.id", at), id);
	expect_text(a, text("%s.0.name", at), name);
	expect_text(a, text("%s.0.slug", at), slug);
	expect_bool(a, text("%s.0.is_primary", at), true);
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

/* --- lists ---------------------------------------------------------------- */

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

/* --- permissions ---------------------------------------------------------- */

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

static const char *
permissions_path(const struct person *p, int64_t org)
{
	return text("/api/user-roles/user_permissions/?user_id=%lld"
		    "&organization_id=%lld",
		    (long long)p->user, (long long)org);
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

/* --- raising -------------------------------------------------------------- */

#define PLAIN_ISSUE "'title':'t','description':'d'"

/* POST /api/issues/ by a customer raises an issue. */
START_TEST(customers_create_by_raising)
{
	struct answer *a = POST(w.customer.token, "/api/issues/",
				json("{'organization':%lld," PLAIN_ISSUE
				     ",'priority':'critical'}",
				     (long long)w.org));

	expect_status(a, 201);
	expect_keys(a, "", "message issue linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	expect_int(a, "issue.organization", w.org);
	expect_text(a, "issue.priority", "urgent");
	a = POST(
	    w.employee.token, "/api/issues/",
	    json("{'organization':%lld," PLAIN_ISSUE "}", (long long)w.org));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

/* Raising an issue without naming an organization. */
START_TEST(raise_without_an_organization)
{
	static const char *const paths[] = {"/api/issues/raise/",
					    "/api/issues/"};

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct person p = make_person("fresh", ROLE_CUSTOMER, 0);
		struct answer *a =
		    POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));

		/* there are several organizations */
		expect_error(a, 400, "invalid", "organization");
		raise_issue(&p, w.other_org, "First");
		a = POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));
		expect_status(a, 201);
		expect_int(a, "issue.organization", w.other_org);
		a = POST(p.token, paths[i],
			 json("{'organization':null," PLAIN_ISSUE "}"));
		expect_int(a, "issue.organization", w.other_org);
		raise_issue(&p, w.org, "Elsewhere");
		a = POST(p.token, paths[i], json("{" PLAIN_ISSUE "}"));
		expect_error(a, 400, "invalid", "organization");
	}
}
END_TEST

/* The only active organization is the default. */
START_TEST(raise_with_the_only_organization)
{
	struct person p = make_person("fresh", ROLE_CUSTOMER, 0);
	struct answer *a;

	sql_run(
	    "UPDATE organization SET is_active = FALSE, "
	    "linear_team_name = CONCAT('#', COALESCE(linear_team_name, '')) "
	    "WHERE is_active AND id <> ?",
	    ARGS(arg_int(w.org)));
	a = POST(p.token, "/api/issues/raise/", json("{" PLAIN_ISSUE "}"));
	sql_run("UPDATE organization SET is_active = TRUE, linear_team_name = "
		"NULLIF(SUBSTRING(linear_team_name, 2), '') "
		"WHERE linear_team_name LIKE '#%'",
		NO_ARGS);
	expect_status(a, 201);
	expect_int(a, "issue.organization", w.org);
	expect_int(GET(p.token, "/api/users/me/"),
		   "active_profile.organization_id", w.org);
}
END_TEST

/* --- accounts ------------------------------------------------------------- */

/* Whichever worker responds, and whatever name it has cached. */
static void
expect_name_everywhere(int64_t id, const char *name)
{
	for (int i = 0; i < 30; i++) {
		struct answer *a = GET(w.employee.token, "/api/issues/");

		expect_int(a, "results.0.id", id);
		expect_text(a, "results.0.raised_by_customer_name", name);
		a = GET(w.employee.token, issue_path(id, ""));
		expect_text(a, "raised_by_customer_name", name);
	}
}

/* By both paths; others see the new name at once. */
START_TEST(own_name)
{
	static const char *const paths[] = {"/api/users/me/",
					    "/api/users/update_profile/"};

	for (size_t i = 0; i < COUNT(paths); i++) {
		const char *name = unique("Ann");
		struct answer *a = PATCH(
		    w.customer.token, paths[i],
		    json("{'first_name':'%s','last_name':'  Lee '}", name));
		int64_t id;

		expect_status(a, 200);
		expect_keys(a, "", USER_KEYS);
		expect_text(a, "first_name", name);
		expect_text(a, "last_name", "Lee");
		expect_text(a, "full_name", text("%s Lee", name));
		expect_bool(a, "wants_mail", true);
		id = raise_issue(&w.customer, w.org, "t");
		a = GET(w.employee.token, issue_path(id, ""));
		expect_text(a, "raised_by_customer_name", text("%s Lee", name));
		expect_text(a, "created_by_name", text("%s Lee", name));
		expect_name_everywhere(id, text("%s Lee", name));
		/* one field; fields that cannot be changed here are ignored */
		a = PATCH(w.customer.token, paths[i],
			  json("{'last_name':'','username':'x','email':'y',"
			       "'is_active':false}"));
		expect_text(a, "full_name", name);
		expect_text(a, "username", w.customer.username);
		expect_text(a, "email", w.customer.email);
		a = PATCH(w.customer.token, paths[i],
			  json("{'wants_mail':false}"));
		expect_bool(a, "wants_mail", false);
		expect_text(a, "first_name", name);
		expect_status(PATCH(w.customer.token, paths[i], "{}"), 200);
		a = PATCH(w.customer.token, paths[i],
			  json("{'wants_mail':true}"));
		expect_bool(a, "wants_mail", true);
	}
}
END_TEST

/* The password is sent twice, as people type it. */
START_TEST(password_typed_twice)
{
	static const char *const others[] = {
	    "battery staple!", "Battery staple", " battery staple"};
	const char *path = "/api/auth/change-password/";
	struct answer *a;

	set_password(&w.customer, "correct horse");
	for (size_t i = 0; i < COUNT(others); i++) {
		a = POST(w.customer.token, path,
			 json("{'old_password':'correct horse',"
			      "'new_password':'battery staple',"
			      "'new_password_confirm':'%s'}",
			      others[i]));
		expect_error(a, 400, "invalid", "new_password_confirm");
		a = POST(NULL, "/api/auth/password-reset/confirm/",
			 json("{'token':'x','new_password':'battery staple',"
			      "'new_password_confirm':'%s'}",
			      others[i]));
		expect_error(a, 400, "invalid", "new_password_confirm");
	}
	a = POST(w.customer.token, path,
		 json("{'old_password':'correct horse',"
		      "'new_password':'battery staple',"
		      "'new_password_confirm':'battery staple'}"));
	expect_status(a, 200);
}
END_TEST

/* --- staff, vendors, orders ----------------------------------------------- */

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

/* --- raising for a customer ----------------------------------------------- */

static void
allow_staff_to_raise(bool allowed)
{
	struct answer *a = PATCH(
	    w.vendor.token, text("/api/organizations/%lld/", (long long)w.org),
	    json("{'staff_may_raise':%s}", allowed ? "true" : "false"));

	expect_status(a, 200);
	expect_bool(a, "staff_may_raise", allowed);
}

/* `who` is JSON: an id, or an address in quotes. */
static struct answer *
raise_for(const struct person *staff, const char *who)
{
	return POST(staff->token, "/api/issues/raise/",
		    json("{" PLAIN_ISSUE ",'on_behalf_of':%s}", who));
}

static const char *
id_of(const struct person *p)
{
	return text("%lld", (long long)p->user);
}

static const char *
address_of(const struct person *p)
{
	return text("'%s'", p->email);
}

/* Makes the person a customer of the organization, by raising an issue. */
static struct person
make_customer(const char *name)
{
	struct person p = make_person(name, ROLE_CUSTOMER, 0);

	raise_issue(&p, w.org, "Before");
	return p;
}

static int64_t
raised_notices(const struct person *p, int64_t issue)
{
	struct answer *a = GET(p->token, "/api/notifications/");
	int64_t n = 0;

	for (size_t i = 0; i < length_at(a, "results"); i++) {
		const char *one = text("results.%zu", i);

		n += int_at(a, text("%s.issue", one)) == issue &&
		     strcmp(text_at(a, text("%s.kind", one)), "raised") == 0;
	}
	return n;
}

START_TEST(raise_for_a_customer)
{
	const struct person p = make_customer("client");
	const struct person *staff = _i % 2 ? &w.vendor : &w.employee;
	struct answer *a;
	int64_t id;

	allow_staff_to_raise(true);
	a = raise_for(staff, _i / 2 ? address_of(&p) : id_of(&p));
	expect_status(a, 201);
	expect_keys(a, "", "message issue linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	id = int_at(a, "issue.id");
	expect_bool(a, "issue.is_client_issue", true);
	expect_int(a, "issue.organization", w.org);
	expect_text(a, "issue.raised_by_customer_name", p.full_name);
	expect_text(a, "issue.raised_by_customer_email", p.email);
	expect_int(a, "issue.created_by", staff->user);
	expect_text(a, "issue.created_by_name", staff->full_name);
	/* everywhere it is shown */
	a = GET(w.vendor.token, issue_path(id, ""));
	expect_int(a, "created_by", staff->user);
	expect_text(a, "created_by_name", staff->full_name);
	expect_text(a, "raised_by_customer_name", p.full_name);
	a = GET(w.vendor.token, "/api/issues/");
	expect_text(a, "results.0.created_by_name", staff->full_name);
	expect_text(a, "results.0.raised_by_customer_name", p.full_name);
	a = GET(p.token, "/api/issues/");
	expect_text(a, "results.0.created_by_name", staff->full_name);

	/* it belongs to the customer; they and the other staff are notified */
	a = GET(p.token, client_path(id, ""));
	expect_status(a, 200);
	expect_text(a, "raised_by_customer_name", p.full_name);
	expect_int(GET(p.token, "/api/client/issues/"), "count", 2);
	ck_assert_int_eq(raised_notices(&p, id), 1);
	ck_assert_int_eq(raised_notices(_i % 2 ? &w.employee : &w.vendor, id),
			 1);
	ck_assert_int_eq(raised_notices(staff, id), 0);
	a = GET(p.token, issue_path(id, "activity/"));
	expect_text(a, "results.0.field", "created");
	expect_text(a, "results.0.actor_name", staff->full_name);
	/* nobody else's */
	expect_status(GET(w.stranger.token, client_path(id, "")), 404);
	expect_status(POST(p.token, client_path(id, "comment/"),
			   json("{'comment':'Thanks'}")),
		      201);
}
END_TEST

/* The rule of the seed system holds until the owner allows it. */
START_TEST(staff_may_not_raise)
{
	const struct person p = make_customer("client");
	static const char *const paths[] = {"/api/issues/raise/",
					    "/api/issues/"};

	for (int allowed = 0; allowed < 2; allowed++) {
		if (allowed) {
			allow_staff_to_raise(true);
			allow_staff_to_raise(false);
		}
		for (size_t i = 0; i < COUNT(paths); i++) {
			const char *body =
			    json("{" PLAIN_ISSUE ",'on_behalf_of':%lld}",
				 (long long)p.user);

			expect_error(POST(w.employee.token, paths[i], body),
				     403, "permission_denied", NULL);
			expect_error(POST(w.vendor.token, paths[i], body), 403,
				     "permission_denied", NULL);
			expect_error(POST(w.employee.token, paths[i],
					  json("{" PLAIN_ISSUE "}")),
				     403, "permission_denied", NULL);
			/* a customer cannot do it, not even for themselves */
			expect_error(POST(p.token, paths[i], body), 403,
				     "permission_denied", NULL);
		}
	}
	allow_staff_to_raise(true);
	expect_error(raise_for(&w.outsider, id_of(&p)), 403,
		     "permission_denied", NULL);
	/* nor may staff use the customers' endpoint */
	expect_error(POST(w.employee.token, "/api/client/issues/raise/",
			  json("{'organization':%lld," PLAIN_ISSUE
			       ",'on_behalf_of':%lld}",
			       (long long)w.org, (long long)p.user)),
		     403, "permission_denied", NULL);
	/* and the permissions endpoint shows what is allowed now */
	expect_with(GET(w.employee.token, permissions_path(&w.employee, w.org)),
		    "\"create\"");
}
END_TEST

/* For everybody who is not a customer there, the error is the same. */
START_TEST(raise_for_somebody_else)
{
	const struct person p = make_customer("client");
	const struct person gone = make_customer("gone");
	const struct person unproved = make_customer("unproved");
	const struct person former = make_customer("former");
	const char *const others[] = {
	    id_of(&w.stranger), /* a customer elsewhere */
	    address_of(&w.stranger),
	    id_of(&w.employee), /* staff */
	    address_of(&w.vendor),
	    id_of(&gone), /* deactivated */
	    address_of(&gone),
	    address_of(&unproved), /* an unproved address */
	    id_of(&former),	   /* can no longer act as a customer */
	    "999999999",
	    "9007199254740991",
	    "'nobody@example.com'",
	    "'nonsense'",
	    text("'%s'", p.username),
	    text("'%lld'", (long long)p.user),
	    "'%'"};
	const char *said = NULL;
	struct answer *a;

	raise_issue(&w.stranger, w.other_org, "Elsewhere");
	sql_run("UPDATE user SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(gone.user)));
	sql_run("UPDATE user SET email_verified = FALSE WHERE id = ?",
		ARGS(arg_int(unproved.user)));
	sql_run("UPDATE profile SET is_active = FALSE WHERE user_id = ?",
		ARGS(arg_int(former.user)));
	allow_staff_to_raise(true);
	for (size_t i = 0; i < COUNT(others); i++) {
		a = raise_for(&w.employee, others[i]);
		expect_error(a, 400, "invalid", "on_behalf_of");
		if (!said)
			said = text_at(a, "details.on_behalf_of.0");
		expect_text(a, "details.on_behalf_of.0", said);
	}
	/* addresses are compared as at login */
	sql_run("UPDATE user SET email = ? WHERE id = ?",
		ARGS(arg_text(text("%s@xn--mller-kva.example", p.username)),
		     arg_int(p.user)));
	a = raise_for(&w.employee,
		      text("' %s@M\u00dcLLER.example'", p.username));
	expect_status(a, 201);
	expect_text(a, "issue.raised_by_customer_name", p.full_name);
	a = raise_for(&w.employee, text("'%s@muller.example'", p.username));
	expect_error(a, 400, "invalid", "on_behalf_of");
	/* the id works for an account with an unproved address */
	expect_status(raise_for(&w.employee, id_of(&unproved)), 201);
	a = POST(w.employee.token, "/api/issues/raise/",
		 json("{" PLAIN_ISSUE "}"));
	expect_error(a, 400, "invalid", "on_behalf_of");
	a = POST(w.employee.token, "/api/issues/raise/",
		 json("{" PLAIN_ISSUE ",'organization':%lld,"
		      "'on_behalf_of':%lld}",
		      (long long)w.other_org, (long long)p.user));
	expect_error(a, 400, "invalid", "organization");
}
END_TEST

/* The order must be the customer's, not the staff member's. */
START_TEST(raise_for_a_customer_with_their_order)
{
	const struct person p = make_customer("client");
	struct answer *a;

	raise_issue(&w.customer, w.org, "Before");
	allow_staff_to_raise(true);
	a = POST(w.employee.token, "/api/issues/",
		 json("{" PLAIN_ISSUE ",'on_behalf_of':%lld,'order':%lld,"
		      "'vendor':%lld,'organization':%lld}",
		      (long long)w.customer.user, (long long)w.order,
		      (long long)w.supplier, (long long)w.org));
	expect_status(a, 201);
	expect_int(a, "issue.order", w.order);
	expect_int(a, "issue.vendor.id", w.supplier);
	a = POST(w.employee.token, "/api/issues/",
		 json("{" PLAIN_ISSUE ",'on_behalf_of':%lld,'order':%lld}",
		      (long long)p.user, (long long)w.order));
	expect_error(a, 400, "invalid", "order");
}
END_TEST

START_TEST(raise_for_a_customer_once)
{
	const struct person p = make_customer("client");
	const char *key = unique("key");
	const int64_t before =
	    sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		    ARGS(arg_int(w.org)));
	struct answer *a, *b;

	allow_staff_to_raise(true);
	with("Idempotency-Key: %s", key);
	a = raise_for(&w.employee, id_of(&p));
	expect_status(a, 201);
	with("Idempotency-Key: %s", key);
	b = raise_for(&w.employee, id_of(&p));
	expect_status(b, 201);
	expect_header(b, "Idempotent-Replay", "true");
	ck_assert_str_eq(a->text, b->text);
	/* with another customer it is a different request */
	with("Idempotency-Key: %s", key);
	b = raise_for(&w.employee, id_of(&w.customer));
	expect_status(b, 422);
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		    ARGS(arg_int(w.org))),
	    before + 1);
}
END_TEST

Suite *
clients_suite(void)
{
	Suite *s = suite_create("clients");
	TCase *t = add_case(s, "profiles", set_up);

	tcase_add_test(t, profiles_of_staff);
	tcase_add_test(t, profile_of_a_customer);
	tcase_add_test(t, the_shown_organization_gives_no_rights);
	tcase_add_test(t, the_profile_of_the_token_is_primary);
	t = add_case(s, "lists", set_up);
	tcase_add_test(t, organization_of_a_customers_list);
	t = add_case(s, "permissions", set_up);
	tcase_add_loop_test(t, permissions_of_the_user, 0, COUNT(rights));
	tcase_add_loop_test(t, permissions_in_context, 0, COUNT(rights));
	tcase_add_test(t, permissions_of_others);
	t = add_case(s, "raising for a customer", set_up);
	tcase_add_loop_test(t, raise_for_a_customer, 0, 4);
	tcase_add_test(t, staff_may_not_raise);
	tcase_add_test(t, raise_for_somebody_else);
	tcase_add_test(t, raise_for_a_customer_with_their_order);
	tcase_add_test(t, raise_for_a_customer_once);
	t = add_case(s, "accounts", set_up);
	tcase_add_test(t, own_name);
	tcase_add_test(t, password_typed_twice);
	t = add_case(s, "directory", set_up);
	tcase_add_test(t, employees);
	tcase_add_test(t, vendors_and_orders);
	tcase_add_test(t, vendors_of_a_customer);
	tcase_add_test(t, unlisted_organization);
	tcase_add_test(t, the_owner_changes_the_listing);
	t = add_case(s, "raising", set_up);
	tcase_add_test(t, customers_create_by_raising);
	tcase_add_test(t, raise_without_an_organization);
	tcase_add_test(t, raise_with_the_only_organization);
	return s;
}
