/* The API over HTTP: through nginx, FastCGI and MariaDB, with the simulated
 * Linear behind. `tools/instance exec` gives it the addresses. */

#include <stdlib.h>

#include "suites.h"

int
main(void)
{
	SRunner *runner = srunner_create(database_suite());
	int failed;

	srunner_add_suite(runner, seed_suite());
	srunner_add_suite(runner, refusals_suite());
	srunner_add_suite(runner, concurrency_suite());
	srunner_add_suite(runner, permissions_suite());
	srunner_add_suite(runner, inputs_suite());
	srunner_add_suite(runner, conventions_suite());
	srunner_add_suite(runner, accounts_suite());
	srunner_add_suite(runner, addresses_suite());
	srunner_add_suite(runner, security_suite());
	srunner_add_suite(runner, desk_suite());
	srunner_add_suite(runner, rights_suite());
	srunner_add_suite(runner, search_suite());
	srunner_add_suite(runner, clients_suite());
	srunner_add_suite(runner, readme_suite());
	srunner_add_suite(runner, leavers_suite());
	srunner_add_suite(runner, linear_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
