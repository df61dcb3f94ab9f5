#include "base/arena.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "unit/runner.h"

#ifdef DOCKET_ASAN
#include <sanitizer/asan_interface.h>
#elif defined(__SANITIZE_ADDRESS__)
#error "AddressSanitizer without DOCKET_ASAN: arenas would hide overruns"
#endif

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

static bool
all_are(const unsigned char *p, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != byte)
			return false;
	return true;
}

START_TEST(objects_are_zeroed_aligned_and_apart)
{
	static const size_t sizes[] = {0,     1,     7,	    8,	   15,
				       16,    17,    4096,  16383, 16384,
				       16385, 65535, 65536, 65537, 1 << 20};
	unsigned char *p[COUNT(sizes)];

	for (size_t i = 0; i < COUNT(sizes); i++) {
		p[i] = arena_alloc(arena, sizes[i]);
		ck_assert_ptr_nonnull(p[i]);
		ck_assert_uint_eq((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		ck_assert(all_are(p[i], sizes[i], 0));
		memset(p[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < COUNT(sizes); i++)
		ck_assert(all_are(p[i], sizes[i], (unsigned char)(i + 1)));
}
END_TEST

START_TEST(reset_zeroes_what_is_used_again)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 200; i++) {
			unsigned char *p = arena_alloc(arena, 1000);

			ck_assert(all_are(p, 1000, 0));
			memset(p, 0xff, 1000);
		}
		(void)arena_alloc(arena, 1 << 20);
		arena_reset(arena);
	}
}
END_TEST

START_TEST(reset_of_an_empty_one)
{
	arena_reset(arena);
	arena_reset(arena);
	ck_assert_str_eq(arena_strdup(arena, "after"), "after");
}
END_TEST

START_TEST(free_of_null)
{
	arena_free(NULL);
}
END_TEST

START_TEST(copies)
{
	static const char bytes[] = {'a', '\0', 'b'};
	char *copy = arena_memdup(arena, bytes, sizeof(bytes));

	ck_assert_mem_eq(copy, bytes, sizeof(bytes));
	ck_assert_int_eq(copy[sizeof(bytes)], '\0');
	ck_assert_ptr_null(arena_strdup(arena, NULL));
	ck_assert_str_eq(arena_strdup(arena, ""), "");
	ck_assert_str_eq(arena_memdup(arena, NULL, 0), "");
}
END_TEST

START_TEST(printing)
{
	char *s = arena_printf(arena, "%s-%d%%", "a", 7);

	ck_assert_str_eq(s, "a-7%");
	s = arena_printf(arena, "%0100000d", 1);
	ck_assert_uint_eq(strlen(s), 100000);
	ck_assert_str_eq(arena_printf(arena, "%s", ""), "");
}
END_TEST

START_TEST(malloc_that_never_fails)
{
	char *p = xmalloc(0), *s = xstrdup("text");

	ck_assert_ptr_nonnull(p);
	p = xrealloc(p, 0);
	ck_assert_ptr_nonnull(p);
	p = xrealloc(p, 100000);
	memset(p, 1, 100000);
	ck_assert_str_eq(s, "text");
	free(p);
	free(s);
}
END_TEST

START_TEST(an_impossible_size_aborts)
{
	drop_stderr();
	(void)arena_alloc(arena, SIZE_MAX - 8);
}
END_TEST

#ifdef DOCKET_ASAN
START_TEST(address_sanitizer_watches_each_object)
{
	const char *p = arena_alloc(arena, 17);

	(void)arena_alloc(arena, 17);
	ck_assert(!__asan_address_is_poisoned(p + 16));
	ck_assert(__asan_address_is_poisoned(p + 17));
	arena_reset(arena);
	ck_assert(__asan_address_is_poisoned(p));
}
END_TEST
#endif

int
main(void)
{
	Suite *s = suite_create("arena");
	TCase *t = tcase_create("arena");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, objects_are_zeroed_aligned_and_apart);
	tcase_add_test(t, reset_zeroes_what_is_used_again);
	tcase_add_test(t, reset_of_an_empty_one);
	tcase_add_test(t, free_of_null);
	tcase_add_test(t, copies);
	tcase_add_test(t, printing);
	tcase_add_test(t, malloc_that_never_fails);
#ifdef DOCKET_ASAN
	tcase_add_test(t, address_sanitizer_watches_each_object);
#endif
	tcase_add_test_raise_signal(t, an_impossible_size_aborts, SIGABRT);
	suite_add_tcase(s, t);
	return run_suite(s);
}
