#include "base/enum_name.h"
#include "web/input.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "unit/runner.h"

static struct arena *arena;
static struct faults faults;
static struct input input;

static void
set_up(void)
{
	arena = arena_new();
	faults_init(&faults, arena);
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* Reads one field "x" of that kind from a body and a query. */
static enum err
read_one(const struct field *kind, const char *body, const char *query)
{
	struct field *fields = arena_alloc(arena, 2 * sizeof(*fields));
	const char *why = NULL;
	const struct json *j = NULL;

	fields[0] = *kind;
	fields[0].name = "x";
	if (body)
		j = json_parse(arena, body, strlen(body), &why);
	ck_assert_msg(!why, "%s: %s", body, why);
	faults_init(&faults, arena);
	return input_read(&input, arena, fields, j, query, &faults);
}

static const struct value *
x(void)
{
	return input_get(&input, "x");
}

static const struct enum_name colours[] = {
    {"red", 1}, {"green", 2}, {"verde", 2}, {NULL, 0}};
static const struct enum_name none_or_me[] = {
    {"none", -1}, {"me", -2}, {NULL, 0}};

static const struct field line = {NULL, FIELD_LINE, 0, 2, 5, NULL};
static const struct field text = {NULL, FIELD_TEXT, 0, 0, 5, NULL};
static const struct field blank = {NULL, FIELD_TEXT, F_BLANK, 0, 5, NULL};
static const struct field word = {NULL, FIELD_VERBATIM, 0, 3, 5, NULL};
static const struct field number = {NULL, FIELD_INT, 0, -3, 10, NULL};
static const struct field truth = {NULL, FIELD_BOOL, 0, 0, 0, NULL};
static const struct field choice = {NULL, FIELD_CHOICE, 0, 0, 0, colours};
static const struct field id = {NULL, FIELD_ID, 0, 1, INT64_MAX, NULL};
static const struct field who = {NULL, FIELD_ID, 0, 1, INT64_MAX, none_or_me};
static const struct field ids = {NULL, FIELD_IDS, 0, 1, 3, NULL};
static const struct field when = {NULL, FIELD_TIME, 0, 0, 0, NULL};
static const struct field email = {NULL, FIELD_EMAIL, 0, 1, 16, NULL};
static const struct field uuid = {NULL, FIELD_UUID, 0, 0, 0, NULL};
static const struct field shown_id = {NULL, FIELD_ID, F_NULL | F_OBJECT,
				      1,    100,      NULL};
static const struct field person = {NULL, FIELD_PERSON, 0, 1, 16, NULL};
static const struct field uuid_or_null = {NULL, FIELD_UUID, F_NULL, 0, 0, NULL};

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

START_TEST(an_empty_uuid_is_null)
{
	ck_assert_int_eq(read_one(&uuid_or_null, "{\"x\":\"\"}", NULL), OK);
	ck_assert(!x()->given && x()->null);
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

START_TEST(id_lists)
{
	ck_assert_int_eq(read_one(&ids, "{\"x\":[3,1,2]}", NULL), OK);
	ck_assert_uint_eq(x()->n, 3);
	ck_assert_int_eq(x()->ids[0], 3);
	ck_assert_int_eq(x()->ids[1], 1);
	ck_assert_int_eq(x()->ids[2], 2);
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
	Suite *s = suite_create("field");
	TCase *t = tcase_create("field");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, in_a_body, 0, COUNT(bodies));
	tcase_add_loop_test(t, in_a_query, 0, COUNT(queries));
	tcase_add_test(t, ids_as_shown);
	tcase_add_test(t, an_empty_filter_is_none);
	tcase_add_test(t, a_text_filter_that_shows_nothing_is_none);
	tcase_add_test(t, a_blank_filter_is_none);
	tcase_add_test(t, a_blank_query_field_may_be_given);
	tcase_add_test(t, absent_null_required);
	tcase_add_test(t, an_empty_uuid_is_null);
	tcase_add_test(t, the_same_again);
	tcase_add_test(t, id_lists);
	tcase_add_test(t, every_fault_at_once);
	tcase_add_test_raise_signal(t, an_undeclared_name_aborts, SIGABRT);
	tcase_add_test(t, words);
	tcase_add_test(t, percent_coding);
	suite_add_tcase(s, t);
	return run_suite(s);
}
