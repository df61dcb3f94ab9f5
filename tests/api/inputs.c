/* Every field of every body and query, with every kind of wrong value: the
 * response is 2xx or a 400 that names the field, and a refused request leaves
 * the database unchanged. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "desk/issue.h"
#include "inputs_rows.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

/* PATCH and PUT of an issue take the fields that ISSUE_FIELDS lets requests
 * change: a row of each method for each of them. */
#define UPDATE_ROWS (2 * CHANGE_MAX)
#define ROWS	    (input_row_count + UPDATE_ROWS)

static struct world w;
static struct person other;
static int64_t issue, comment;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	other = make_person("other", ROLE_EMPLOYEE, w.org);
	issue = raise_issue(&w.customer, w.org, "Subject");
	comment =
	    int_at(POST(w.employee.token, issue_path(issue, "add_comment/"),
			json("{'content':'said'}")),
		   "comment.id");
	sql_run("UPDATE organization SET staff_may_raise = TRUE WHERE id = ?",
		ARGS(arg_int(w.org)));
}

/* Replaces the $words of s. */
static const char *
filled(const char *s)
{
	const struct {
		const char *word;
		const char *by;
	} words[] = {
	    {"$org", text("%lld", (long long)w.org)},
	    {"$issue", text("%lld", (long long)issue)},
	    {"$comment", text("%lld", (long long)comment)},
	    {"$order", text("%lld", (long long)w.order)},
	    {"$other", text("%lld", (long long)other.profile)},
	    {"$vendor", text("%lld", (long long)w.supplier)},
	    {"$assigned_to", text("%lld", (long long)w.employee.profile)},
	    {"$profile", text("%lld", (long long)w.employee.profile)},
	    {"$customer", text("%lld", (long long)w.customer.user)},
	    {"$new", unique("new")},
	};
	const char *p;

	for (size_t i = 0; i < COUNT(words); i++)
		while ((p = strstr(s, words[i].word)) != NULL)
			s = text("%.*s%s%s", (int)(p - s), s, words[i].by,
				 p + strlen(words[i].word));
	return s;
}

/* How an update takes a field of an issue. */
static void
fill_row(struct row *row, const struct issue_field *f)
{
	row->name = f->name;
	row->max = (int)f->max;
	switch (f->kind) {
	case KIND_OF_INT:
		row->kind = INT;
		row->flags = ZERO;
		row->fits = "7";
		break;
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		row->kind = ID;
		row->flags = NULLABLE;
		row->fits = text("$%s", f->name);
		break;
	case KIND_OF_BOOL:
		row->kind = BOOL;
		row->fits = "true";
		break;
	case KIND_OF_CHOICE:
		row->kind = CHOICE;
		row->fits = text("'%s'", f->words[1].text);
		break;
	case KIND_OF_TIME:
		row->kind = TIME;
		row->flags = NULLABLE;
		row->fits = "'2026-01-02T03:04:05Z'";
		break;
	case KIND_OF_LINE:
		row->kind = LINE;
		row->fits = "'t'";
		break;
	case KIND_OF_TEXT:
		row->kind = TEXT;
		row->flags = NULLABLE;
		row->fits = "'t'";
		break;
	case KIND_OF_BLANK_TEXT:
		row->kind = TEXT;
		row->flags = BLANK;
		row->fits = "'t'";
		break;
	}
}

/* The i-th row: those above, then those of updates. */
static const struct row *
nth_row(size_t i)
{
	struct row *row;
	int n;

	if (i < input_row_count)
		return &input_rows[i];
	i -= input_row_count;
	row = arena_alloc(test_arena(), sizeof(*row));
	row->method = i < CHANGE_MAX ? "PATCH" : "PUT";
	row->path = "/api/issues/$issue/";
	row->who = EMPLOYEE;
	n = (int)(i % CHANGE_MAX);
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].set == 1U << n)
			fill_row(row, &issue_fields[id]);
	return row;
}

/* Sends the row's request with that JSON as the value of the field (NULL:
 * without the field). */
static struct answer *
send_value(const struct row *row, const char *value)
{
	const char *const tokens[] = {[CUSTOMER] = w.customer.token,
				      [EMPLOYEE] = w.employee.token,
				      [VENDOR] = w.vendor.token};
	const char *rest = json("%s", filled(row->rest ? row->rest : ""));
	const char *body = value ? text("{%s%s\"%s\":%s}", rest,
					*rest ? "," : "", row->name, value)
				 : text("{%s}", rest);
	const struct request r = {.method = row->method,
				  .path = filled(row->path),
				  .token = tokens[row->who],
				  .body = body,
				  .body_len = strlen(body)};

	return send_one(&r);
}

/* A string of n times the character c. */
static const char *
string_of(const char *c, int n)
{
	struct buf b;
	const char *s;

	buf_init(&b, 1 << 20);
	buf_addc(&b, '"');
	for (int i = 0; i < n; i++)
		buf_adds(&b, c);
	buf_addc(&b, '"');
	s = arena_memdup(test_arena(), b.data, b.len);
	buf_release(&b);
	return s;
}

static const char *
nested(int depth)
{
	const char *s = "1";

	for (int i = 0; i < depth; i++)
		s = text("[%s]", s);
	return s;
}

static bool
is_text(const struct row *row)
{
	return row->kind <= EMAIL;
}

static void
expect_refused(const struct row *row, const char *value)
{
	expect_error(send_value(row, value), 400, "invalid", row->name);
}

/* The value is accepted, or refused for a reason that is not about the field.
 */
static void
expect_taken(const struct row *row, const char *value)
{
	struct answer *a = send_value(row, value);

	if (!(row->flags & NEVER_FITS)) {
		expect(a, a->status == 200 || a->status == 201);
		return;
	}
	expect(a, a->status == 200 || a->status == 400 || a->status == 429);
	expect(a, !json_get(at(a, "details"), row->name));
}

static void
try_wrong_types(const struct row *row)
{
	static const char *const numbers[] = {"0",	"-1",
					      "1.5",	"1e300",
					      "-1e300", "99999999999999999999",
					      "1e999",	"9223372036854775807"};

	for (size_t i = row->flags & ZERO ? 1 : 0; i < COUNT(numbers); i++)
		expect_refused(row, numbers[i]);
	if (row->kind == INT)
		expect_refused(row, text("%lld", row->max + 1LL));
	expect_refused(row, "{}");
	expect_refused(row, "{\"a\":{\"b\":[1]}}");
	expect_refused(row, nested(20));
	if (row->kind != IDS)
		expect_refused(row, "[]");
	if (row->kind != BOOL) {
		expect_refused(row, "true");
		expect_refused(row, "false");
	}
	if (!is_text(row)) {
		expect_refused(row, "\"nonsense\"");
		expect_refused(row, "\"1\"");
		expect_refused(row, "\"1 OR 1=1\"");
		expect_refused(row, "\"\\ud83d\\ude00\"");
		expect_refused(row, string_of("x", 5000));
	}
}

static void
try_wrong_ids(const struct row *row)
{
	if (row->kind == IDS) {
		expect_refused(row, "[]");
		expect_refused(row, "[0]");
		expect_refused(row, "[-1]");
		expect_refused(row, "[1.5]");
		expect_refused(row, "[\"1\"]");
		expect_refused(row, "[null]");
		expect_refused(row, "[[1]]");
		expect_refused(row, "[1,1]");
		expect_refused(row, "[1e300]");
	} else if (row->kind == ID && !(row->flags & NEVER_FITS)) {
		expect_refused(row, "999999999");
	}
}

/* One of each kind of text that shows nothing. */
static const char *const invisible[] = {
    "\" \\t\\n\\u00a0\\u3000\"",	       /* white space */
    "\"\\u200b\\u200d\\u2060\\ufeff\"",	       /* zero width */
    "\"\\u00ad\\u180e\"",		       /* soft hyphens */
    "\"\\u115f\\u1160\\u3164\\uffa0\\u2800\"", /* fillers */
    "\"\\u0001\\u007f\\u009f\"",	       /* control characters */
    "\"\\u202e\\u2066\\u200f\"",	       /* of direction */
    "\"\\ufe0f\\udb40\\udd00\"",	       /* variation selectors */
    "\"\\udb40\\udc41\\udb40\\udc7f\"",	       /* tags */
};

static void
try_wrong_texts(const struct row *row)
{
	if (!(row->flags & BLANK)) {
		expect_refused(row, "\"\"");
		if (row->kind != PASSWORD)
			for (size_t i = 0; i < COUNT(invisible); i++)
				expect_refused(row, invisible[i]);
	}
	expect_refused(row, string_of("x", row->max + 1));
	expect_refused(row, string_of("\xf0\x9f\x98\x80", row->max + 1));
}

static void
try_malformed(const struct row *row)
{
	static const char *const values[] = {"\"\\u0000\"", "\"a\\u0000b\"",
					     "\"\xff\"",    "\"\xed\xa0\x80\"",
					     "\"\\ud800\"", "\"\\u12g4\"",
					     "nul",	    "01",
					     "\"a\tb\"",    "\"",
					     "NaN",	    "'a'"};

	for (size_t i = 0; i < COUNT(values); i++)
		expect_error(send_value(row, values[i]), 400, "parse_error",
			     NULL);
	expect_error(send_value(row, nested(60)), 400, "parse_error", NULL);
	expect_error(send_value(row, json("%s,'%s':%s", filled(row->fits),
					  row->name, filled(row->fits))),
		     400, "parse_error", NULL);
}

/* One of each kind of wrong address; tests/unit/address.c has more. */
static void
try_wrong_addresses(const struct row *row)
{
	static const char *const values[] = {"a",
					     "a@b",
					     "a:b@c.de",
					     "a[b@c.de",
					     "a\\\\b@c.de",
					     "a@b@c.de",
					     "u@[192.0.2.1]",
					     "u@192.0.2.1",
					     "\\u00e9@b.de",
					     "a@b\\u200b.de",
					     "a\\u200bb@c.de",
					     "a\\u0001@b.de",
					     "a..b@c.de",
					     "a@b..de",
					     "@b.de",
					     "a@"};

	for (size_t i = 0; i < COUNT(values); i++)
		expect_refused(row, text("\"%s\"", values[i]));
}

START_TEST(invalid_values)
{
	const struct row *row = nth_row((size_t)_i);
	const int64_t before = database_digest(w.org);

	if (row->flags & REQUIRED)
		expect_refused(row, NULL);
	if (!(row->flags & NULLABLE))
		expect_refused(row, "null");
	try_wrong_types(row);
	try_wrong_ids(row);
	if (is_text(row))
		try_wrong_texts(row);
	if (row->kind == EMAIL)
		try_wrong_addresses(row);
	try_malformed(row);
	ck_assert_msg(database_digest(w.org) == before,
		      "%s %s, %s: a refused request changed the database",
		      row->method, row->path, row->name);
}
END_TEST

static void
try_long_texts(const struct row *row)
{
	if (row->kind == EMAIL)
		return;
	expect_taken(row, string_of("x", row->max));
	expect_taken(row, string_of("\xf0\x9f\x98\x80", row->max));
	expect_taken(row, string_of("\\ud83d\\ude00", row->max));
	if (row->kind == LINE)
		expect_taken(row, text("\"  %s\\n\"", "x"));
	if (row->flags & BLANK)
		expect_taken(row, "\"\"");
}

START_TEST(valid_values)
{
	const struct row *row = nth_row((size_t)_i);

	if (row->flags & UNKNOWN)
		return;
	expect_taken(row, json("%s", filled(row->fits)));
	/* undo it: many endpoints do nothing the second time */
	if (!(row->flags & REQUIRED))
		expect_taken(row, NULL);
	if (row->flags & NULLABLE)
		expect_taken(row, "null");
	/* the username is taken now */
	if (is_text(row) && strcmp(row->name, "username") != 0)
		try_long_texts(row);
}
END_TEST

/* --- queries -------------------------------------------------------------- */

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
} queries[] = {
    {"/api/issues/", EMPLOYEE,
     CRITERIA_NAMES "search ordering page "
		    "page_size cursor"},
    {"/api/client/issues/", CUSTOMER,
     CRITERIA_NAMES "search ordering page "
		    "page_size cursor"},
    {"/api/issues/export/", EMPLOYEE, CRITERIA_NAMES "search ordering"},
    {"/api/issues/stats/", EMPLOYEE, "days"},
    {"/api/issues/$issue/activity/", EMPLOYEE, "after"},
    {"/api/issues/$issue/comments/", EMPLOYEE, "before"},
    {"/api/issues/fetch_from_linear/", EMPLOYEE, "limit sync after"},
    {"/api/user-roles/user_permissions/", EMPLOYEE, "user_id organization_id"},
    {"/api/user-context/permissions/", CUSTOMER, "organization"},
    {"/api/organizations/", CUSTOMER, "page page_size"},
    {"/api/employees/", VENDOR, "all page page_size"},
    {"/api/vendors/", CUSTOMER, "organization page page_size"},
    {"/api/orders/", CUSTOMER, "organization page page_size"},
    {"/api/notifications/", CUSTOMER, "unread page page_size"},
    {"/api/sessions/", CUSTOMER, "page page_size"},
    {"/api/tokens/", CUSTOMER, "page page_size"},
    {"/api/security-log/", VENDOR, "mine page page_size"},
    {"/api/linear/failures/", EMPLOYEE, "page page_size"},
    {"/api/mail/unsubscribe/", CUSTOMER, "u t"},
};

static void
try_parameter(const char *token, const char *path, const char *name)
{
	for (size_t i = 0; i < COUNT(odd) + 1; i++) {
		const char *value =
		    i < COUNT(odd) ? odd[i] : string_of("x", 3000) + 1;
		struct answer *a =
		    GET(token, text("%s?%s=%.3000s", path, name, value));

		if (a->status == 200)
			continue;
		expect(a, a->status == 400 || a->status == 404);
		expect_error_shape(a, a->status, text_at(a, "code"));
	}
}

START_TEST(unusual_query_strings)
{
	const char *const tokens[] = {[CUSTOMER] = w.customer.token,
				      [EMPLOYEE] = w.employee.token,
				      [VENDOR] = w.vendor.token};
	const char *names = queries[_i].names;
	const int64_t before = database_digest(w.org);

	for (size_t n; *names; names += n + strspn(names + n, " ")) {
		n = strcspn(names, " ");
		try_parameter(tokens[queries[_i].who], filled(queries[_i].path),
			      arena_memdup(test_arena(), names, n));
	}
	ck_assert_int_eq(database_digest(w.org), before);
}
END_TEST

/* --- completeness --------------------------------------------------------- */

/* The path of a row in the form of routes: {id} for each $word. */
static const char *
pattern_of(const char *path)
{
	const char *p;

	while ((p = strchr(path, '$')) != NULL)
		path = text("%.*s{%s}%s", (int)(p - path), path,
			    strncmp(p, "$comment", 8) == 0 ? "cid" : "id",
			    p + strcspn(p, "/"));
	return path;
}

static size_t
rows_of(const char *method, const char *pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		n += strcmp(nth_row(i)->method, method) == 0 &&
		     strcmp(pattern_of(nth_row(i)->path), pattern) == 0;
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

static const char *
parameters_of(const char *pattern)
{
	for (size_t i = 0; i < COUNT(queries); i++)
		if (strcmp(pattern_of(queries[i].path), pattern) == 0)
			return queries[i].names;
	return "";
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
			ck_assert_msg(has_word(parameters_of(pattern),
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
		expect_parameters(schema, operation, pattern);
	}
	ck_assert_int_eq(pclose(routes), 0);
}
END_TEST

Suite *
inputs_suite(void)
{
	Suite *s = suite_create("inputs");
	TCase *t = add_case(s, "inputs", set_up);

	tcase_add_test(t, every_field_has_a_row);
	tcase_add_loop_test(t, invalid_values, 0, (int)ROWS);
	tcase_add_loop_test(t, valid_values, 0, (int)ROWS);
	tcase_add_loop_test(t, unusual_query_strings, 0, COUNT(queries));
	return s;
}
