#include "base/buf.h"

#include <string.h>

#include "unit/runner.h"

START_TEST(appends)
{
	struct buf b;

	buf_init(&b, 100);
	buf_adds(&b, "ab");
	buf_addc(&b, 'c');
	buf_add(&b, "d\0e", 3);
	buf_printf(&b, "%d", 42);
	ck_assert_uint_eq(b.len, 8);
	ck_assert_mem_eq(b.data, "abcd\0e42", 9);
	ck_assert(!b.overflow);
	buf_release(&b);
}
END_TEST

START_TEST(nothing_is_fine)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add(&b, NULL, 0);
	buf_adds(&b, "");
	ck_assert(!b.overflow);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_str_eq(b.data, "");
	buf_release(&b);
	ck_assert_ptr_null(b.data);
	buf_release(&b);
}
END_TEST

START_TEST(its_maximum_and_one_more)
{
	struct buf b;

	buf_init(&b, 5);
	buf_adds(&b, "12345");
	ck_assert(!b.overflow);
	buf_addc(&b, '6');
	ck_assert(b.overflow);
	ck_assert_str_eq(b.data, "12345");
	buf_release(&b);
}
END_TEST

START_TEST(after_an_overflow_nothing_is_added)
{
	struct buf b;

	buf_init(&b, 5);
	buf_adds(&b, "1234");
	buf_printf(&b, "%s", "too long");
	ck_assert(b.overflow);
	buf_addc(&b, '5');
	ck_assert_str_eq(b.data, "1234");
	buf_clear(&b);
	ck_assert(!b.overflow);
	buf_adds(&b, "again");
	ck_assert_str_eq(b.data, "again");
	buf_release(&b);
}
END_TEST

START_TEST(it_grows)
{
	struct buf b;
	int wrong = 0;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		buf_addc(&b, (char)('a' + i % 26));
	ck_assert(!b.overflow);
	ck_assert_uint_eq(b.len, 1 << 20);
	ck_assert_uint_eq(strlen(b.data), 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		wrong += b.data[i] != 'a' + i % 26;
	ck_assert_int_eq(wrong, 0);
	buf_release(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("buf");

	ADD_TESTS(s, "buf", appends, nothing_is_fine, its_maximum_and_one_more,
		  after_an_overflow_nothing_is_added, it_grows);
	return run_suite(s);
}
