/* Tests of the API over HTTP, through nginx, FastCGI and MariaDB, with a
 * simulated Linear. `tools/instance exec` sets the environment that they read.
 */

#include <stdio.h>
#include <stdlib.h>

#include "suites.h"

/* A failure shows the request and the response; Check aborts when that is
 * longer than its limit, which is 4096 bytes by default. */
#define MESSAGE_MAX ((size_t)64 * 1024)

int
main(void)
{
	SRunner *runner = srunner_create(database_values_suite());
	int failed, run;

	check_set_max_msg_size(MESSAGE_MAX);
	srunner_add_suite(runner, database_connections_suite());
	srunner_add_suite(runner, pause_suite());
	srunner_add_suite(runner, seed_login_suite());
	srunner_add_suite(runner, seed_raise_suite());
	srunner_add_suite(runner, seed_list_suite());
	srunner_add_suite(runner, seed_show_suite());
	srunner_add_suite(runner, seed_change_suite());
	srunner_add_suite(runner, seed_actions_suite());
	srunner_add_suite(runner, seed_organization_suite());
	srunner_add_suite(runner, refusals_paths_suite());
	srunner_add_suite(runner, refusals_bodies_suite());
	srunner_add_suite(runner, refusals_nginx_suite());
	srunner_add_suite(runner, refusals_headers_suite());
	srunner_add_suite(runner, concurrency_suite());
	srunner_add_suite(runner, permissions_suite());
	srunner_add_suite(runner, inputs_bodies_suite());
	srunner_add_suite(runner, inputs_queries_suite());
	srunner_add_suite(runner, inputs_schema_suite());
	srunner_add_suite(runner, files_upload_suite());
	srunner_add_suite(runner, files_serve_suite());
	srunner_add_suite(runner, conventions_etag_suite());
	srunner_add_suite(runner, conventions_idempotency_suite());
	srunner_add_suite(runner, conventions_cursor_suite());
	srunner_add_suite(runner, conventions_origin_suite());
	srunner_add_suite(runner, accounts_passwords_suite());
	srunner_add_suite(runner, accounts_sign_up_suite());
	srunner_add_suite(runner, accounts_staff_suite());
	srunner_add_suite(runner, accounts_directory_suite());
	srunner_add_suite(runner, addresses_proof_suite());
	srunner_add_suite(runner, addresses_password_suite());
	srunner_add_suite(runner, addresses_invitation_suite());
	srunner_add_suite(runner, security_log_suite());
	srunner_add_suite(runner, security_lockout_suite());
	srunner_add_suite(runner, security_tokens_suite());
	srunner_add_suite(runner, security_erasing_suite());
	srunner_add_suite(runner, security_export_suite());
	srunner_add_suite(runner, desk_history_suite());
	srunner_add_suite(runner, desk_notifications_suite());
	srunner_add_suite(runner, desk_export_suite());
	srunner_add_suite(runner, desk_trend_suite());
	srunner_add_suite(runner, rights_correct_suite());
	srunner_add_suite(runner, rights_withdraw_suite());
	srunner_add_suite(runner, rights_comments_suite());
	srunner_add_suite(runner, rights_limits_suite());
	srunner_add_suite(runner, search_suite());
	srunner_add_suite(runner, search_sets_suite());
	srunner_add_suite(runner, directory_search_suite());
	srunner_add_suite(runner, criteria_suite());
	srunner_add_suite(runner, consumers_suite());
	srunner_add_suite(runner, fields_suite());
	srunner_add_suite(runner, clients_profiles_suite());
	srunner_add_suite(runner, clients_permissions_suite());
	srunner_add_suite(runner, clients_accounts_suite());
	srunner_add_suite(runner, clients_directory_suite());
	srunner_add_suite(runner, clients_raise_for_suite());
	srunner_add_suite(runner, readme_suite());
	srunner_add_suite(runner, leavers_suite());
	srunner_add_suite(runner, linear_quick_suite());
	srunner_add_suite(runner, linear_slow_suite());
	srunner_add_suite(runner, linear_manual_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	run = srunner_ntests_run(runner);
	srunner_free(runner);
	if (run == 0)
		fputs("No test has the name that CK_RUN_SUITE and CK_RUN_CASE "
		      "select.\n",
		      stderr);
	return failed || run == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
