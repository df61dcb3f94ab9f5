#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *seed_suite(void);
Suite *refusals_suite(void);
Suite *concurrency_suite(void);
Suite *linear_suite(void);
Suite *permissions_suite(void);
Suite *inputs_suite(void);
Suite *conventions_suite(void);

#endif
