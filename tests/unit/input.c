/* web/input.h: several fields together, which ones must be there, all faults at
 * once; and percent-encoding. */

#include <signal.h>

#include "base/buf.h"
#include "unit/field_kinds.h"

START_TEST(absent_null_required)
{
	struct field f = number;

	ck_assert_int_eq(read_one(&f, "{}", NULL), OK);
	ck_assert(!x()->given && !x()->null);
	ck_assert_int_eq(read_one(&f, NULL, NULL), OK);
	ck_assert(!x()->given && !x()->null);

	f.flags = F_NULL;
	ck_assert_int_eq(read_one(&f, "{\"x\":null}", NULL), OK);
	ck_assert(!x()->given && x()->null);

	f.flags = F_REQUIRED;
	ck_assert_int_eq(read_one(&f, "{\"X\":1}", NULL), ERR_INVALID);
	ck_assert_str_eq(faults.first->text, "This field is required.");
	ck_assert_int_eq(read_one(&f, NULL, NULL), ERR_INVALID);

	f.flags = F_REQUIRED | F_QUERY;
	ck_assert_int_eq(read_one(&f, NULL, "y=1"), ERR_INVALID);
}
END_TEST

/* A text that is typed twice. */
START_TEST(the_same_again)
{
	static const struct field two[] = {
	    {"a", FIELD_VERBATIM, F_REQUIRED, 3, 9, NULL},
	    {"b", FIELD_VERBATIM, F_SAME, 1, 9, NULL},
	    FIELDS_END};
	static const struct {
		const char *body;
		enum err wanted;
	} rows[] = {{"{\"a\":\"abc\",\"b\":\"abc\"}", OK},
		    {"{\"a\":\"abc\"}", OK},
		    {"{\"a\":\"abc\",\"b\":\"abd\"}", ERR_INVALID},
		    {"{\"a\":\"abc\",\"b\":\"ABC\"}", ERR_INVALID},
		    {"{\"a\":\"abc\",\"b\":\" abc\"}", ERR_INVALID},
		    {"{\"a\":\"abc\",\"b\":\"\"}", ERR_INVALID},
		    {"{\"a\":\"abc\",\"b\":null}", ERR_INVALID}};
	const char *why;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *body = rows[i].body;
		const struct json *j =
		    json_parse(arena, body, strlen(body), &why);

		faults_init(&faults, arena);
		ck_assert_int_eq(
		    input_read(&input, arena, two, j, NULL, &faults),
		    rows[i].wanted);
		if (rows[i].wanted)
			ck_assert_str_eq(faults.first->field, "b");
	}
}
END_TEST

START_TEST(every_fault_at_once)
{
	static const struct field three[] = {
	    {"a", FIELD_LINE, F_REQUIRED, 1, 5, NULL},
	    {"b", FIELD_INT, 0, 1, 5, NULL},
	    {"c", FIELD_BOOL, F_QUERY, 0, 0, NULL},
	    {"d", FIELD_BOOL, 0, 0, 0, NULL},
	    FIELDS_END};
	static const char body[] = "{\"b\":9,\"d\":true,\"unknown\":{}}";
	const char *why, *named = "abc";
	const struct json *j = json_parse(arena, body, strlen(body), &why);

	ck_assert_int_eq(
	    input_read(&input, arena, three, j, "c=maybe&e=1", &faults),
	    ERR_INVALID);
	for (const struct fault *f = faults.first; f; f = f->next) {
		ck_assert_int_eq(f->field[0], *named);
		named++;
	}
	ck_assert_str_eq(named, "");
	ck_assert_int_eq(input_get(&input, "d")->i, 1);
}
END_TEST

START_TEST(an_undeclared_name_aborts)
{
	ck_assert_int_eq(read_one(&number, "{\"y\":1}", NULL), OK);
	drop_stderr();
	(void)input_get(&input, "y");
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(enum_name_text(colours, 1), "red");
	ck_assert_str_eq(enum_name_text(colours, 2), "green");
	ck_assert_ptr_null(enum_name_text(colours, 3));
}
END_TEST

START_TEST(percent_coding)
{
	static const char odd[] = "a b&c=d?e#f%g+h/\"\\<>\x01\xc3\xa9"
				  "\xf0\x9f\x98\x80~-._";
	char *encoded = percent_encode(arena, odd);

	ck_assert_str_eq(encoded,
			 "a%20b%26c%3Dd%3Fe%23f%25g%2Bh%2F%22%5C%3C%3E%01"
			 "%C3%A9%F0%9F%98%80~-._");
	ck_assert_str_eq(percent_decode(arena, encoded, strlen(encoded)), odd);
	ck_assert_str_eq(percent_decode(arena, "", 0), "");
	ck_assert_str_eq(percent_encode(arena, ""), "");
	/* no more of it than n bytes */
	ck_assert_str_eq(percent_decode(arena, "ab%41", 2), "ab");
	ck_assert_ptr_null(percent_decode(arena, "ab%41", 4));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("input");
	TCase *t = tcase_create("input");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, absent_null_required);
	tcase_add_test(t, the_same_again);
	tcase_add_test(t, every_fault_at_once);
	tcase_add_test_raise_signal(t, an_undeclared_name_aborts, SIGABRT);
	tcase_add_test(t, words);
	tcase_add_test(t, percent_coding);
	suite_add_tcase(s, t);
	return run_suite(s);
}
