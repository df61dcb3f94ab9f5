#include "openapi/openapi.h"
#include "base/enum_name.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "dispatch.h"
#include "unit/runner.h"

static struct arena *arena;
static const struct json *document;

static const struct json *
parse(const struct route *table)
{
	const struct json *j;
	const char *why;
	struct buf out;

	buf_init(&out, (size_t)1 << 20);
	openapi_write(&out, table);
	ck_assert(!out.overflow);
	j = json_parse(arena, out.data, out.len, &why);
	ck_assert_msg(j != NULL, "%s", why);
	buf_release(&out);
	return j;
}

static void
setup(void)
{
	arena = arena_new();
	document = parse(routes);
}

static void
teardown(void)
{
	arena_free(arena);
}

static const char *
method_of(const struct route *r)
{
	switch (r->method) {
	case METHOD_GET:
		return "get";
	case METHOD_POST:
		return "post";
	case METHOD_PUT:
		return "put";
	case METHOD_PATCH:
		return "patch";
	case METHOD_DELETE:
		return "delete";
	case METHOD_OPTIONS:
	case METHOD_OTHER:
		break;
	}
	ck_abort_msg("%s: no such method", r->stem);
	return NULL;
}

static const struct json *
operation_of(const struct route *r)
{
	return json_path(document, "paths", r->pattern, method_of(r), NULL);
}

START_TEST(every_route_is_there)
{
	for (const struct route *r = routes; r->pattern; r++) {
		const struct json *o = operation_of(r);

		ck_assert_msg(o != NULL, "%s: it is not described", r->stem);
		ck_assert(json_text(json_get(o, "operationId")) != NULL);
		ck_assert_msg(json_text(json_get(o, "description")) != NULL,
			      "%s: no description", r->stem);
		ck_assert(r->status == 200 || r->status == 201 ||
			  r->status == 204);
		ck_assert_int_eq(r->status == 204, !r->answer);
	}
}
END_TEST

START_TEST(every_answer_has_a_schema)
{
	const struct json *schemas =
	    json_path(document, "components", "schemas", NULL);

	for (const struct route *r = routes; r->pattern; r++)
		if (r->answer && !strchr(r->answer, '/'))
			ck_assert_msg(json_get(schemas, r->answer) != NULL,
				      "%s: no schema %s", r->stem, r->answer);
}
END_TEST

START_TEST(ids_differ)
{
	const char *ids[256];
	size_t n = 0;

	for (const struct route *r = routes; r->pattern; r++) {
		ck_assert_uint_lt(n, COUNT(ids));
		ids[n] = json_text(json_get(operation_of(r), "operationId"));
		for (size_t i = 0; i < n; i++)
			ck_assert_str_ne(ids[i], ids[n]);
		n++;
	}
}
END_TEST

/* --- one route of our own ------------------------------------------------- */

static const struct enum_name words[] = {
    {"high", 1}, {"urgent", 2}, {"critical", 2}, {NULL, 0}};
static const struct enum_name people[] = {{"me", -1}, {NULL, 0}};

static const struct field fields[] = {
    {"line", FIELD_LINE, F_REQUIRED, 1, 255, NULL},
    {"text", FIELD_TEXT, F_NULL | F_BLANK, 0, 1000, NULL},
    {"old_password", FIELD_VERBATIM, 0, 8, 72, NULL},
    {"number", FIELD_INT, 0, 1, 250, NULL},
    {"flag", FIELD_BOOL, 0, 0, 0, NULL},
    {"choice", FIELD_CHOICE, F_NULL, 0, 0, words},
    {"id", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},
    {"ids", FIELD_IDS, F_REQUIRED, 1, 100, NULL},
    {"uuid", FIELD_UUID, F_NULL, 0, 0, NULL},
    {"mail", FIELD_EMAIL, 0, 3, 254, NULL},
    {"who", FIELD_ID, F_QUERY, 1, INT64_MAX, people},
    {"since", FIELD_TIME, F_QUERY | F_REQUIRED, 0, 0, NULL},
    FIELDS_END};

static const struct route thing[] = {{.method = METHOD_POST,
				      .pattern = "/api/things/{id}/",
				      .access = STAFF | ONCE,
				      .stem = "thing",
				      .fields = fields,
				      .status = 201,
				      .answer = "Thing",
				      .summary = "Do it",
				      .description = "It does.",
				      .tag = "Things"},
				     {.method = METHOD_GET,
				      .pattern = "/api/things/",
				      .access = ANYONE | STREAM,
				      .stem = "things",
				      .status = 200,
				      .answer = "text/csv",
				      .summary = "List them",
				      .description = "They are listed.",
				      .tag = "Things"},
				     {.method = METHOD_PUT,
				      .pattern = "/api/things/{id}/",
				      .access = STAFF,
				      .stem = "thing",
				      .fields = fields,
				      .status = 201,
				      .answer = "Thing",
				      .summary = "Do it",
				      .description = "It does.",
				      .tag = "Things"},
				     {0}};

/* The value there, in the words of JSON. */
static const struct json *
member(const struct json *o, const char *name, const char *what)
{
	return json_path(o, "requestBody", "content", "application/json",
			 "schema", "properties", name, what, NULL);
}

static void
expect_number(const struct json *j, int64_t wanted)
{
	int64_t v;

	ck_assert(json_int(&v, j));
	ck_assert_int_eq(v, wanted);
}

static size_t
length(const struct json *j)
{
	size_t n = 0;

	for (j = json_first(j); j; j = json_next(j))
		n++;
	return n;
}

START_TEST(inputs)
{
	const struct json *o =
	    json_path(parse(thing), "paths", "/api/things/{id}/", "post", NULL);
	const struct json *required =
	    json_path(o, "requestBody", "content", "application/json", "schema",
		      "required", NULL);

	ck_assert_uint_eq(length(required), 2);
	ck_assert_str_eq(json_text(json_first(required)), "line");
	expect_number(member(o, "line", "minLength"), 1);
	expect_number(member(o, "line", "maxLength"), 255);
	ck_assert_ptr_null(member(o, "text", "minLength"));
	ck_assert_uint_eq(length(member(o, "text", "type")), 2);
	ck_assert_str_eq(json_text(member(o, "old_password", "format")),
			 "password");
	expect_number(member(o, "number", "maximum"), 250);
	ck_assert_str_eq(json_text(member(o, "flag", "type")), "boolean");
	ck_assert_uint_eq(length(member(o, "choice", "enum")), 4);
	ck_assert_str_eq(json_text(member(o, "choice", "description")),
			 "`critical` means `urgent`.");
	ck_assert_ptr_null(member(o, "id", "maximum"));
	expect_number(member(o, "ids", "maxItems"), 100);
	ck_assert_str_eq(json_text(member(o, "uuid", "format")), "uuid");
	ck_assert_str_eq(json_text(member(o, "mail", "format")), "email");
	ck_assert_ptr_null(member(o, "who", "anyOf"));
}
END_TEST

START_TEST(parameters)
{
	const struct json *o =
	    json_path(parse(thing), "paths", "/api/things/{id}/", "post", NULL);
	const struct json *p = json_first(json_get(o, "parameters"));

	ck_assert_str_eq(json_text(json_get(p, "$ref")),
			 "#/components/parameters/Id");
	p = json_next(p);
	ck_assert_str_eq(json_text(json_get(p, "name")), "who");
	ck_assert(!json_true(json_get(p, "required")));
	ck_assert_uint_eq(length(json_path(p, "schema", "anyOf", NULL)), 2);
	p = json_next(p);
	ck_assert_str_eq(json_text(json_get(p, "name")), "since");
	ck_assert(json_true(json_get(p, "required")));
}
END_TEST

static const struct {
	const char *path, *method;
	const char *statuses;
} answers[] = {
    {"/api/things/{id}/", "post",
     "201 400 401 403 404 409 411 413 415 422 429 500 502 503 504"},
    {"/api/things/{id}/", "put",
     "201 400 401 403 404 411 413 415 429 500 502 503 504"},
    {"/api/things/", "get", "200 429 500 502 503 504"},
};

START_TEST(statuses)
{
	const struct json *list =
	    json_path(parse(thing), "paths", answers[_i].path,
		      answers[_i].method, "responses", NULL);
	const char *p = answers[_i].statuses;
	char status[4];

	ck_assert_uint_eq(length(list), (strlen(p) + 1) / 4);
	for (; sscanf(p, "%3s", status) == 1; p += strlen(p) > 3 ? 4 : 3)
		ck_assert_msg(json_get(list, status) != NULL, "%s", status);
}
END_TEST

/* nginx limits how many requests of an address are under way, whatever they
 * ask for. */
START_TEST(limited_by_nginx)
{
	for (const struct route *r = routes; r->pattern; r++)
		ck_assert_msg(json_path(operation_of(r), "responses", "429",
					NULL) != NULL,
			      "%s", r->pattern);
}
END_TEST

START_TEST(what_is_read_has_a_tag)
{
	for (const struct route *r = routes; r->pattern; r++) {
		const struct json *tagged =
		    json_path(operation_of(r), "responses", "304", NULL);

		if (r->method == METHOD_GET)
			ck_assert_msg(!tagged ==
					  (!strcmp(r->stem, "issue_export") ||
					   !strcmp(r->stem, "user_export")),
				      "%s", r->stem);
	}
}
END_TEST

/* The first of two rows keeps the stem to itself. */
START_TEST(shared_stems)
{
	const struct json *paths = json_get(parse(thing), "paths");

	ck_assert_uint_eq(length(paths), 2);
	ck_assert_str_eq(json_text(json_path(paths, "/api/things/{id}/", "post",
					     "operationId", NULL)),
			 "thing");
	ck_assert_str_eq(json_text(json_path(paths, "/api/things/{id}/", "put",
					     "operationId", NULL)),
			 "thing_put");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("openapi");
	TCase *t = tcase_create("openapi");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_route_is_there);
	tcase_add_test(t, every_answer_has_a_schema);
	tcase_add_test(t, ids_differ);
	tcase_add_test(t, inputs);
	tcase_add_test(t, parameters);
	tcase_add_test(t, limited_by_nginx);
	tcase_add_test(t, what_is_read_has_a_tag);
	tcase_add_loop_test(t, statuses, 0, COUNT(answers));
	tcase_add_test(t, shared_stems);
	suite_add_tcase(s, t);
	return run_suite(s);
}
