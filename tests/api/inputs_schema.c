/* The tables of bodies and queries are complete: whatever field or parameter
 * the published schema has is tested. */

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "inputs.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static size_t
rows_of(const char *method, const char *pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < inputs_count(); i++)
		n += strcmp(input_row(i)->method, method) == 0 &&
		     strcmp(input_pattern(input_row(i)->path), pattern) == 0;
	return n;
}

static bool
has_word(const char *words, const char *word)
{
	const size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void
expect_parameters(const struct answer *schema, const char *operation,
		  const char *pattern)
{
	const struct json *j =
	    json_first(at(schema, text("%s.parameters", operation)));

	for (; j; j = json_next(j)) {
		const char *where = json_text(json_get(j, "in"));

		/* others are in paths or headers, or refer to such */
		if (where && strcmp(where, "query") == 0)
			ck_assert_msg(has_word(input_parameters(pattern),
					       json_text(json_get(j, "name"))),
				      "%s has no row for ?%s=", pattern,
				      json_text(json_get(j, "name")));
	}
}

/* There is a row for every field that the published schema has. */
START_TEST(every_field_has_a_row)
{
	struct answer *schema = GET(NULL, "/api/schema/");
	FILE *routes = open_routes();
	char method[16], pattern[128];

	expect_status(schema, 200);
	while (fscanf(routes, "%15s %127s %*[^\n]", method, pattern) == 2) {
		const char *operation =
		    text("paths.%s.%s", pattern,
			 strcmp(method, "GET") == 0	? "get"
			 : strcmp(method, "POST") == 0	? "post"
			 : strcmp(method, "PUT") == 0	? "put"
			 : strcmp(method, "PATCH") == 0 ? "patch"
							: "delete");
		const char *body = text("%s.requestBody.content."
					"application/json.schema.properties",
					operation);
		const size_t n = at(schema, body) ? length_at(schema, body) : 0;

		ck_assert_msg(at(schema, operation) != NULL,
			      "%s is not in the schema", operation);
		ck_assert_msg(rows_of(method, pattern) >= n,
			      "%s %s has %zu fields and %zu rows", method,
			      pattern, n, rows_of(method, pattern));
		/* what is signed is tested with its signature, in
		 * tests/sync/mail-in */
		if (strcmp(pattern, "/api/mail/inbound/") != 0)
			expect_parameters(schema, operation, pattern);
	}
	ck_assert_int_eq(pclose(routes), 0);
}
END_TEST

Suite *
inputs_schema_suite(void)
{
	Suite *s = suite_create("inputs_schema");
	TCase *t = add_case(s, "inputs_schema", inputs_set_up);

	tcase_add_test(t, every_field_has_a_row);
	return s;
}
