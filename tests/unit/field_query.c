/* web/input.h: one field of a query, of each kind, with values that fit and
 * that do not; and which ones count as absent. */

#include "unit/field_kinds.h"

/* A query's field; "" for absent. */
static const struct {
	const struct field *field;
	const char *query;
	const char *s;
	int64_t i;
	const char *complaint;
} queries[] = {
    {&line, "x=ab", "ab", 0, NULL},
    {&line, "x=a+b", "a b", 0, NULL},
    {&line, "x=a%20b", "a b", 0, NULL},
    {&line, "x=%c3%A9%F0%9f%98%80", "\xc3\xa9\xf0\x9f\x98\x80", 0, NULL},
    {&line, "x=a%26b", "a&b", 0, NULL},
    {&line, "x=a=b", "a=b", 0, NULL},
    {&line, "y=1&x=ab&z=2", "ab", 0, NULL},
    {&line, "x=one&x=two", "two", 0, NULL},
    {&line, "xx=1&ax=2&x=ab", "ab", 0, NULL},
    {&line, "&&x=ab&", "ab", 0, NULL},
    {&line, "x=a%0ab", "a b", 0, NULL},
    {&line, "x=abcdef", NULL, 0, "no more than 5"},
    {&line, "x=%", NULL, 0, "percent"},
    {&line, "x=%4", NULL, 0, "percent"},
    {&line, "x=%zz", NULL, 0, "percent"},
    {&line, "x=%4&y=1", NULL, 0, "percent"},
    {&line, "x=%00", NULL, 0, "percent"},
    {&line, "x=%ff", NULL, 0, "percent"},
    {&line, "x=%ed%a0%80", NULL, 0, "percent"},
    {&line, "x=%c3", NULL, 0, "percent"},
    {&number, "x=-3", NULL, -3, NULL},
    {&number, "x=10", NULL, 10, NULL},
    {&number, "x=-4", NULL, 0, "greater"},
    {&number, "x=11", NULL, 0, "less"},
    {&number, "x=1.5", NULL, 0, "integer"},
    {&number, "x=1e1", NULL, 0, "integer"},
    {&number, "x=+1", NULL, 0, "integer"},
    {&number, "x=0x1", NULL, 0, "integer"},
    {&number, "x=five", NULL, 0, "integer"},
    {&number, "x=1%202", NULL, 0, "integer"},
    {&number, "x=99999999999999999999", NULL, 0, "integer"},
    {&truth, "x=true", NULL, 1, NULL},
    {&truth, "x=True", NULL, 1, NULL},
    {&truth, "x=1", NULL, 1, NULL},
    {&truth, "x=false", NULL, 0, NULL},
    {&truth, "x=False", NULL, 0, NULL},
    {&truth, "x=0", NULL, 0, NULL},
    {&truth, "x=yes", NULL, 0, "boolean"},
    {&choice, "x=green", NULL, 2, NULL},
    {&choice, "x=verde", NULL, 2, NULL},
    {&choice, "x=blue", NULL, 0, "\"blue\""},
    {&choice, "x=red,green", NULL, 0, "not a valid choice"},
    {&id, "x=7", NULL, 7, NULL},
    {&id, "x=0", NULL, 0, "greater"},
    {&id, "x=none", NULL, 0, "integer"},
    {&who, "x=none", NULL, -1, NULL},
    {&who, "x=me", NULL, -2, NULL},
    {&who, "x=7", NULL, 7, NULL},
    {&who, "x=-1", NULL, 0, "greater"},
    {&who, "x=you", NULL, 0, "integer"},
    {&ids, "x=1", NULL, 0, "query"},
    {&when, "x=1970-01-01T00:00:01Z", NULL, 1000000, NULL},
    {&when, "x=1970-01-01T01:00:01%2B01:00", NULL, 1000000, NULL},
    {&when, "x=soon", NULL, 0, "date or time"},
    {&uuid, "x=B95250DB-8430-4dbc-88f8-9fc109369df0",
     "b95250db-8430-4dbc-88f8-9fc109369df0", 0, NULL},
    {&uuid, "x=1", NULL, 0, "UUID"},
};

START_TEST(in_a_query)
{
	struct field f = *queries[_i].field;
	enum err e;

	f.flags |= F_QUERY;
	e = read_one(&f, "{\"x\":1}", queries[_i].query);
	if (queries[_i].complaint) {
		ck_assert_msg(e == ERR_INVALID, "%s", queries[_i].query);
		ck_assert_msg(
		    strstr(faults.first->text, queries[_i].complaint) != NULL,
		    "%s: %s", queries[_i].query, faults.first->text);
		return;
	}
	ck_assert_msg(e == OK, "%s: %s", queries[_i].query,
		      faults.first ? faults.first->text : "");
	ck_assert(x()->given);
	ck_assert_int_eq(x()->i, queries[_i].i);
	if (queries[_i].s)
		ck_assert_str_eq(x()->s, queries[_i].s);
}
END_TEST

START_TEST(an_empty_filter_is_none)
{
	static const struct field *const all[] = {
	    &line, &number, &truth, &choice, &who, &when, &uuid};

	for (size_t i = 0; i < COUNT(all); i++) {
		struct field f = *all[i];

		f.flags |= F_QUERY;
		ck_assert_int_eq(read_one(&f, NULL, "x="), OK);
		ck_assert(!x()->given);
		ck_assert_int_eq(read_one(&f, NULL, "x"), OK);
		ck_assert(!x()->given);
		ck_assert_int_eq(read_one(&f, NULL, ""), OK);
		ck_assert(!x()->given);
		ck_assert_int_eq(read_one(&f, NULL, NULL), OK);
		ck_assert(!x()->given);
	}
}
END_TEST

START_TEST(a_text_filter_that_shows_nothing_is_none)
{
	struct field f = line;

	f.flags |= F_QUERY;
	ck_assert_int_eq(read_one(&f, NULL, "x=%20%e2%80%8b"), OK);
	ck_assert(!x()->given);
	f.flags |= F_REQUIRED;
	ck_assert_int_eq(read_one(&f, NULL, "x=%20"), ERR_INVALID);
}
END_TEST

/* A text of white space alone is none, either; other fields do not take it. */
START_TEST(a_blank_filter_is_none)
{
	static const char *const blanks[] = {
	    "x=+",	"x=%20%20", "x=%09",
	    "x=%0d%0a", "x=%c2%a0", "x=%e3%80%80%20%e2%80%a8"};

	for (size_t i = 0; i < COUNT(blanks); i++) {
		struct field f = line;

		f.flags |= F_QUERY;
		ck_assert_int_eq(read_one(&f, NULL, blanks[i]), OK);
		ck_assert(!x()->given);
		f = choice;
		f.flags |= F_QUERY;
		ck_assert_int_eq(read_one(&f, NULL, blanks[i]), ERR_INVALID);
	}
}
END_TEST

START_TEST(a_blank_query_field_may_be_given)
{
	struct field f = blank;

	f.flags |= F_QUERY;
	ck_assert_int_eq(read_one(&f, NULL, "x="), OK);
	ck_assert(x()->given);
	ck_assert_str_eq(x()->s, "");
	ck_assert_int_eq(read_one(&f, NULL, "y=1"), OK);
	ck_assert(!x()->given);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("field_query");
	TCase *t = tcase_create("field_query");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, in_a_query, 0, COUNT(queries));
	tcase_add_test(t, an_empty_filter_is_none);
	tcase_add_test(t, a_text_filter_that_shows_nothing_is_none);
	tcase_add_test(t, a_blank_filter_is_none);
	tcase_add_test(t, a_blank_query_field_may_be_given);
	suite_add_tcase(s, t);
	return run_suite(s);
}
