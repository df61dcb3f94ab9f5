#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *database_suite(void);
Suite *seed_suite(void);
Suite *refusals_suite(void);
Suite *concurrency_suite(void);
Suite *leavers_suite(void);
Suite *linear_suite(void);
Suite *permissions_suite(void);
Suite *inputs_suite(void);
Suite *conventions_suite(void);
Suite *accounts_suite(void);
Suite *addresses_suite(void);
Suite *security_suite(void);
Suite *desk_suite(void);
Suite *rights_suite(void);
Suite *search_suite(void);
Suite *criteria_suite(void);
Suite *fields_suite(void);
Suite *clients_suite(void);
Suite *readme_suite(void);

#endif
