#include "base/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "unit/runner.h"

static struct arena *arena;
static const char *why;

static void
set_up(void)
{
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* From a copy that ends where the text does, so that a sanitizer sees a read
 * past it. */
static const struct json *
parse_bytes(const char *text, size_t n)
{
	char *copy = malloc(n ? n : 1);
	const struct json *j;

	memcpy(copy, text, n);
	j = json_parse(arena, copy, n, &why);
	free(copy);
	ck_assert_msg((j == NULL) == (why != NULL), "%s", why);
	return j;
}

static const struct json *
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static const char *const valid[] = {
    "{}",
    "[]",
    " { } ",
    "\t\r\n[\n]\r\t ",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1.5",
    "1e3",
    "1E+3",
    "1.5e-3",
    "\"\"",
    "\"a\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u00e9\\u20AC\\ud83d\\ude00\"",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "\"\x7f\"",
    "[1,2,[3],{\"a\":[]}]",
    "{\"a\":1,\"A\":2,\"\":3}",
    "{\"a\" : { \"a\" : 1 } , \"b\" : { \"a\" : 1 } }",
    "[\"\\\\u0000\"]",
};

START_TEST(what_is_json)
{
	ck_assert_msg(parse(valid[_i]) != NULL, "%s: %s", valid[_i], why);
}
END_TEST

static const char *const invalid[] = {
    /* empty or incomplete */
    "",
    " ",
    "{",
    "[",
    "[1",
    "[1,",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "\"",
    "\"a",
    "\"\\",
    "\"\\\"",
    "\"\\u12",
    "-",
    "tru",
    "t",
    /* something after the value */
    "{} {}",
    "{}x",
    "{}]",
    "[]]",
    "1 2",
    "null,",
    "{}\xc2\xa0",
    /* accepted by JavaScript or Python */
    "{a:1}",
    "{'a':1}",
    "'a'",
    "[1,]",
    "{\"a\":1,}",
    "[,1]",
    "[1,,2]",
    "{,}",
    "[1 2]",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{1:2}",
    "{null:1}",
    "// comment\n{}",
    "/* comment */{}",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "True",
    "None",
    "nul",
    "nulll",
    /* numbers */
    "01",
    "-01",
    "+1",
    "1.",
    ".5",
    "1.e3",
    "1e",
    "1e+",
    "0x10",
    "1_000",
    "--1",
    "- 1",
    "1.2.3",
    /* strings */
    "\"\n\"",
    "\"\t\"",
    "\"\x01\"",
    "\"\x1f\"",
    "\"\\x41\"",
    "\"\\'\"",
    "\"\\a\"",
    "\"\\u\"",
    "\"\\u12g4\"",
    "\"\\U0041\"",
    "\"\\u0000\"",
    "{\"a\\u0000b\":1}",
    "\"\\ud800\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\n\"",
    "\"\\ud83d\\u0041\"",
    "\"\\ud83d\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ude00\\ud83d\"",
    /* bytes */
    "\xef\xbb\xbf{}",
    "\"\xff\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xc3\"",
    "{\"\xe2\x82\":1}",
    /* duplicate keys, in other spellings and at other depths */
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"b\":2,\"a\":3}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"\":1,\"\":2}",
    "[{\"a\":{\"b\":1,\"b\":2}}]",
    "{\"x\":[[],{\"a\":null,\"a\":null}]}",
};

START_TEST(what_is_not)
{
	ck_assert_msg(parse(invalid[_i]) == NULL, "%s", invalid[_i]);
}
END_TEST

START_TEST(a_nul_anywhere)
{
	ck_assert_ptr_null(parse_bytes("\0", 1));
	ck_assert_ptr_null(parse_bytes("{}\0", 3));
	ck_assert_ptr_null(parse_bytes("\0{}", 3));
	ck_assert_ptr_null(parse_bytes("{\"a\0b\":1}", 9));
	ck_assert_ptr_null(parse_bytes("[\"a\0\"]", 6));
}
END_TEST

/* Every truncated document is malformed, and nothing reads beyond its end. */
START_TEST(cut_anywhere)
{
	static const char text[] =
	    "{\"a\":[1.5e3,true,null,{\"b\":\"\\u20ac\\ud83d\\ude00\"}]}";

	ck_assert_ptr_nonnull(parse(text));
	for (size_t n = 0; n < sizeof(text) - 1; n++)
		ck_assert_msg(!parse_bytes(text, n), "%zu bytes", n);
}
END_TEST

static const struct json *
nested(int depth, const char *open, const char *close)
{
	struct buf b;
	const struct json *j;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < depth; i++)
		buf_adds(&b, open);
	buf_adds(&b, "1");
	for (int i = 0; i < depth; i++)
		buf_adds(&b, close);
	j = parse(b.data);
	buf_release(&b);
	return j;
}

START_TEST(depth)
{
	ck_assert_ptr_nonnull(nested(32, "[", "]"));
	ck_assert_ptr_null(nested(33, "[", "]"));
	ck_assert_ptr_nonnull(nested(32, "{\"a\":", "}"));
	ck_assert_ptr_null(nested(33, "{\"a\":", "}"));
	ck_assert_ptr_null(nested(100000, "[", "]"));
	ck_assert_ptr_null(nested(100000, "[", ""));
}
END_TEST

/* A hostile body: as many keys as fit. Comparing all with all would take
 * minutes. */
START_TEST(many_keys)
{
	const clock_t began = clock(); /* of this process alone */
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_addc(&b, '{');
	for (int i = 0; i < 30000; i++)
		buf_printf(&b, "%s\"%d\":0", i ? "," : "", i);
	buf_addc(&b, '}');
	ck_assert_ptr_nonnull(parse(b.data));
	b.len--;
	buf_adds(&b, ",\"7\":0}");
	ck_assert_ptr_null(parse(b.data));
	buf_release(&b);
	ck_assert_int_lt(clock() - began, 10 * CLOCKS_PER_SEC);
}
END_TEST

START_TEST(strings_are_decoded)
{
	const struct json *j =
	    parse("[\"\\u00e9\\u20AC\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\"]");

	ck_assert_str_eq(json_text(json_first(j)),
			 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80/\b\f\n\r\t\"");
}
END_TEST

static const struct {
	const char *text, *string;
} mended[] = {
    {"[\"as it is \\ud83d\\ude00\"]", "as it is \xf0\x9f\x98\x80"},
    {"[\"a\\ud800\"]", "a\xef\xbf\xbd"},
    {"[\"\\ud83d\\ud83d\\ude00\"]", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    {"[\"\\ude00\\ud83d\"]", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"[\"\\uD83Dx\\n\"]", "\xef\xbf\xbdx\n"},
    {"[\"a\\u0000b\"]", "a\xef\xbf\xbd"
			"b"},
    {"[\"\xff\\\\u0000\"]", "\xef\xbf\xbd\\u0000"},
    {"[\"\xed\xa0\x80\"]", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"[\"\xc3\"]", "\xef\xbf\xbd"},
    {"[\"\xff\", \"\\\xc3\xa9\"]", NULL},
    {"[\"\\ud800\\u12\"]", NULL},
    {"[\"\\ud800", NULL},
    {"\\", NULL},
    {"", NULL},
    {"[\"\xff\"]]", NULL},
};

START_TEST(what_is_mended)
{
	for (size_t i = 0; i < COUNT(mended); i++) {
		const struct json *j = json_parse_mended(
		    arena, mended[i].text, strlen(mended[i].text), &why);

		ck_assert_msg(!mended[i].string == !j, "row %zu", i);
		if (j)
			ck_assert_str_eq(json_text(json_first(j)),
					 mended[i].string);
		else
			ck_assert_ptr_nonnull(why);
	}
}
END_TEST

START_TEST(members)
{
	const struct json *j =
	    parse("{\"data\":{\"issue\":{\"id\":\"x\"}},\"n\":null,\"Id\":1}");

	ck_assert_str_eq(json_text(json_path(j, "data", "issue", "id", NULL)),
			 "x");
	ck_assert_ptr_null(json_path(j, "data", "gone", "id", NULL));
	ck_assert_ptr_eq(json_path(j, NULL), j);
	ck_assert_ptr_null(json_path(NULL, "a", NULL));
	ck_assert_ptr_null(json_get(j, "id"));
	ck_assert_ptr_nonnull(json_get(j, "Id"));
	ck_assert_ptr_null(json_get(NULL, "Id"));
	ck_assert_ptr_null(json_get(json_get(j, "Id"), "x"));
	ck_assert(json_is_null(json_get(j, "n")));
	ck_assert(!json_is_null(json_get(j, "absent")));
	ck_assert(!json_is_null(NULL));
}
END_TEST

START_TEST(elements)
{
	const struct json *j = parse("[10,\"a\",true,false,{},[],null]");
	const struct json *e = json_first(j);
	int n = 0;

	ck_assert(json_is_array(j) && !json_is_object(j));
	ck_assert(json_is_number(e));
	e = json_next(e);
	ck_assert(json_is_string(e) && !json_is_number(e));
	e = json_next(e);
	ck_assert(json_is_bool(e) && json_true(e));
	e = json_next(e);
	ck_assert(json_is_bool(e) && !json_true(e));
	e = json_next(e);
	ck_assert(json_is_object(e) && !json_is_array(e));
	ck_assert_ptr_null(json_first(e));
	for (e = json_first(j); e; e = json_next(e))
		n++;
	ck_assert_int_eq(n, 7);
	ck_assert_ptr_null(json_first(NULL));
	ck_assert_ptr_null(json_text(json_first(j)));
	ck_assert_ptr_null(json_text(NULL));
	ck_assert(!json_true(NULL));
}
END_TEST

static const struct {
	const char *text;
	bool whole;
	int64_t value;
} numbers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"42", true, 42},
    {"-42", true, -42},
    {"1.0", true, 1},
    {"1e3", true, 1000},
    {"9007199254740991", true, INT64_C(9007199254740991)},
    {"-9007199254740991", true, -INT64_C(9007199254740991)},
    {"9007199254740992", false, 0},
    {"18446744073709551617", false, 0},
    {"1e300", false, 0},
    {"-1e300", false, 0},
    {"1e999", false, 0},
    {"0.5", false, 0},
    {"1e-300", false, 0},
    {"\"1\"", false, 0},
    {"true", false, 0},
    {"null", false, 0},
    {"[1]", false, 0},
};

START_TEST(whole_numbers)
{
	const struct json *j = parse(numbers[_i].text);
	int64_t v = 77;

	ck_assert_ptr_nonnull(j);
	ck_assert_msg(json_int(&v, j) == numbers[_i].whole, "%s",
		      numbers[_i].text);
	ck_assert_int_eq(v, numbers[_i].whole ? numbers[_i].value : 77);
}
END_TEST

START_TEST(other_numbers)
{
	ck_assert_double_eq(json_number(parse("-1.5"), 7), -1.5);
	ck_assert_double_eq(json_number(parse("\"1\""), 7), 7);
	ck_assert_double_eq(json_number(NULL, 7), 7);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("json");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, what_is_json, 0, COUNT(valid));
	tcase_add_loop_test(t, what_is_not, 0, COUNT(invalid));
	tcase_add_test(t, a_nul_anywhere);
	tcase_add_test(t, cut_anywhere);
	tcase_add_test(t, depth);
	tcase_add_test(t, many_keys);
	tcase_add_test(t, strings_are_decoded);
	tcase_add_test(t, what_is_mended);
	tcase_add_test(t, members);
	tcase_add_test(t, elements);
	tcase_add_loop_test(t, whole_numbers, 0, COUNT(numbers));
	tcase_add_test(t, other_numbers);
	suite_add_tcase(s, t);
	return run_suite(s);
}
