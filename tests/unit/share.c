#include "base/share.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

static char path[64];

static void
set_up(void)
{
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/docket-share.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	share_open(path);
}

static void
tear_down(void)
{
	share_leave();
	unlink(path);
}

/* Another process that takes a place and keeps it until it is killed; 0 when
 * there was none left for it. */
static pid_t
other(int64_t key, long places)
{
	int ready[2];
	char taken = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		share_leave(); /* a child does not inherit locks */
		taken = share_take(key, places) ? 1 : 0;
		(void)!write(ready[1], &taken, 1);
		while (taken)
			pause();
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &taken, 1), 1);
	close(ready[0]);
	if (taken)
		return pid;
	waitpid(pid, NULL, 0);
	return 0;
}

static void
kill_other(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

START_TEST(no_more_than_the_places)
{
	const pid_t first = other(7, 2), second = other(7, 2);

	ck_assert(first && second);
	ck_assert(!share_take(7, 2));
	ck_assert_int_eq(other(7, 2), 0);
	/* all places of another key are free */
	ck_assert(share_take(8, 1));
	kill_other(first);
	kill_other(second);
}
END_TEST

START_TEST(a_place_is_given_back)
{
	pid_t next;

	ck_assert(share_take(7, 1));
	ck_assert_int_eq(other(7, 1), 0);
	share_leave();
	next = other(7, 1);
	ck_assert_int_ne(next, 0);
	kill_other(next);
}
END_TEST

START_TEST(a_killed_process_gives_its_place_back)
{
	const pid_t first = other(7, 1);

	ck_assert(!share_take(7, 1));
	kill_other(first);
	ck_assert(share_take(7, 1));
}
END_TEST

START_TEST(without_a_file_nobody_is_limited)
{
	share_open("/nonexistent/share");
	ck_assert(share_take(7, 1));
	share_leave();
	ck_assert(share_take(INT64_MAX / SHARE_PLACES_MAX, 1));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("share");
	TCase *t = tcase_create("share");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, no_more_than_the_places);
	tcase_add_test(t, a_place_is_given_back);
	tcase_add_test(t, a_killed_process_gives_its_place_back);
	tcase_add_test(t, without_a_file_nobody_is_limited);
	suite_add_tcase(s, t);
	return run_suite(s);
}
