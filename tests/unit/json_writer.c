#include "base/json_writer.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "unit/runner.h"

static struct buf out;
static struct jsonout json;

static void
set_up(void)
{
	buf_init(&out, 1 << 20);
	json_begin(&json, &out);
}

static void
tear_down(void)
{
	buf_release(&out);
}

START_TEST(every_kind_of_value)
{
	json_object(&json, NULL);
	json_string(&json, "s", "text");
	json_string(&json, "none", NULL);
	json_bytes(&json, "b", "cut here", 3);
	json_integer(&json, "i", -42);
	json_bool(&json, "t", true);
	json_bool(&json, "f", false);
	json_null(&json, "n");
	json_id(&json, "id", 7);
	json_id(&json, "no_id", 0);
	json_raw(&json, "r", "{\"x\":1}", 7);
	json_end(&json);
	ck_assert_str_eq(out.data,
			 "{\"s\":\"text\",\"none\":null,\"b\":\"cut\","
			 "\"i\":-42,\"t\":true,\"f\":false,\"n\":null,"
			 "\"id\":7,\"no_id\":null,\"r\":{\"x\":1}}");
}
END_TEST

START_TEST(nesting_and_commas)
{
	json_array(&json, NULL);
	json_object(&json, NULL);
	json_end(&json);
	json_array(&json, NULL);
	json_integer(&json, NULL, 1);
	json_integer(&json, NULL, 2);
	json_array(&json, NULL);
	json_end(&json);
	json_integer(&json, NULL, 3);
	json_end(&json);
	json_object(&json, NULL);
	json_object(&json, "a");
	json_end(&json);
	json_array(&json, "b");
	json_end(&json);
	json_null(&json, "c");
	json_end(&json);
	json_end(&json);
	ck_assert_str_eq(out.data,
			 "[{},[1,2,[],3],{\"a\":{},\"b\":[],\"c\":null}]");
	ck_assert_int_eq(json.depth, 0);
}
END_TEST

START_TEST(integers)
{
	json_array(&json, NULL);
	json_integer(&json, NULL, 0);
	json_integer(&json, NULL, INT64_MAX);
	json_integer(&json, NULL, INT64_MIN);
	json_end(&json);
	ck_assert_str_eq(out.data, "[0,9223372036854775807,"
				   "-9223372036854775808]");
}
END_TEST

START_TEST(escapes)
{
	json_object(&json, NULL);
	json_string(&json, "ab", "\" \\ / \n \r \t \b \f \x01 \x1f \x7f <b>");
	json_end(&json);
	ck_assert_str_eq(out.data,
			 "{\"ab\":\"\\\" \\\\ / \\n \\r \\t \\u0008 "
			 "\\u000c \\u0001 \\u001f \\u007f \\u003cb>\"}");
}
END_TEST

/* What is written is read back the same, for every character below 256 and
 * some beyond. */
START_TEST(round_trip)
{
	struct arena *a = arena_new();
	char text[600];
	const char *why;
	const struct json *j;
	size_t n = 0;

	for (unsigned c = 1; c < 0x80; c++)
		text[n++] = (char)c;
	for (unsigned c = 0x80; c < 0x100; c++) {
		text[n++] = (char)(0xc0 | c >> 6);
		text[n++] = (char)(0x80 | (c & 0x3f));
	}
	memcpy(text + n, "\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8", 11);
	json_array(&json, NULL);
	json_string(&json, NULL, text);
	json_end(&json);
	j = json_parse(a, out.data, out.len, &why);
	ck_assert_msg(j != NULL, "%s", why);
	ck_assert_str_eq(json_text(json_first(j)), text);
	arena_free(a);
}
END_TEST

START_TEST(as_deep_as_it_goes)
{
	for (size_t i = 0; i < sizeof(json.closers); i++)
		json_array(&json, NULL);
	while (json.depth > 0)
		json_end(&json);
	ck_assert_uint_eq(out.len, 2 * sizeof(json.closers));
}
END_TEST

START_TEST(deeper_aborts)
{
	drop_stderr();
	for (size_t i = 0; i <= sizeof(json.closers); i++)
		json_array(&json, NULL);
}
END_TEST

START_TEST(one_end_too_many_aborts)
{
	drop_stderr();
	json_end(&json);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("jsonout");
	TCase *t = tcase_create("jsonout");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, every_kind_of_value);
	tcase_add_test(t, nesting_and_commas);
	tcase_add_test(t, integers);
	tcase_add_test(t, escapes);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, as_deep_as_it_goes);
	tcase_add_test_raise_signal(t, deeper_aborts, SIGABRT);
	tcase_add_test_raise_signal(t, one_end_too_many_aborts, SIGABRT);
	suite_add_tcase(s, t);
	return run_suite(s);
}
