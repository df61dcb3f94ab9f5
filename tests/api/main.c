/* Tests of the API over HTTP, through nginx, FastCGI and MariaDB, with a
 * simulated Linear. `tools/instance exec` sets the environment that they read.
 */

#include <stdlib.h>

#include "suites.h"

/* A failure shows the request and the response; Check aborts when that is
 * longer than its limit, which is 4096 bytes by default. */
#define MESSAGE_MAX ((size_t)64 * 1024)

int
main(void)
{
	SRunner *runner = srunner_create(database_suite());
	int failed;

	check_set_max_msg_size(MESSAGE_MAX);
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
	srunner_add_suite(runner, criteria_suite());
	srunner_add_suite(runner, fields_suite());
	srunner_add_suite(runner, clients_suite());
	srunner_add_suite(runner, readme_suite());
	srunner_add_suite(runner, leavers_suite());
	srunner_add_suite(runner, linear_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
