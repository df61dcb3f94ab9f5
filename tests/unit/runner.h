#ifndef RUNNER_H
#define RUNNER_H

#include <check.h>
#include <stdlib.h>

/* The main() of a unit test: one suite of test cases, whose tests each run in
 * a process of their own, leaks counted. */
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

/* A test case of the tests that follow. */
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
