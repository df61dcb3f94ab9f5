/* The trend of a dashboard, by the days of the organization's time zone. */

#include <string.h>

#include "base/clock.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

#define DAY_S	  INT64_C(86400)
#define QUARTER_S INT64_C(900)

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

static struct answer *
set_zone(const char *zone)
{
	return PATCH(w.vendor.token,
		     text("/api/organizations/%lld/", (long long)w.org),
		     json("{'time_zone':'%s'}", zone));
}

static int64_t
seconds_now(void)
{
	return clock_now() / USEC_PER_SEC;
}

/* Waits if a day ends within a minute there: the tests need much less. */
static void
avoid_midnight(int64_t offset_s)
{
	while ((seconds_now() + offset_s) % DAY_S >= DAY_S - 60)
		rest();
}

/* Counts n issues as raised in the quarter of an hour of a time. */
static void
count_raised(int64_t second, int64_t n)
{
	char day[CLOCK_TEXT];

	clock_sql(day, second * USEC_PER_SEC);
	sql_run("INSERT INTO trend_day (organization_id, day, quarter, raised) "
		"VALUES (?, LEFT(?, 10), ?, ?) "
		"ON DUPLICATE KEY UPDATE raised = VALUES(raised)",
		ARGS(arg_int(w.org), arg_text(day),
		     arg_int(second % DAY_S / QUARTER_S), arg_int(n)));
}

/* Without changes of their offset. */
static const struct {
	const char *name;
	int64_t offset_s;
} zones[] = {{"UTC", 0},
	     {"Asia/Kathmandu", 20700},
	     {"Pacific/Honolulu", -36000},
	     {"Pacific/Kiritimati", 50400},
	     {"Etc/GMT+12", -43200}};

START_TEST(days_end_at_local_midnight)
{
	const int64_t offset = zones[_i].offset_s;
	int64_t midnight;
	char day[CLOCK_TEXT];
	struct answer *a;

	avoid_midnight(offset);
	/* the local one, of the day before yesterday */
	midnight =
	    (seconds_now() + offset) / DAY_S * DAY_S - offset - 2 * DAY_S;
	count_raised(midnight - 1, 1);
	count_raised(midnight, 10);
	count_raised(midnight + DAY_S - 1, 100);
	count_raised(midnight + DAY_S, 1000);
	expect_text(set_zone(zones[_i].name), "time_zone", zones[_i].name);
	a = GET(w.employee.token, "/api/issues/stats/?days=4");
	expect_status(a, 200);
	expect_text(a, "trend.time_zone", zones[_i].name);
	ck_assert_uint_eq(length_at(a, "trend.days"), 4);
	clock_sql(day, (midnight + offset) * USEC_PER_SEC);
	day[10] = '\0';
	expect_text(a, "trend.days.1.date", day);
	expect_int(a, "trend.days.0.raised", 1);
	expect_int(a, "trend.days.1.raised", 110);
	expect_int(a, "trend.days.2.raised", 1000);
	/* today is the last one */
	a = GET(w.employee.token, "/api/issues/stats/?days=1");
	clock_sql(day, (seconds_now() + offset) * USEC_PER_SEC);
	day[10] = '\0';
	expect_text(a, "trend.days.0.date", day);
	expect_int(a, "trend.days.0.raised", 0);
}
END_TEST

/* What is raised now is counted today, in every zone; another zone needs no
 * counting again. */
START_TEST(new_issues_are_of_today)
{
	for (size_t i = 0; i < COUNT(zones); i++)
		avoid_midnight(zones[i].offset_s);
	raise_issue(&w.customer, w.org, "t");
	await_derived();
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct answer *a;

		expect_status(set_zone(zones[i].name), 200);
		a = GET(w.employee.token, "/api/issues/stats/?days=366");
		ck_assert_uint_eq(length_at(a, "trend.days"), 366);
		expect_int(a, "trend.days.365.raised", 1);
	}
}
END_TEST

/* What an older version counted has only its day. */
START_TEST(counts_without_a_time)
{
	char day[CLOCK_TEXT];
	struct answer *a;

	avoid_midnight(0);
	/* yesterday */
	clock_sql(day, (seconds_now() - DAY_S) * USEC_PER_SEC);
	sql_run(
	    "INSERT INTO trend_day (organization_id, day, raised, resolved) "
	    "VALUES (?, LEFT(?, 10), 7, 3)",
	    ARGS(arg_int(w.org), arg_text(day)));
	a = GET(w.employee.token, "/api/issues/stats/?days=2");
	expect_text(a, "trend.time_zone", "UTC");
	expect_int(a, "trend.days.0.raised", 7);
	expect_int(a, "trend.days.0.resolved", 3);
}
END_TEST

START_TEST(time_zones_that_do_not_exist)
{
	static const char *const names[] = {"Europe/Atlantis", "right/UTC",
					    "../UTC", "CET-1CEST", "berlin"};

	for (size_t i = 0; i < COUNT(names); i++)
		expect_error(set_zone(names[i]), 400, "invalid", "time_zone");
	expect_text(set_zone("Europe/Berlin"), "time_zone", "Europe/Berlin");
	/* other changes leave it */
	expect_text(PATCH(w.vendor.token,
			  text("/api/organizations/%lld/", (long long)w.org),
			  json("{'is_listed':false}")),
		    "time_zone", "Europe/Berlin");
}
END_TEST

Suite *
desk_trend_suite(void)
{
	Suite *s = suite_create("desk_trend");
	TCase *t = add_case(s, "trend", set_up);

	tcase_add_loop_test(t, days_end_at_local_midnight, 0, COUNT(zones));
	tcase_add_test(t, new_issues_are_of_today);
	tcase_add_test(t, counts_without_a_time);
	tcase_add_test(t, time_zones_that_do_not_exist);
	return s;
}
