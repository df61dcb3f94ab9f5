#include "base/time_zone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit/runner.h"

static usec_t
at(const char *text)
{
	usec_t t;

	ck_assert_msg(clock_parse(&t, text), "%s", text);
	return t;
}

START_TEST(known_names)
{
	static const char *const good[] = {"UTC",
					   "Europe/Berlin",
					   "America/Argentina/Ushuaia",
					   "Etc/GMT+12",
					   "Asia/Kathmandu",
					   "America/Port-au-Prince",
					   "America/New_York"};
	static const char *const bad[] = {"",
					  "Europe",
					  "Europe/",
					  "Europe/Atlantis",
					  "europe/berlin",
					  "right/UTC",
					  "posix/UTC",
					  "posixrules",
					  "../../../etc/passwd",
					  "/usr/share/zoneinfo/UTC",
					  "Europe/../UTC",
					  "Europe//Berlin",
					  "CET-1CEST",
					  "zone.tab",
					  "Europe/Berlin "};
	char longest[3 * TIME_ZONE_MAX] = "Europe/Berlin";

	for (size_t i = 0; i < COUNT(good); i++)
		ck_assert_msg(time_zone_is_known(good[i]), "%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!time_zone_is_known(bad[i]), "%s", bad[i]);
	memset(longest + strlen(longest), 'n', sizeof(longest) - 14);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert(!time_zone_is_known(longest));
}
END_TEST

#define CHANGES_MAX 6

static const struct {
	const char *zone, *from, *to;
	int64_t first; /* the offset at first, in seconds */
	struct {
		const char *at; /* NULL: no more */
		int64_t offset;
	} changes[CHANGES_MAX];
} known[] = {
    {"UTC", "2026-01-01", "2027-01-01", 0, {{NULL, 0}}},
    {"Nowhere/Land", "2026-01-01", "2027-01-01", 0, {{NULL, 0}}},
    {"Asia/Kathmandu", "2026-01-01", "2027-01-01", 20700, {{NULL, 0}}},
    {"Europe/Berlin",
     "2026-01-01",
     "2027-01-01",
     3600,
     {{"2026-03-29T01:00", 7200}, {"2026-10-25T01:00", 3600}}},
    /* half an hour */
    {"Australia/Lord_Howe",
     "2026-01-01",
     "2027-01-01",
     39600,
     {{"2026-04-04T15:00", 37800}, {"2026-10-03T15:30", 39600}}},
    /* a change at the local midnight */
    {"Asia/Beirut",
     "2024-03-01",
     "2024-12-01",
     7200,
     {{"2024-03-30T22:00", 10800}, {"2024-10-26T21:00", 7200}}},
    /* a day that does not exist there */
    {"Pacific/Apia",
     "2011-12-29",
     "2012-01-02",
     -36000,
     {{"2011-12-30T10:00", 50400}}},
};

START_TEST(spans_of_zones)
{
	struct zone_span spans[16];
	const usec_t from = at(known[_i].from), to = at(known[_i].to);
	const size_t n =
	    time_zone_spans(spans, COUNT(spans), known[_i].zone, from + 1, to);
	size_t i = 0;

	ck_assert_int_eq(spans[0].from, from);
	ck_assert_int_eq(spans[0].offset_s, known[_i].first);
	for (; i < CHANGES_MAX && known[_i].changes[i].at; i++) {
		const usec_t change = at(known[_i].changes[i].at);

		ck_assert_uint_gt(n, i + 1);
		ck_assert_int_eq(spans[i].to, change);
		ck_assert_int_eq(spans[i + 1].from, change);
		ck_assert_int_eq(spans[i + 1].offset_s,
				 known[_i].changes[i].offset);
	}
	ck_assert_uint_eq(n, i + 1);
	ck_assert_int_eq(spans[i].to, to);
	/* too little room: the last one has the rest */
	ck_assert_uint_eq(time_zone_spans(spans, 1, known[_i].zone, from, to),
			  1);
	ck_assert_int_eq(spans[0].to, to);
}
END_TEST

START_TEST(days_of_local_time)
{
	struct zone_span span;
	const int64_t day = at("2026-11-22") / (86400 * USEC_PER_SEC);
	const usec_t midnight = at("2026-11-21T18:15"); /* in Kathmandu */

	ck_assert_uint_eq(time_zone_spans(&span, 1, "Asia/Kathmandu",
					  midnight - 1, midnight + 1),
			  1);
	ck_assert_int_eq(time_zone_day(&span, midnight - 1), day - 1);
	ck_assert_int_eq(time_zone_day(&span, midnight), day);
	ck_assert_uint_eq(time_zone_spans(&span, 1, "America/New_York",
					  at("2026-11-22"), at("2026-11-23")),
			  1);
	ck_assert_int_eq(time_zone_day(&span, at("2026-11-22T04:59:59")),
			 day - 1);
	ck_assert_int_eq(time_zone_day(&span, at("2026-11-22T05:00")), day);
}
END_TEST

/* The process keeps the zone that it had. */
START_TEST(local_time_is_restored)
{
	static const char *const values[] = {"Asia/Tokyo", NULL};
	struct zone_span span;

	for (size_t i = 0; i < COUNT(values); i++) {
		if (values[i])
			setenv("TZ", values[i], 1);
		else
			unsetenv("TZ");
		tzset();
		(void)time_zone_spans(&span, 1, "Europe/Berlin", 0, 1);
		if (values[i])
			ck_assert_str_eq(getenv("TZ"), values[i]);
		else
			ck_assert_ptr_null(getenv("TZ"));
		ck_assert_int_eq(timezone, values[i] ? -9 * 3600 : 0);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("time_zone");
	TCase *t = tcase_create("time_zone");

	tcase_add_test(t, known_names);
	tcase_add_loop_test(t, spans_of_zones, 0, COUNT(known));
	tcase_add_test(t, days_of_local_time);
	tcase_add_test(t, local_time_is_restored);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
