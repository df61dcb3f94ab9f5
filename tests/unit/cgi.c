/* The transport of plain CGI. Each test serves a request in a process of its
 * own, and reads what it writes. */

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/runner.h"
#include "web/transport.h"

static char output[4096];
static int status; /* of the process */

/* Serves a request with fd 1 as a pipe, into output and status. */
static void
run(serve_fn *serve, void *arg)
{
	const struct rlimit none = {0, 0};
	size_t n = 0;
	int ends[2];
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		cgi_serve(serve, arg);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], output + n, sizeof(output) - 1 - n)) > 0)
		n += (size_t)got;
	output[n] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

static bool
send_text(struct transport *t, const char *text, bool is_last)
{
	const struct piece piece = {.head = text,
				    .head_len = strlen(text),
				    .body = "",
				    .is_last = is_last};

	return t->send(t->state, &piece);
}

static void
serve_whole(void *arg, struct transport *t)
{
	(void)arg;
	send_text(t, "Status: 200 OK\r\n\r\nall", true);
}

/* In pieces; *arg says whether it breaks. */
static void
serve_pieces(void *arg, struct transport *t)
{
	const bool *breaks = arg;

	send_text(t, "Status: 200 OK\r\n\r\n", false);
	send_text(t, "one,", false);
	t->broken = *breaks;
	if (!*breaks)
		send_text(t, "two", false);
}

START_TEST(an_answer_at_once)
{
	run(serve_whole, NULL);
	ck_assert_str_eq(output, "Status: 200 OK\r\n\r\nall");
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(an_answer_in_pieces)
{
	bool breaks = false;

	run(serve_pieces, &breaks);
	ck_assert_str_eq(output, "Status: 200 OK\r\n\r\none,two");
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(an_answer_that_breaks)
{
	bool breaks = true;

	run(serve_pieces, &breaks);
	ck_assert_str_eq(output, "");
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
END_TEST

/* Writes more than the disk has room for, as its limit says. */
static void
serve_too_much(void *arg, struct transport *t)
{
	const struct rlimit size = {100000, 100000};

	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &size);
	for (int i = 0; i < 200000; i++)
		(void)send_text(t, "a line\r\n", false);
}

START_TEST(a_full_disk)
{
	run(serve_too_much, NULL);
	ck_assert_str_eq(output, "");
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("cgi");

	ADD_TESTS(s, "cgi", an_answer_at_once, an_answer_in_pieces,
		  an_answer_that_breaks, a_full_disk);
	return run_suite(s);
}
