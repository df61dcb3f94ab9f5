/* db/db.h on a real server: values are stored and read unchanged, and
 * statements that do not fit the schema, or whose values do not fit, are
 * refused. */

#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "database.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/fixture.h"
#include "unit/runner.h"

/* The statements of these tests; each is prepared on first use. */
enum {
	ECHO_ALL,
	ECHO_TEXT,
	ECHO_TIME,
	NOTHING,
	MANY,
	CHANGE,
	READ,
	LONGER,
	BROKEN,
	STATEMENTS
};

static struct stmt sql[STATEMENTS] = {
    [ECHO_ALL] = {"SELECT CAST(? AS SIGNED), ?, CAST(? AS DATETIME(6)), ?", 0,
		  0},
    [ECHO_TEXT] = {"SELECT ?, LENGTH(?)", 0, 0},
    [ECHO_TIME] = {"SELECT CAST(CAST(? AS DATETIME(6)) AS CHAR)", 0, 0},
    [NOTHING] = {"SELECT 1 FROM DUAL WHERE 1 = 0", 0, 0},
    [MANY] = {"SELECT seq, CONCAT('row ', seq) FROM seq_1_to_1000", 0, 0},
    [CHANGE] = {"UPDATE organization SET name = ? WHERE slug = ?", 0, 0},
    [READ] = {"SELECT name FROM organization WHERE slug = ?", 0, 0},
    [LONGER] = {"UPDATE organization SET slug = REPEAT('x', 81) "
		"WHERE slug = ?",
		0, 0},
    [BROKEN] = {"SELECT nonsense FROM nowhere", 0, 0},
};

START_TEST(values_come_back)
{
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
	const usec_t t = INT64_C(1795328652622645);
	struct rows r;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		ck_assert_int_eq(
		    db_one(&r, scratch_db, &sql[ECHO_ALL],
			   ARGS(arg_int(numbers[i]), arg_text("text"),
				arg_time(t), arg_id(0))),
		    OK);
		ck_assert_int_eq(col_int(&r), numbers[i]);
		ck_assert_str_eq(col_text(&r), "text");
		ck_assert_str_eq(col_text(&r), "2026-11-22T06:24:12.622645Z");
		ck_assert_ptr_null(col_text(&r));
	}
	ck_assert_uint_eq(db_statements(scratch_db), COUNT(numbers));
	ck_assert_str_eq(db_error(scratch_db), "");
}
END_TEST

START_TEST(texts_come_back)
{
	static char large[1 << 20];
	const char *const texts[] = {"",
				     "'",
				     "\"",
				     "\\",
				     "'; DROP TABLE issue; -- ",
				     "%_?",
				     "\xf0\x9f\x98\x80 \xc3\xa9\n\r\t",
				     large};
	struct rows r;
	size_t n;

	memset(large, 'x', sizeof(large) - 1);
	for (size_t i = 0; i < COUNT(texts); i++) {
		ck_assert_int_eq(
		    db_one(&r, scratch_db, &sql[ECHO_TEXT],
			   ARGS(arg_text(texts[i]), arg_text(texts[i]))),
		    OK);
		ck_assert_str_eq(col_text(&r), texts[i]);
		ck_assert_int_eq(col_int(&r), (int64_t)strlen(texts[i]));
	}
	ck_assert_int_eq(
	    db_one(&r, scratch_db, &sql[ECHO_TEXT],
		   ARGS(arg_bytes("a\0b", 3), arg_bytes("a\0b", 3))),
	    OK);
	ck_assert_mem_eq(col_bytes(&r, &n), "a\0b", 3);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(db_one(&r, scratch_db, &sql[ECHO_TEXT],
				ARGS(arg_text(NULL), arg_bytes(NULL, 5))),
			 OK);
	ck_assert_ptr_null(col_text(&r));
	ck_assert_int_eq(col_int(&r), 0);
}
END_TEST

START_TEST(times_come_back)
{
	static const char *const times[] = {
	    "1970-01-01 00:00:00.000001", "1969-12-31 23:59:59.500000",
	    "1969-12-31 23:59:59.000000", "2000-02-29 12:00:00.999999",
	    "9999-12-31 23:59:59.999999"};
	struct rows r;
	usec_t t;

	for (size_t i = 0; i < COUNT(times); i++) {
		ck_assert(clock_parse(&t, times[i]));
		ck_assert_int_eq(
		    db_one(&r, scratch_db, &sql[ECHO_TIME], ARGS(arg_time(t))),
		    OK);
		ck_assert_str_eq(col_text(&r), times[i]);
	}
}
END_TEST

START_TEST(no_rows_and_many)
{
	struct rows r;
	int64_t n = 0;

	ck_assert_int_eq(db_query(&r, scratch_db, &sql[NOTHING], NO_ARGS), OK);
	ck_assert(!rows_next(&r));
	ck_assert_int_eq(db_one(&r, scratch_db, &sql[NOTHING], NO_ARGS),
			 ERR_NOTFOUND);
	ck_assert_int_eq(db_query(&r, scratch_db, &sql[MANY], NO_ARGS), OK);
	while (rows_next(&r)) {
		n++;
		ck_assert_int_eq(col_int(&r), n);
		ck_assert_str_eq(col_text(&r), text("row %lld", (long long)n));
	}
	ck_assert_int_eq(n, 1000);
}
END_TEST

START_TEST(one_argument_too_few_aborts)
{
	struct rows r;

	drop_stderr();
	(void)!db_query(&r, scratch_db, &sql[ECHO_TEXT], ARGS(arg_int(1)));
}
END_TEST

START_TEST(changes)
{
	const char *slug = unique("slug");

	ck_assert_int_eq(insert_organization(slug), OK);
	ck_assert_int_gt(db_insert_id(scratch_db), 0);
	ck_assert_int_eq(db_affected(scratch_db), 1);
	ck_assert_int_eq(insert_organization(slug), ERR_CONFLICT);
	ck_assert_str_ne(db_error(scratch_db), "");
	ck_assert_int_eq(db_run(scratch_db, &sql[CHANGE],
				ARGS(arg_text("other"), arg_text(slug))),
			 OK);
	ck_assert_int_eq(db_affected(scratch_db), 1);
	ck_assert_int_eq(db_run(scratch_db, &sql[CHANGE],
				ARGS(arg_text("other"), arg_text("none"))),
			 OK);
	ck_assert_int_eq(db_affected(scratch_db), 0);
	/* nothing is truncated silently */
	ck_assert_int_eq(db_run(scratch_db, &sql[LONGER], ARGS(arg_text(slug))),
			 ERR_VALUE);
}
END_TEST

START_TEST(statements_are_checked)
{
	ck_assert_int_eq(db_check(scratch_db, &sql[READ]), OK);
	ck_assert_int_eq(db_check(scratch_db, &sql[BROKEN]), ERR_DB);
	ck_assert_ptr_nonnull(strstr(db_error(scratch_db), "nowhere"));
}
END_TEST

Suite *
database_values_suite(void)
{
	Suite *s = suite_create("database_values");
	TCase *t = tcase_create("database_values");

	tcase_add_checked_fixture(t, database_set_up, database_tear_down);
	tcase_add_test(t, values_come_back);
	tcase_add_test(t, texts_come_back);
	tcase_add_test(t, times_come_back);
	tcase_add_test(t, no_rows_and_many);
	tcase_add_test_raise_signal(t, one_argument_too_few_aborts, SIGABRT);
	tcase_add_test(t, changes);
	tcase_add_test(t, statements_are_checked);
	suite_add_tcase(s, t);
	return s;
}
