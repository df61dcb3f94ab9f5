#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#include "unit/runner.h"

static const struct {
	usec_t t;
	const char *iso;
	int year;
} known[] = {
    {0, "1970-01-01T00:00:00.000000Z", 1970},
    {1, "1970-01-01T00:00:00.000001Z", 1970},
    {-1, "1969-12-31T23:59:59.999999Z", 1969},
    {INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z", 2000},
    {INT64_C(1795328652622645), "2026-11-22T06:24:12.622645Z", 2026},
    {INT64_C(4102444799999999), "2099-12-31T23:59:59.999999Z", 2099},
    {INT64_C(-62135596800000000), "0001-01-01T00:00:00.000000Z", 1},
    {INT64_C(-62135596799999999), "0001-01-01T00:00:00.000001Z", 1},
    {INT64_C(-59011459200000000), "0100-01-01T00:00:00.000000Z", 100},
    {INT64_C(-30610224000000001), "0999-12-31T23:59:59.999999Z", 999},
    {INT64_C(-30610224000000000), "1000-01-01T00:00:00.000000Z", 1000},
    {INT64_C(253402300799999999), "9999-12-31T23:59:59.999999Z", 9999},
};

START_TEST(prints_and_reads_back)
{
	char text[CLOCK_TEXT], sql[CLOCK_TEXT], expected[CLOCK_TEXT];
	usec_t t;

	for (size_t i = 0; i < COUNT(known); i++) {
		ck_assert_str_eq(clock_iso(text, known[i].t), known[i].iso);
		ck_assert(clock_parse(&t, text));
		ck_assert_int_eq(t, known[i].t);
		memcpy(expected, known[i].iso, 27);
		expected[10] = ' ';
		expected[26] = '\0';
		ck_assert_str_eq(clock_sql(sql, known[i].t), expected);
		ck_assert(clock_parse(&t, sql));
		ck_assert_int_eq(t, known[i].t);
		ck_assert_int_eq(clock_year(known[i].t), known[i].year);
	}
}
END_TEST

/* The first and the last moment of each year that the database can store. */
START_TEST(every_year_is_read_back)
{
	char text[2 * CLOCK_TEXT], out[CLOCK_TEXT];
	usec_t t;

	for (int year = 1; year <= 9999; year++) {
		snprintf(text, sizeof(text), "%04d-01-01T00:00:00.000000Z",
			 year);
		for (int k = 0; k < 2; k++) {
			ck_assert_msg(clock_parse(&t, text), "%s", text);
			ck_assert_int_eq(clock_year(t), year);
			ck_assert_str_eq(clock_iso(out, t), text);
			ck_assert(clock_parse(&t, clock_sql(out, t)));
			ck_assert_str_eq(clock_iso(out, t), text);
			snprintf(text, sizeof(text),
				 "%04d-12-31T23:59:59.999999Z", year);
		}
	}
}
END_TEST

START_TEST(prints_as_mails_do)
{
	char text[CLOCK_TEXT];

	ck_assert_str_eq(clock_mail(text, 0), "Thu, 1 Jan 1970 00:00:00 +0000");
	ck_assert_str_eq(clock_mail(text, INT64_C(1795328652622645)),
			 "Sun, 22 Nov 2026 06:24:12 +0000");
}
END_TEST

/* Expected in UTC, to the microsecond. */
static const char *const same[][2] = {
    {"2026-11-22", "2026-11-22T00:00:00.000000Z"},
    {"2026-11-22T06:24", "2026-11-22T06:24:00.000000Z"},
    {"2026-11-22 06:24", "2026-11-22T06:24:00.000000Z"},
    {"2026-11-22T06:24Z", "2026-11-22T06:24:00.000000Z"},
    {"2026-11-22T06:24:12", "2026-11-22T06:24:12.000000Z"},
    {"2026-11-22T06:24:12.6", "2026-11-22T06:24:12.600000Z"},
    {"2026-11-22T06:24:12.622645", "2026-11-22T06:24:12.622645Z"},
    {"2026-11-22T06:24:12.6226459Z", "2026-11-22T06:24:12.622645Z"},
    {"2026-11-22T06:24:12+02:00", "2026-11-22T04:24:12.000000Z"},
    {"2026-11-22T23:24:12-05:30", "2026-11-23T04:54:12.000000Z"},
    {"2024-02-29", "2024-02-29T00:00:00.000000Z"},
    {"2000-02-29", "2000-02-29T00:00:00.000000Z"},
};

START_TEST(reads_what_people_write)
{
	char text[CLOCK_TEXT];
	usec_t t;

	for (size_t i = 0; i < COUNT(same); i++) {
		ck_assert_msg(clock_parse(&t, same[i][0]), "%s", same[i][0]);
		ck_assert_str_eq(clock_iso(text, t), same[i][1]);
	}
}
END_TEST

static const char *const wrong[] = {
    "",
    " ",
    "now",
    "2026",
    "2026-11",
    "2026-11-",
    "2026-1-2",
    "26-11-22",
    "0000-01-01",
    "2026-00-01",
    "2026-13-01",
    "2026-11-00",
    "2026-11-31",
    "2026-02-29",
    "2100-02-29",
    "2026-11-22T",
    "2026-11-22 ",
    "2026-11-22Z",
    "2026-11-22X06:24",
    "2026-11-22T6:24",
    "2026-11-22T24:00",
    "2026-11-22T06:60",
    "2026-11-22T06:24:60",
    "2026-11-22T06:24:",
    "2026-11-22T06:24:12.",
    "2026-11-22T06:24:12.x",
    "2026-11-22T06:24:12ZZ",
    "2026-11-22T06:24:12 Z",
    "2026-11-22T06:24:12+2",
    "2026-11-22T06:24:12+15:00",
    "2026-11-22T06:24:12+02:60",
    "2026-11-22T06:24:12+02",
    " 2026-11-22",
    "-2026-11-22",
    "+026-11-22",
    "2026-11-22T06:24:12 or 1=1",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59.999999-00:01",
};

START_TEST(refuses_what_is_no_time)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		usec_t t = 42;

		ck_assert_msg(!clock_parse(&t, wrong[i]), "%s", wrong[i]);
		ck_assert_int_eq(t, 42);
	}
}
END_TEST

START_TEST(clocks_go_on)
{
	usec_t t = clock_now(), m = clock_monotonic();

	ck_assert_int_gt(t, INT64_C(1700000000000000));
	ck_assert_int_ge(clock_monotonic(), m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("clock");

	ADD_TESTS(s, "clock", prints_and_reads_back, every_year_is_read_back,
		  prints_as_mails_do, reads_what_people_write,
		  refuses_what_is_no_time, clocks_go_on);
	return run_suite(s);
}
