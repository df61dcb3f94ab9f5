/* The calls that the seed system documents, field by field: changing an issue
 * by PATCH and PUT, and assigning it. */

#include "seed_issues.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;
static int64_t ids[ISSUES];

static void
set_up(void)
{
	set_up_four_issues(&w, ids);
}

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

Suite *
seed_change_suite(void)
{
	Suite *s = suite_create("seed_change");
	TCase *t = add_case(s, "change", set_up);

	tcase_add_test(t, patch_each_field);
	tcase_add_test(t, patch_returns_the_whole_issue);
	tcase_add_test(t, patch_ids);
	tcase_add_test(t, put_accepts_a_partial_body);
	tcase_add_test(t, patch_of_nothing_changes_nothing);
	tcase_add_test(t, patch_into_resolved_and_out);
	tcase_add_test(t, customers_change_nothing);
	tcase_add_test(t, assign);
	tcase_add_test(t, assign_leaves_a_resolved_one_resolved);
	return s;
}
