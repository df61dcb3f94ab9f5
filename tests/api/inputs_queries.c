/* Every parameter of every query, with values that none accepts: the response
 * is 200 or an error of the one shape, and the database stays unchanged. */

#include <string.h>

#include "base/arena.h"
#include "desk/issue.h"
#include "inputs.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

/* Values that no parameter accepts. */
static const char *const odd[] = {"%25",
				  "%00",
				  "%ff",
				  "%c3",
				  "%",
				  "%zz",
				  "-1",
				  "0",
				  "1.5",
				  "1e9",
				  "99999999999999999999",
				  "true",
				  "null",
				  "%22%27%3B--",
				  "%F0%9F%98%80",
				  "a%0Ab",
				  "*",
				  "%5B%5D",
				  "+",
				  "1,2",
				  "none",
				  "1&%s=2",
				  ""};

#define CRITERION_NAME(id, name, ...) name " "
#define CRITERIA_NAMES		      ISSUE_CRITERIA(CRITERION_NAME)

static const struct {
	const char *path;
	enum who who;
	const char *names; /* of the parameters */
	bool uploads;	   /* POST: what it accepts is stored */
} queries[] = {
    {"/api/issues/", EMPLOYEE,
     CRITERIA_NAMES "search ordering page "
		    "page_size cursor",
     false},
    {"/api/client/issues/", CUSTOMER,
     CRITERIA_NAMES "search ordering page "
		    "page_size cursor",
     false},
    {"/api/issues/export/", EMPLOYEE, CRITERIA_NAMES "search ordering", false},
    {"/api/issues/stats/", EMPLOYEE, "days", false},
    {"/api/issues/$issue/activity/", EMPLOYEE,
     "after before ordering page_size", false},
    {"/api/issues/$issue/comments/", EMPLOYEE, "before", false},
    {"/api/issues/$issue/attachments/", EMPLOYEE, "filename internal content",
     true},
    {"/api/attachments/", EMPLOYEE, "filename", true},
    {"/api/attachments/$attachment/", EMPLOYEE, "download expires signature",
     false},
    {"/api/issues/fetch_from_linear/", EMPLOYEE, "limit sync after", false},
    {"/api/user-roles/user_permissions/", EMPLOYEE, "user_id organization_id",
     false},
    {"/api/user-context/permissions/", CUSTOMER, "organization", false},
    {"/api/organizations/", CUSTOMER, "page page_size", false},
    {"/api/employees/", VENDOR, "all search page page_size", false},
    {"/api/vendors/", CUSTOMER, "organization search page page_size", false},
    {"/api/orders/", CUSTOMER, "organization search page page_size", false},
    {"/api/customers/", EMPLOYEE, "search page page_size", false},
    {"/api/notifications/", CUSTOMER, "unread page page_size", false},
    {"/api/sessions/", CUSTOMER, "page page_size", false},
    {"/api/tokens/", CUSTOMER, "page page_size", false},
    {"/api/security-log/", VENDOR, "mine page page_size", false},
    {"/api/linear/failures/", EMPLOYEE, "page page_size", false},
    {"/api/mail/unsubscribe/", CUSTOMER, "u t", false},
    {"/api/mail/inbox/", EMPLOYEE, "state page page_size", false},
};

static void
try_parameter(const char *token, const char *path, const char *name,
	      bool uploads)
{
	for (size_t i = 0; i < COUNT(odd) + 1; i++) {
		const char *value =
		    i < COUNT(odd) ? odd[i] : input_string("x", 3000) + 1;
		const char *asked = text("%s?%s=%.3000s", path, name, value);
		struct answer *a =
		    uploads ? POST(token, asked, "x") : GET(token, asked);

		if (a->status == (uploads ? 201 : 200))
			continue;
		expect(a, a->status == 400 || a->status == 404);
		expect_error_shape(a, a->status, text_at(a, "code"));
	}
}

START_TEST(unusual_query_strings)
{
	const char *names = queries[_i].names;
	const int64_t before = inputs_digest();

	for (size_t n; *names; names += n + strspn(names + n, " ")) {
		n = strcspn(names, " ");
		try_parameter(input_token(queries[_i].who),
			      input_filled(queries[_i].path),
			      arena_memdup(test_arena(), names, n),
			      queries[_i].uploads);
	}
	if (!queries[_i].uploads)
		ck_assert_int_eq(inputs_digest(), before);
}
END_TEST

const char *
input_parameters(const char *pattern)
{
	for (size_t i = 0; i < COUNT(queries); i++)
		if (strcmp(input_pattern(queries[i].path), pattern) == 0)
			return queries[i].names;
	return "";
}

Suite *
inputs_queries_suite(void)
{
	Suite *s = suite_create("inputs_queries");
	TCase *t = add_case(s, "inputs_queries", inputs_set_up);

	tcase_add_loop_test(t, unusual_query_strings, 0, COUNT(queries));
	return s;
}
