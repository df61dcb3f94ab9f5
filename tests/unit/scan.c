/* files/scan.h: what is sent to clamd and what its replies mean, with a server
 * that answers as a test says. The real clamd is in tests/ops/clamd. */

#include "files/scan.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/scan_reply.h"
#include "unit/runner.h"

#define BIG ((size_t)300 * 1000)

static char dir[] = "/tmp/docket-scan-XXXXXX";
static char path[64];
static int file;
static pid_t server;

static void
set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/clamd", dir);
	file = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	ck_assert_int_ge(file, 0);
}

static void
tear_down(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	close(file);
	unlink(path);
	rmdir(dir);
	memcpy(dir + strlen(dir) - 6, "XXXXXX", 6);
}

static void
fill_file(size_t n)
{
	static unsigned char bytes[BIG];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i * 7);
	ck_assert_int_eq(write(file, bytes, n), (ssize_t)n);
}

static bool
read_all(int from, void *p, size_t n)
{
	return recv(from, p, n, MSG_WAITALL) == (ssize_t)n;
}

/* The bytes of one stream, or -1 if it is not sent as clamd wants it. */
static long
take_stream(int from, long enough)
{
	unsigned char head[10], length[4], chunk[64 * 1024];
	long all = 0;
	size_t n;

	if (!read_all(from, head, sizeof(head)) ||
	    memcmp(head, "zINSTREAM", 10) != 0)
		return -1;
	while (read_all(from, length, 4)) {
		n = (size_t)length[0] << 24 | (size_t)length[1] << 16 |
		    (size_t)length[2] << 8 | length[3];
		if (!n)
			return all;
		if (n > sizeof(chunk) || !read_all(from, chunk, n))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (chunk[i] != (unsigned char)(((size_t)all + i) * 7))
				return -1;
		all += (long)n;
		if (enough && all >= enough)
			return all;
	}
	return -1;
}

/* Answers one connection after that many bytes (0: all) with `reply`, of n
 * bytes, in two pieces; NULL: never. */
static void
serve(const char *reply, size_t n, long enough, long expected)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int peer;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ck_assert_int_eq(
	    bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	server = fork();
	if (server) {
		close(listener);
		return;
	}
	(void)alarm(60);
	peer = accept(listener, NULL, NULL);
	if (take_stream(peer, enough) != expected)
		_exit(1);
	if (!reply)
		pause();
	if (n > 1)
		(void)!write(peer, reply, n / 2);
	(void)!write(peer, reply + n / 2, n - n / 2);
	_exit(0);
}

static struct scan_answer
scan_now(void)
{
	struct scan_answer answer;
	struct scan s;

	ck_assert(scan_begin(&s, path, file));
	while (!scan_take(&answer, &s)) {
		struct pollfd p = {.fd = s.pipe, .events = POLLIN};

		ck_assert_int_eq(poll(&p, 1, 60000), 1);
	}
	ck_assert_int_eq(kill(s.pid, 0), -1);
	return answer;
}

START_TEST(whole_streams)
{
	static const char ok[] = "stream: OK";

	fill_file(BIG);
	serve(ok, sizeof(ok), 0, (long)BIG);
	ck_assert_int_eq(scan_now().result, SCAN_CLEAN);
}
END_TEST

START_TEST(empty_file)
{
	static const char found[] = "stream: Eicar-Signature FOUND";
	struct scan_answer answer;

	serve(found, sizeof(found), 0, 0);
	answer = scan_now();
	ck_assert_int_eq(answer.result, SCAN_INFECTED);
	ck_assert_str_eq(answer.words, "Eicar-Signature");
}
END_TEST

/* clamd replies in the middle of the stream, and closes. */
START_TEST(too_large)
{
	static const char limit[] = "INSTREAM size limit exceeded. ERROR";

	fill_file(BIG);
	serve(limit, sizeof(limit), 64 * 1024, 64 * 1024);
	ck_assert_int_eq(scan_now().result, SCAN_TOO_LARGE);
}
END_TEST

/* A good word for a part of the file is none. */
START_TEST(early_ok)
{
	static const char ok[] = "stream: OK";

	fill_file(BIG);
	serve(ok, sizeof(ok), 64 * 1024, 64 * 1024);
	ck_assert_int_eq(scan_now().result, SCAN_AWAY);
}
END_TEST

START_TEST(nobody_there)
{
	ck_assert_int_eq(scan_now().result, SCAN_AWAY);
	serve("", 0, 0, 0);
	ck_assert_int_eq(scan_now().result, SCAN_AWAY);
}
END_TEST

START_TEST(never_answers)
{
	struct scan_answer answer;
	struct scan s;

	serve(NULL, 0, 0, 0);
	ck_assert(scan_begin(&s, path, file));
	usleep(50000);
	ck_assert(!scan_take(&answer, &s));
	ck_assert_int_eq(kill(s.pid, SIGKILL), 0);
	ck_assert_int_eq(
	    poll(&(struct pollfd){.fd = s.pipe, .events = POLLIN}, 1, 60000),
	    1);
	ck_assert(scan_take(&answer, &s));
	ck_assert_int_eq(answer.result, SCAN_AWAY);
}
END_TEST

START_TEST(replies)
{
	static const struct {
		const char *reply;
		enum scan_result result;
		const char *words;
	} rows[] = {
	    {"stream: OK", SCAN_CLEAN, ""},
	    {"stream: OK\n", SCAN_CLEAN, ""},
	    {"stream: Win.Test.EICAR_HDB-1 FOUND", SCAN_INFECTED,
	     "Win.Test.EICAR_HDB-1"},
	    {"stream: OK FOUND", SCAN_INFECTED, "OK"},
	    {"INSTREAM size limit exceeded. ERROR", SCAN_TOO_LARGE,
	     "INSTREAM size limit exceeded. ERROR"},
	    {"stream: Can't allocate memory ERROR", SCAN_FAILED,
	     "Can't allocate memory ERROR"},
	    {"stream: a\x01\xff FOUND", SCAN_INFECTED, "a??"},
	    {"UNKNOWN COMMAND", SCAN_AWAY, "UNKNOWN COMMAND"},
	    {"", SCAN_AWAY, ""},
	};
	struct scan_answer answer;
	char reply[512];

	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(reply, sizeof(reply), "%s", rows[i].reply);
		answer = (struct scan_answer){.result = SCAN_AWAY};
		scan_read_reply(&answer, reply);
		ck_assert_msg(answer.result == rows[i].result, "%s",
			      rows[i].reply);
		ck_assert_str_eq(answer.words, rows[i].words);
	}
	snprintf(reply, sizeof(reply), "stream: %0400d FOUND", 7);
	scan_read_reply(&answer, reply);
	ck_assert_uint_eq(strlen(answer.words), SCAN_WORDS - 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scan");
	TCase *tests = tcase_create("scan");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, whole_streams);
	tcase_add_test(tests, empty_file);
	tcase_add_test(tests, too_large);
	tcase_add_test(tests, early_ok);
	tcase_add_test(tests, nobody_there);
	tcase_add_test(tests, never_answers);
	tcase_add_test(tests, replies);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
