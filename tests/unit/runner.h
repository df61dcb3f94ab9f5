#ifndef RUNNER_H
#define RUNNER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/* The main() of a unit test: runs one suite. Each test runs in a process of its
 * own, and a memory leak fails it. */
static inline int
run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* For a test that expects its process to abort: drops the message about it. */
static inline void
drop_stderr(void)
{
	if (!freopen("/dev/null", "w", stderr))
		exit(EXIT_FAILURE);
}

/* Adds a test case with the tests that follow. */
#define ADD_TESTS(suite, name, ...)                           \
	do {                                                  \
		const TTest *tests_[] = {__VA_ARGS__};        \
		TCase *case_ = tcase_create(name);            \
		for (size_t i_ = 0; i_ < COUNT(tests_); i_++) \
			tcase_add_test(case_, tests_[i_]);    \
		suite_add_tcase(suite, case_);                \
	} while (0)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
