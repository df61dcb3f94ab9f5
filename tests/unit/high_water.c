#include "base/high_water.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/docket-high-water.XXXXXX";

/* What a file says at last. */
struct told {
	int64_t id, number, erased;
	int entries;
	bool is_whole;
};

static bool
take_told(void *arg, const struct high_water *entry)
{
	struct told *t = arg;

	t->entries++;
	t->is_whole = t->is_whole || entry->kind == HIGH_WATER_WHOLE;
	if (entry->kind == HIGH_WATER_ID)
		t->id = entry->value;
	if (entry->kind == HIGH_WATER_ERASED)
		t->erased = entry->value;
	if (entry->kind == HIGH_WATER_NUMBER && entry->organization_id == 7 &&
	    entry->year == 2026)
		t->number = entry->value;
	return true;
}

static struct told
read_told(void)
{
	struct told t = {0};

	ck_assert(high_water_read(path, take_told, &t));
	return t;
}

START_TEST(marks_are_never_behind)
{
	for (int64_t id = 1; id < 100000; id += 997) {
		high_water_id(id);
		ck_assert_int_gt(read_told().id, id);
	}
	for (int64_t n = 1; n < 200; n++) {
		high_water_number(7, 2026, n);
		high_water_number(7 + 256, 2026, 1); /* the same place */
		ck_assert_int_ge(read_told().number, n);
	}
	ck_assert(!read_told().is_whole);
	ck_assert(high_water_whole());
	ck_assert(read_told().is_whole);
	ck_assert(high_water_erased(12));
	ck_assert_int_eq(read_told().erased, 12);
}
END_TEST

START_TEST(most_calls_write_nothing)
{
	int entries;

	high_water_id(1000000);
	high_water_number(9, 2026, 1);
	entries = read_told().entries;
	for (int i = 1; i < 20; i++) {
		high_water_id(1000000 + i);
		high_water_number(9, 2026, i);
	}
	ck_assert_int_eq(read_told().entries, entries);
}
END_TEST

START_TEST(marks_run_ahead_of_a_busy_organization)
{
	const int entries = read_told().entries;
	struct told t;

	for (int64_t n = 1; n <= 10000; n++)
		high_water_number(7, 2026, n);
	t = read_told();
	ck_assert_int_ge(t.number, 10000);
	ck_assert_int_lt(t.number, 12000);
	ck_assert_int_lt(t.entries, entries + 100);
}
END_TEST

START_TEST(what_is_cut_short_is_skipped)
{
	static const char text[] = "id 5\nid\nnumber 7 2026\nnumber 7 2026 x\n"
				   "other 9\nid -3\nnumber 7 2026 40\nerased 1";
	FILE *f = fopen(path, "w");
	struct told t;

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	t = read_told();
	ck_assert_int_eq(t.entries, 2);
	ck_assert_int_eq(t.id, 5);
	ck_assert_int_eq(t.number, 40);
	ck_assert(!high_water_read("/nowhere/high-water", take_told, &t));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("high_water");
	TCase *t = tcase_create("high_water");
	SRunner *r = srunner_create(s);
	int failed;

	close(mkstemp(path));
	high_water_open(path, true);
	tcase_add_test(t, marks_are_never_behind);
	tcase_add_test(t, most_calls_write_nothing);
	tcase_add_test(t, marks_run_ahead_of_a_busy_organization);
	tcase_add_test(t, what_is_cut_short_is_skipped);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	unlink(path);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
