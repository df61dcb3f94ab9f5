#include "base/conf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/runner.h"

/* conf_load allocates for the life of the process, so these must be kept, too.
 */
static struct conf confs[16];
static size_t loads;
static char why[256];
static char path[] = "/tmp/unit_conf.XXXXXX";

static struct conf *
load(void)
{
	ck_assert_uint_lt(loads, COUNT(confs));
	why[0] = '\0';
	return conf_load(&confs[loads++], why, sizeof(why)) ? &confs[loads - 1]
							    : NULL;
}

static void
set_up(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	clearenv();
}

static void
tear_down(void)
{
	unlink(path);
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	fclose(f);
	setenv("DOCKET_CONF", path, 1);
}

START_TEST(defaults)
{
	struct conf *c = load();

	ck_assert_ptr_nonnull(c);
	ck_assert_str_eq(c->state, "./var");
	ck_assert_int_ge(c->workers, 4);
	ck_assert_int_ge(c->workers, sysconf(_SC_NPROCESSORS_ONLN));
	ck_assert_ptr_null(c->db_socket);
	ck_assert_ptr_null(c->db_host);
	ck_assert_ptr_null(c->db_password);
	ck_assert_int_eq(c->db_port, 3306);
	ck_assert_str_eq(c->db_user, "docket");
	ck_assert_str_eq(c->db_name, "docket");
	ck_assert_str_eq(c->public_url, "http://127.0.0.1:8000");
	ck_assert_ptr_null(c->cors_origins);
	ck_assert_int_eq(c->token_ttl_hours, 720);
	ck_assert_ptr_null(c->linear_api_key);
	ck_assert_str_eq(c->linear_api_url, "https://api.linear.app/graphql");
	ck_assert_str_eq(c->linear_files_url, "https://uploads.linear.app");
	ck_assert_ptr_null(c->linear_webhook_secret);
	ck_assert_ptr_null(c->linear_teams);
	ck_assert_int_eq(c->linear_wait_ms, 1500);
	ck_assert_int_eq(c->linear_reconcile_s, 600);
	ck_assert_ptr_null(c->smtp_url);
	ck_assert(!c->signup);
	ck_assert_int_eq(c->reopen_days, 14);
	ck_assert_int_eq(c->raises_per_hour, 30);
	ck_assert_int_eq(c->comments_per_hour, 120);
	ck_assert_int_eq(c->unproved_raises_per_hour, 100);
	ck_assert_int_eq(c->log_level, LOG_INFO);
	ck_assert_str_eq(c->sync_socket, "./var/run/sync.sock");
}
END_TEST

START_TEST(environment_over_file_over_default)
{
	struct conf *c;

	write_file("# a comment\n"
		   "\n"
		   "  DB_NAME = from_file  \n"
		   "DB_USER=\"quoted user\"\r\n"
		   "DB_PASSWORD='it=has=signs '\n"
		   "TOKEN_TTL_HOURS=5\n"
		   "TOKEN_TTL_HOURS=6\n"
		   "PORT=8000\n"
		   "DB_SOCKET=\"\n"
		   "SIGNUP=on");
	setenv("TOKEN_TTL_HOURS", "7", 1);
	setenv("DB_NAME", "", 1);
	c = load();
	ck_assert_msg(c != NULL, "%s", why);
	ck_assert_str_eq(c->db_name, "from_file");
	ck_assert_str_eq(c->db_user, "quoted user");
	ck_assert_str_eq(c->db_password, "it=has=signs ");
	ck_assert_str_eq(c->db_socket, "\"");
	ck_assert_int_eq(c->token_ttl_hours, 7);
	ck_assert(c->signup);
	unsetenv("TOKEN_TTL_HOURS");
	c = load();
	ck_assert_int_eq(c->token_ttl_hours, 6);
}
END_TEST

START_TEST(urls_lose_their_last_slash)
{
	struct conf *c;

	setenv("PUBLIC_URL", "https://issues.example.com//", 1);
	c = load();
	ck_assert_ptr_nonnull(c);
	ck_assert_str_eq(c->public_url, "https://issues.example.com");
}
END_TEST

START_TEST(log_levels)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	for (unsigned i = 0; i < COUNT(names); i++) {
		setenv("LOG_LEVEL", names[i], 1);
		ck_assert_int_eq(load()->log_level, i);
	}
}
END_TEST

static const char *const wrong[][2] = {
    {"DB_PORT", "0"},
    {"DB_PORT", "65536"},
    {"DB_PORT", "33o6"},
    {"DB_PORT", "3306 "},
    {"DB_PORT", "99999999999999999999"},
    {"TOKEN_TTL_HOURS", "0"},
    {"TOKEN_TTL_HOURS", "87601"},
    {"TOKEN_TTL_HOURS", "1.5"},
    {"LINEAR_WAIT_MS", "-1"},
    {"LINEAR_WAIT_MS", "60001"},
    {"LINEAR_RECONCILE_S", "0"},
    {"REOPEN_DAYS", "-1"},
    {"RAISES_PER_HOUR", "-1"},
    {"COMMENTS_PER_HOUR", "many"},
    {"UNPROVED_RAISES_PER_HOUR", "1000001"},
    {"SIGNUP", "yes"},
    {"SIGNUP", "ON"},
    {"LOG_LEVEL", "verbose"},
    {"LOGIN_RATE", "often"},
    {"LOGIN_RATE", "10"},
    {"LOGIN_RATE", "0r/s"},
    {"LOGIN_RATE", "-1r/s"},
    {"LOGIN_RATE", "1000000r/s"},
    {"LOGIN_RATE", "10r/h"},
    {"PUBLIC_URL", "issues.example.com"},
    {"PUBLIC_URL", "http://"},
    {"PUBLIC_URL", "https:///desk"},
    {"PUBLIC_URL", "https://issues.example.com/a b"},
    {"PUBLIC_URL", "https://issues.example.com\r\nX: y"},
    {"CORS_ORIGINS", "*"},
    {"CORS_ORIGINS", "null"},
    {"CORS_ORIGINS", "desk.example.com"},
    {"CORS_ORIGINS", "https://"},
    {"CORS_ORIGINS", "https://desk.example.com/"},
    {"CORS_ORIGINS", "https://Desk.example.com"},
    {"CORS_ORIGINS", "https://a.example,https://b.example/"},
    {"LINEAR_API_KEY", "Bearer lin_api_1"},
    {"LINEAR_API_KEY", "lin_api_1\nX: y"},
    {"LINEAR_TEAMS", "ENG"},
    {"LINEAR_TEAMS", "**"},
    {"LINEAR_TEAMS", "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40,ENG"},
    {"LINEAR_TEAMS", "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f4"},
    {"LINEAR_API_URL", "ftp://linear.app"},
    {"LINEAR_API_URL", "https://"},
    {"LINEAR_FILES_URL", "uploads.linear.app"},
    {"SMTP_URL", "mail.example.com"},
    {"SMTP_URL", "http://mail.example.com"},
    {"SMTP_URL", "smtp://"},
    {"MAIL_FROM", "docket"},
    {"MAIL_FROM", "@host"},
    {"MAIL_FROM", "docket@"},
    {"MAIL_FROM", "Desk <docket@host>"},
    {"MAIL_FROM", "a@b,c@d"},
    {"MAIL_FROM", "docket@host\r\nBcc: x@y"},
    {"MAIL_BURST_S", "-1"},
    {"MAIL_BURST_S", "3601"},
    {"MAIL_DIGEST_S", "0"},
    {"MAIL_DIGEST_S", "901"},
};

static const struct {
	const char *value;
	long interval;
} rates[] = {{"", 100000},	{"1r/s", 1000000}, {"30r/m", 2000000},
	     {"1000r/s", 1000}, {"999999r/s", 1},  {"999999r/m", 60}};

START_TEST(a_rate_is_an_interval)
{
	const struct conf *c;

	setenv("LOGIN_RATE", rates[_i].value, 1);
	c = load();
	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(c->login_interval, rates[_i].interval);
}
END_TEST

START_TEST(a_wrong_value_is_named_on_one_line)
{
	setenv(wrong[_i][0], wrong[_i][1], 1);
	ck_assert_msg(!load(), "%s=%s", wrong[_i][0], wrong[_i][1]);
	ck_assert_ptr_nonnull(strstr(why, wrong[_i][0]));
	ck_assert_ptr_null(strchr(why, '\n'));
}
END_TEST

START_TEST(a_wrong_value_of_the_file)
{
	write_file("SIGNUP=maybe\n");
	ck_assert_ptr_null(load());
	ck_assert_ptr_nonnull(strstr(why, "SIGNUP"));
}
END_TEST

START_TEST(a_line_that_sets_nothing_is_numbered)
{
	write_file("DB_NAME=x\n\nwhat is this\n");
	ck_assert_ptr_null(load());
	ck_assert_ptr_nonnull(strstr(why, ":3 "));
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
	setenv("DOCKET_CONF", "/nonexistent/docket.conf", 1);
	ck_assert_ptr_null(load());
	ck_assert_ptr_nonnull(strstr(why, "/nonexistent/docket.conf"));
}
END_TEST

START_TEST(a_directory_is_no_file)
{
	setenv("DOCKET_CONF", "/", 1);
	ck_assert_ptr_null(load());
	ck_assert_ptr_nonnull(strstr(why, "DOCKET_CONF"));
}
END_TEST

START_TEST(origins)
{
	static const char *const good[] = {
	    "https://desk.example.com", "http://localhost:3000",
	    "https://a.example, https://b.example:8443",
	    "capacitor://localhost,http://[::1]:80"};

	for (size_t i = 0; i < COUNT(good); i++) {
		setenv("CORS_ORIGINS", good[i], 1);
		ck_assert_msg(load() != NULL, "%s", why);
		ck_assert_str_eq(load()->cors_origins, good[i]);
	}
}
END_TEST

START_TEST(words_of_a_list)
{
	const char *list = "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40, "
			   "b95250db-8430-4dbc-88f8-9fc109369df0";

	setenv("LINEAR_TEAMS", "*", 1);
	ck_assert_msg(load() != NULL, "%s", why);
	ck_assert(conf_lists(load()->linear_teams, "*"));
	setenv("LINEAR_TEAMS", list, 1);
	ck_assert_msg(load() != NULL, "%s", why);
	ck_assert_str_eq(load()->linear_teams, list);
	ck_assert(conf_lists(list, "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40"));
	ck_assert(conf_lists(list, "b95250db-8430-4dbc-88f8-9fc109369df0"));
	ck_assert(!conf_lists(list, "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f4"));
	ck_assert(conf_lists(list, "5D1F6A8E-2C47-4B0F-9A3E-6E8B7C1D2F40"));
	ck_assert(!conf_lists(list, ""));
	ck_assert(!conf_lists(list, "*"));
	ck_assert(!conf_lists(NULL, "x"));
}
END_TEST

START_TEST(a_state_too_long_for_a_socket)
{
	char state[200];

	memset(state, 'x', sizeof(state) - 1);
	state[sizeof(state) - 1] = '\0';
	setenv("STATE", state, 1);
	ck_assert_ptr_null(load());
	ck_assert_ptr_nonnull(strstr(why, "STATE"));
}
END_TEST

START_TEST(a_secret_is_not_told)
{
	setenv("DB_PASSWORD", "hunter2", 1);
	setenv("SIGNUP", "hunter2", 1);
	ck_assert_ptr_null(load());
	ck_assert_ptr_null(strstr(why, "hunter2"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf");
	TCase *t = tcase_create("conf");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, defaults);
	tcase_add_test(t, environment_over_file_over_default);
	tcase_add_test(t, urls_lose_their_last_slash);
	tcase_add_test(t, log_levels);
	tcase_add_loop_test(t, a_rate_is_an_interval, 0, COUNT(rates));
	tcase_add_loop_test(t, a_wrong_value_is_named_on_one_line, 0,
			    COUNT(wrong));
	tcase_add_test(t, a_wrong_value_of_the_file);
	tcase_add_test(t, a_line_that_sets_nothing_is_numbered);
	tcase_add_test(t, a_file_that_is_not_there);
	tcase_add_test(t, a_directory_is_no_file);
	tcase_add_test(t, origins);
	tcase_add_test(t, words_of_a_list);
	tcase_add_test(t, a_state_too_long_for_a_socket);
	tcase_add_test(t, a_secret_is_not_told);
	suite_add_tcase(s, t);
	return run_suite(s);
}
