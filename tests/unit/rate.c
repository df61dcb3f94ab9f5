#include "base/rate.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define HOUR (3600 * USEC_PER_SEC)

static char path[64];

static void
set_up(void)
{
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/docket-rate.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(rate_open(path));
}

static void
tear_down(void)
{
	unlink(path);
}

/* How many of n may happen at once. */
static int
take_many(const char *key, int n, int burst)
{
	int taken = 0;

	for (int i = 0; i < n; i++)
		taken += rate_take(key, HOUR, burst) == 0;
	return taken;
}

START_TEST(a_burst)
{
	usec_t wait;

	ck_assert_int_eq(take_many("a", 10, 3), 4);
	wait = rate_take("a", HOUR, 3);
	ck_assert(wait > HOUR - 60 * USEC_PER_SEC && wait <= HOUR);
	/* being refused does not count */
	ck_assert(rate_take("a", HOUR, 3) <= wait);
}
END_TEST

START_TEST(each_key_has_its_own)
{
	ck_assert_int_eq(take_many("a", 10, 3), 4);
	ck_assert_int_eq(take_many("b", 10, 3), 4);
	ck_assert_int_eq(take_many("", 10, 3), 4);
}
END_TEST

START_TEST(time_gives_it_back)
{
	const usec_t interval = USEC_PER_SEC / 20;
	usec_t wait;

	ck_assert_int_eq((int)rate_take("a", interval, 0), 0);
	/* a busy machine may let the interval pass */
	while ((wait = rate_take("a", interval, 0)) == 0)
		;
	ck_assert(wait <= interval);
	usleep((useconds_t)wait);
	ck_assert_int_eq((int)rate_take("a", interval, 0), 0);
}
END_TEST

/* A process takes as many as it can, and tells how many by its status. */
static pid_t
other_taker(void)
{
	const pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(rate_open(path) ? take_many("a", 100, 199) : 255);
	return pid;
}

START_TEST(processes_share_it)
{
	int status, taken = 0;

	for (int i = 0; i < 4; i++)
		(void)other_taker();
	while (wait(&status) > 0) {
		ck_assert(WIFEXITED(status));
		taken += WEXITSTATUS(status);
	}
	ck_assert_int_eq(taken, 200);
}
END_TEST

/* After a start of the machine, its clock begins anew. */
START_TEST(a_time_of_another_clock)
{
	ck_assert_int_eq(take_many("a", 10, 3), 4);
	ck_assert_int_eq((int)rate_take("a", USEC_PER_SEC, 0), 0);
}
END_TEST

START_TEST(without_a_file)
{
	ck_assert(!rate_open("/nonexistent/rate"));
	ck_assert_int_eq(take_many("a", 10, 3), 10);
}
END_TEST

START_TEST(a_file_of_its_own)
{
	struct stat st;

	unlink(path);
	ck_assert(rate_open(path));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rate");
	TCase *t = tcase_create("rate");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_burst);
	tcase_add_test(t, each_key_has_its_own);
	tcase_add_test(t, time_gives_it_back);
	tcase_add_test(t, processes_share_it);
	tcase_add_test(t, a_time_of_another_clock);
	tcase_add_test(t, without_a_file);
	tcase_add_test(t, a_file_of_its_own);
	suite_add_tcase(s, t);
	return run_suite(s);
}
