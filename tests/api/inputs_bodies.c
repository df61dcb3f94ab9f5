/* Every field of every body, with every kind of wrong value: the response is
 * 2xx or a 400 that names the field, and a refused request leaves the database
 * unchanged. */

#include <string.h>

#include "base/json.h"
#include "inputs.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

/* Sends the row's request with that JSON as the value of the field (NULL:
 * without the field). */
static struct answer *
send_value(const struct row *row, const char *value)
{
	const char *rest = json("%s", input_filled(row->rest ? row->rest : ""));
	const char *body = value ? text("{%s%s\"%s\":%s}", rest,
					*rest ? "," : "", row->name, value)
				 : text("{%s}", rest);
	const struct request r = {.method = row->method,
				  .path = input_filled(row->path),
				  .token = input_token(row->who),
				  .body = body,
				  .body_len = strlen(body)};

	return send_one(&r);
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
		expect_refused(row, input_string("x", 5000));
	}
}

static void
try_wrong_ids(const struct row *row)
{
	if (row->kind == IDS) {
		if (!(row->flags & BLANK))
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
	expect_refused(row, input_string("x", row->max + 1));
	expect_refused(row, input_string("\xf0\x9f\x98\x80", row->max + 1));
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
	expect_error(send_value(row, json("%s,'%s':%s", input_filled(row->fits),
					  row->name, input_filled(row->fits))),
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
	const struct row *row = input_row((size_t)_i);
	const int64_t before = inputs_digest();

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
	ck_assert_msg(inputs_digest() == before,
		      "%s %s, %s: a refused request changed the database",
		      row->method, row->path, row->name);
}
END_TEST

static void
try_long_texts(const struct row *row)
{
	if (row->kind == EMAIL)
		return;
	expect_taken(row, input_string("x", row->max));
	expect_taken(row, input_string("\xf0\x9f\x98\x80", row->max));
	expect_taken(row, input_string("\\ud83d\\ude00", row->max));
	if (row->kind == LINE)
		expect_taken(row, text("\"  %s\\n\"", "x"));
	if (row->flags & BLANK)
		expect_taken(row, "\"\"");
}

START_TEST(valid_values)
{
	const struct row *row = input_row((size_t)_i);

	if (row->flags & UNKNOWN)
		return;
	expect_taken(row, json("%s", input_filled(row->fits)));
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

Suite *
inputs_bodies_suite(void)
{
	Suite *s = suite_create("inputs_bodies");
	TCase *t = add_case(s, "inputs_bodies", inputs_set_up);

	tcase_add_loop_test(t, invalid_values, 0, (int)inputs_count());
	tcase_add_loop_test(t, valid_values, 0, (int)inputs_count());
	return s;
}
