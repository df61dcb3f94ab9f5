/* web/input.h: one field of a body, of each kind, with values that fit and that
 * do not. */

#include <stdio.h>

#include "unit/field_kinds.h"

/* A body's field: what is kept of it, or a piece of the complaint. */
static const struct {
	const struct field *field;
	const char *body;      /* the value of x */
	const char *s;	       /* what text it is */
	int64_t i;	       /* or what number, */
	const char *complaint; /* or what is wrong */
} bodies[] = {
    {&line, "\"ab\"", "ab", 0, NULL},
    {&line, "\"abcde\"", "abcde", 0, NULL},
    {&line, "\"  ab \"", "ab", 0, NULL},
    {&line, "\"a b\"", "a b", 0, NULL},
    {&line, "\"\\u00a0\\u2003ab\\u3000\\n\"", "ab", 0, NULL},
    {&line, "\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00a\"",
     "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
     "a",
     0, NULL},
    {&line, "\"a\"", NULL, 0, "at least 2"},
    {&line, "\"abcdef\"", NULL, 0, "no more than 5"},
    {&line, "\"\\ud83d\\ude00bcdef\"", NULL, 0, "no more than 5"},
    {&line, "\"a\\nb\"", "a b", 0, NULL},
    {&line, "\"a\\tb\"", "a b", 0, NULL},
    {&line, "\"a\\u001fb\"", "ab", 0, NULL},
    {&line, "\"a\\u007fb\"", "ab", 0, NULL},
    {&line, "\"a\\u202eb\"", "ab", 0, NULL},
    {&line, "\"\\u0007\\u0007\\u0007\\u0007ab\"", "ab", 0, NULL},
    {&line, "\"ae\\u0301e\\u0301e\\u0301e\\u0301\"",
     "a\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 0, NULL},
    {&line, "\"\\u200b\\u2060\\u00ad\\ufeff\"", NULL, 0, "blank"},
    {&line, "\"\"", NULL, 0, "blank"},
    {&line, "\" \\t\\u2009 \"", NULL, 0, "blank"},
    {&line, "null", NULL, 0, "null"},
    {&line, "12", NULL, 0, "string"},
    {&line, "true", NULL, 0, "string"},
    {&line, "[\"ab\"]", NULL, 0, "string"},
    {&line, "{}", NULL, 0, "string"},
    {&person, "7", NULL, 7, NULL},
    {&person, "\" a@b.example \"", "a@b.example", 0, NULL},
    {&person, "\"7\"", "7", 0, NULL},
    {&person, "0", NULL, 0, "id or an e-mail"},
    {&person, "-1", NULL, 0, "id or an e-mail"},
    {&person, "1.5", NULL, 0, "id or an e-mail"},
    {&person, "1e300", NULL, 0, "id or an e-mail"},
    {&person, "true", NULL, 0, "id or an e-mail"},
    {&person, "[7]", NULL, 0, "id or an e-mail"},
    {&person, "{}", NULL, 0, "id or an e-mail"},
    {&person, "\"\"", NULL, 0, "blank"},
    {&person, "\"12345678901234567\"", NULL, 0, "no more than 16"},
    {&text, "\"a\"", "a", 0, NULL},
    {&text, "\"\\n a\\nb \\n\"", "a\nb", 0, NULL},
    {&text, "\"abcdef\"", NULL, 0, "no more than 5"},
    {&text, "\"\\n\"", NULL, 0, "blank"},
    {&text, "\"a\\r\\n\\tb\"", "a\n\tb", 0, NULL},
    {&text, "\"\\u2800\\n\\u3164\"", NULL, 0, "blank"},
    {&blank, "\"\"", "", 0, NULL},
    {&blank, "\"  \"", "", 0, NULL},
    {&blank, "\"abcdef\"", NULL, 0, "no more than 5"},
    {&word, "\" a \"", " a ", 0, NULL},
    {&word, "\"a\\nb\"", "a\nb", 0, NULL},
    {&word, "\"ab\"", NULL, 0, "at least 3"},
    {&word, "\"abcdef\"", NULL, 0, "no more than 5"},
    {&word, "\"\"", NULL, 0, "blank"},
    {&number, "-3", NULL, -3, NULL},
    {&number, "10", NULL, 10, NULL},
    {&number, "0", NULL, 0, NULL},
    {&number, "5.0", NULL, 5, NULL},
    {&number, "-4", NULL, 0, "greater than or equal to -3"},
    {&number, "11", NULL, 0, "less than or equal to 10"},
    {&number, "1.5", NULL, 0, "integer"},
    {&number, "1e300", NULL, 0, "integer"},
    {&number, "99999999999999999999", NULL, 0, "integer"},
    {&number, "\"5\"", NULL, 0, "integer"},
    {&number, "true", NULL, 0, "integer"},
    {&number, "null", NULL, 0, "null"},
    {&number, "[5]", NULL, 0, "integer"},
    {&truth, "true", NULL, 1, NULL},
    {&truth, "false", NULL, 0, NULL},
    {&truth, "1", NULL, 0, "boolean"},
    {&truth, "\"true\"", NULL, 0, "boolean"},
    {&truth, "{}", NULL, 0, "boolean"},
    {&choice, "\"red\"", NULL, 1, NULL},
    {&choice, "\"verde\"", NULL, 2, NULL},
    {&choice, "\"Red\"", NULL, 0, "not a valid choice"},
    {&choice, "\" red\"", NULL, 0, "not a valid choice"},
    {&choice, "\"\"", NULL, 0, "not a valid choice"},
    {&choice, "1", NULL, 0, "string"},
    {&id, "1", NULL, 1, NULL},
    {&id, "9007199254740991", NULL, INT64_C(9007199254740991), NULL},
    {&id, "0", NULL, 0, "greater than or equal to 1"},
    {&id, "-1", NULL, 0, "greater than or equal to 1"},
    {&id, "1.5", NULL, 0, "integer"},
    {&id, "1e19", NULL, 0, "integer"},
    {&id, "\"1\"", NULL, 0, "integer"},
    {&who, "\"none\"", NULL, 0, "integer"},
    {&ids, "[]", NULL, 0, "1 to 3"},
    {&ids, "[1,2,3,4]", NULL, 0, "1 to 3"},
    {&ids, "[1,1]", NULL, 0, "only once"},
    {&ids, "[1,\"2\"]", NULL, 0, "integer"},
    {&ids, "[1,null]", NULL, 0, "integer"},
    {&ids, "[0]", NULL, 0, "integer"},
    {&ids, "[-1]", NULL, 0, "integer"},
    {&ids, "[1.5]", NULL, 0, "integer"},
    {&ids, "1", NULL, 0, "list"},
    {&ids, "{\"a\":1}", NULL, 0, "list"},
    {&ids, "\"1\"", NULL, 0, "list"},
    {&when, "\"1970-01-01T00:00:01Z\"", NULL, 1000000, NULL},
    {&when, "\"1970-01-01\"", NULL, 1, NULL},
    {&when, "\"1970-01-02\"", NULL, INT64_C(86400000000), NULL},
    {&when, "\"yesterday\"", NULL, 0, "date or time"},
    {&when, "\"\"", NULL, 0, "date or time"},
    {&when, "1", NULL, 0, "date or time"},
    {&email, "\" a.b+c@d-e.fg \"", "a.b+c@d-e.fg", 0, NULL},
    {&email, "\"e@\\u00fc.de\"", "e@xn--tda.de", 0, NULL},
    {&email, "\"\\u00e9@e.de\"", NULL, 0, "letters a to z before"},
    {&email, "\"a@b\"", NULL, 0, "valid e-mail"},
    {&email, "\"a@.de\"", NULL, 0, "valid e-mail"},
    {&email, "\"a@b.\"", NULL, 0, "valid e-mail"},
    {&email, "\"a@b..de\"", NULL, 0, "valid e-mail"},
    {&email, "\"a@.b.de\"", NULL, 0, "valid e-mail"},
    {&email, "\"@b.de\"", NULL, 0, "valid e-mail"},
    {&email, "\"a.b\"", NULL, 0, "valid e-mail"},
    {&email, "\"a b@c.de\"", NULL, 0, "valid e-mail"},
    {&email, "\"a,b@c.de\"", NULL, 0, "valid e-mail"},
    {&email, "\"<a@b.de>\"", NULL, 0, "valid e-mail"},
    {&email, "1", NULL, 0, "string"},
    {&uuid, "\" B95250DB-8430-4dbc-88f8-9fc109369df0 \"",
     "b95250db-8430-4dbc-88f8-9fc109369df0", 0, NULL},
    {&uuid, "\"b95250db\"", NULL, 0, "UUID"},
    {&uuid, "\"\"", NULL, 0, "UUID"},
    {&uuid, "7", NULL, 0, "string"},
};

START_TEST(ids_as_shown)
{
	static const char *const wrong[] = {"{\"x\":{}}",
					    "{\"x\":{\"id\":null}}",
					    "{\"x\":{\"id\":0}}",
					    "{\"x\":{\"id\":101}}",
					    "{\"x\":{\"id\":{\"id\":7}}}",
					    "{\"x\":[7]}"};

	ck_assert_int_eq(read_one(&shown_id, "{\"x\":7}", NULL), OK);
	ck_assert_int_eq(x()->i, 7);
	ck_assert_int_eq(
	    read_one(&shown_id, "{\"x\":{\"name\":\"n\",\"id\":7}}", NULL), OK);
	ck_assert_int_eq(x()->i, 7);
	ck_assert_int_eq(read_one(&shown_id, "{\"x\":null}", NULL), OK);
	ck_assert(x()->null);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(read_one(&shown_id, wrong[i], NULL),
				 ERR_INVALID);
}
END_TEST

START_TEST(in_a_body)
{
	char body[256];
	enum err e;

	snprintf(body, sizeof(body), "{\"y\":1,\"x\":%s}", bodies[_i].body);
	e = read_one(bodies[_i].field, body, "x=1");
	if (bodies[_i].complaint) {
		ck_assert_msg(e == ERR_INVALID, "%s", body);
		ck_assert_str_eq(faults.first->field, "x");
		ck_assert_msg(
		    strstr(faults.first->text, bodies[_i].complaint) != NULL,
		    "%s: %s", body, faults.first->text);
		ck_assert_ptr_null(faults.first->next);
		return;
	}
	ck_assert_msg(e == OK, "%s: %s", body,
		      faults.first ? faults.first->text : "");
	ck_assert(x()->given && !x()->null);
	ck_assert_int_eq(x()->i, bodies[_i].i);
	if (bodies[_i].s)
		ck_assert_str_eq(x()->s, bodies[_i].s);
	else
		ck_assert_ptr_null(x()->s);
}
END_TEST

START_TEST(an_empty_uuid_is_null)
{
	ck_assert_int_eq(read_one(&uuid_or_null, "{\"x\":\"\"}", NULL), OK);
	ck_assert(!x()->given && x()->null);
}
END_TEST

START_TEST(id_lists)
{
	ck_assert_int_eq(read_one(&ids, "{\"x\":[3,1,2]}", NULL), OK);
	ck_assert_uint_eq(x()->n, 3);
	ck_assert_int_eq(x()->ids[0], 3);
	ck_assert_int_eq(x()->ids[1], 1);
	ck_assert_int_eq(x()->ids[2], 2);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("field_body");
	TCase *t = tcase_create("field_body");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, in_a_body, 0, COUNT(bodies));
	tcase_add_test(t, ids_as_shown);
	tcase_add_test(t, an_empty_uuid_is_null);
	tcase_add_test(t, id_lists);
	suite_add_tcase(s, t);
	return run_suite(s);
}
