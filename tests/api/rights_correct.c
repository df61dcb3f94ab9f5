/* What customers may correct in their issues. */

#include <string.h>

#include "rights.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

START_TEST(correcting)
{
	struct answer *a =
	    PATCH(w.customer.token, mine,
		  json("{'title':'Corrected','description':'Other words',"
		       "'priority':'urgent','category':'billing'}"));

	expect_status(a, 200);
	expect_text(a, "title", "Corrected");
	expect_text(a, "description", "Other words");
	expect_text(a, "priority", "urgent");
	expect_text(a, "category", "billing");
	expect_int(a, "version", 2);
	a = GET(w.employee.token, mine);
	expect_text(a, "title", "Corrected");
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_text(a, "results.1.field", "title");
	expect_text(a, "results.1.actor_kind", "customer");
	expect_int(GET(w.customer.token, "/api/issues/?search=corrected"),
		   "count", 1);
	expect_int(GET(w.customer.token, "/api/issues/?search=subject"),
		   "count", 0);
	a = GET(w.customer.token, "/api/issues/stats/");
	expect_int(a, "by_priority.urgent", 1);
	expect_int(a, "by_category.billing", 1);
	expect_status(
	    PATCH(w.employee.token, mine, json("{'status':'in_progress'}")),
	    200);
	expect_status(
	    PATCH(w.customer.token, mine, json("{'title':'In progress'}")),
	    200);
	with("If-Match: \"v1-0\"");
	expect_error_shape(
	    PATCH(w.customer.token, mine, json("{'title':'Late'}")), 412,
	    "precondition_failed");
}
END_TEST

/* A description is normalized like every text. */
START_TEST(descriptions_are_cleaned)
{
	const char *const body =
	    json("{'organization':%lld,'title':'t','description':"
		 "'  a\\u202eb\\u0007\\r\\n\\te\\u0301 '}",
		 (long long)w.org);
	struct answer *a =
	    POST(w.customer.token, "/api/client/issues/raise/", body);

	expect_status(a, 201);
	expect_text(a, "issue.description", "ab\n\t\u00e9");
	a = PATCH(w.employee.token, issue_path(int_at(a, "issue.id"), ""),
		  json("{'description':'\\u200b\\u2066 '}"));
	expect_status(a, 200);
	expect_text(a, "description", "");
}
END_TEST

/* A client may send back all fields that it has read. */
START_TEST(whole_objects)
{
	const char *token = w.customer.token;
	struct answer *a;

	expect_status(PATCH(w.employee.token, mine,
			    json("{'assigned_to':%lld,'vendor':%lld,"
				 "'order':%lld,'status':'in_progress',"
				 "'resolution_notes':'a draft'}",
				 (long long)w.employee.profile,
				 (long long)w.supplier, (long long)w.order)),
		      200);
	a = GET(token, mine);
	a = PUT(token, mine, a->text);
	expect_status(a, 200);
	expect_int(a, "version", 2);
	expect_int(a, "assigned_to.id", w.employee.profile);
	a = GET(w.employee.token, mine);
	expect_status(PUT(w.employee.token, mine, a->text), 200);
	/* resolved, and unchanged */
	expect_status(POST(w.employee.token, issue_path(issue, "resolve/"),
			   json("{'resolution_notes':'done'}")),
		      200);
	a = GET(token, mine);
	a = PUT(token, mine, a->text);
	expect_status(a, 200);
	expect_text(a, "status", "resolved");
}
END_TEST

START_TEST(fields_that_customers_cannot_change)
{
	static const struct {
		const char *field, *value;
	} others[] = {{"status", "'resolved'"},
		      {"status", "'in_progress'"},
		      {"assigned_to", "$"},
		      {"assigned_to", "{'id':$}"},
		      {"vendor", "1"},
		      {"order", "1"},
		      {"resolution_notes", "'done'"}};
	const char *id = text("%lld", (long long)w.employee.profile), *at;
	const int64_t before = database_digest(w.org);
	struct answer *a;

	for (size_t i = 0; i < COUNT(others); i++) {
		const char *value = others[i].value;

		at = strchr(value, '$');
		if (at)
			value = text("%.*s%s%s", (int)(at - value), value, id,
				     at + 1);
		a = PATCH(
		    w.customer.token, mine,
		    json("{'title':'Other','%s':%s}", others[i].field, value));
		expect_error(a, 400, "invalid", others[i].field);
	}
	/* both wrong fields are named */
	a = PATCH(w.customer.token, mine,
		  json("{'status':'closed','resolution_notes':'n'}"));
	expect_error(a, 400, "invalid", "status");
	expect_error(a, 400, "invalid", "resolution_notes");
	expect_error_shape(
	    PATCH(w.stranger.token, mine, json("{'title':'Mine'}")), 404,
	    "not_found");
	ck_assert_int_eq(database_digest(w.org), before);
}
END_TEST

START_TEST(resolved_issues_cannot_be_corrected)
{
	struct answer *a;

	expect_status(
	    POST(w.employee.token, issue_path(issue, "resolve/"), NULL), 200);
	a = PATCH(w.customer.token, mine, json("{'title':'Other'}"));
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_status(POST(w.employee.token, issue_path(issue, "close/"), NULL),
		      200);
	a = PATCH(w.customer.token, mine, json("{'priority':'low'}"));
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_text(GET(w.customer.token, mine), "title", "Subject");
}
END_TEST

Suite *
rights_correct_suite(void)
{
	Suite *s = suite_create("rights_correct");
	TCase *t = add_case(s, "correcting", set_up);

	tcase_add_test(t, correcting);
	tcase_add_test(t, descriptions_are_cleaned);
	tcase_add_test(t, whole_objects);
	tcase_add_test(t, fields_that_customers_cannot_change);
	tcase_add_test(t, resolved_issues_cannot_be_corrected);
	return s;
}
