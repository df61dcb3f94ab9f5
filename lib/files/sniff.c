/* libmagic, in a process of its own for each file: it reads what anybody sends.
 * A file that makes it crash, or go on for ever, then has no type, and neither
 * the worker nor docket-sync is lost. The child has the rules that its parent
 * has loaded. It can open neither files nor sockets, and ends when its time is
 * used up, at the latest. */

#include "sniff.h"

#include <errno.h>
#include <fcntl.h>
#include <magic.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"

/* Of the child: seconds of the processor, and of addresses, with those that the
 * parent has. */
#define PROCESSOR_MAX 2
#define MEMORY_MAX    (512UL << 20)

/* The longest that is waited for it, on a machine that is busy. */
#define WAIT_MS 30000

#define UNKNOWN "application/octet-stream"

/* libmagic with its rules, which stay loaded. NULL: they cannot be read. */
static magic_t
rules(void)
{
	static magic_t loaded;
	static bool tried;

	if (!tried) {
		tried = true;
		loaded = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
				    MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF);
		if (loaded && magic_load(loaded, NULL) != 0) {
			magic_close(loaded);
			loaded = NULL;
		}
	}
	return loaded;
}

/* A type as HTTP has it (RFC 9110, 8.3.1), and no longer than its column. */
static bool
is_type(const char *s)
{
	const char *slash = s ? strchr(s, '/') : NULL;
	static const char token[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789!#$&^_.+-";
	size_t main_type, sub_type;

	if (!slash)
		return false;
	main_type = strspn(s, token);
	sub_type = strspn(slash + 1, token);
	return main_type && s + main_type == slash && sub_type &&
	       !slash[1 + sub_type] && strlen(s) < CONTENT_TYPE_TEXT;
}

/* In the child, which keeps nothing of its parent open but the pipe. */
static _Noreturn void
run_sniffer(magic_t m, const void *head, size_t n, int to)
{
	const char *type = NULL;

	if (dup2(to, STDOUT_FILENO) >= 0 &&
	    close_range(STDERR_FILENO + 1, ~0U, 0) == 0 &&
	    confine_process(MEMORY_MAX, PROCESSOR_MAX, 0))
		type = magic_buffer(m, head, n);
	if (type && strlen(type) < CONTENT_TYPE_TEXT)
		(void)!write(STDOUT_FILENO, type, strlen(type));
	_exit(0);
}

/* Reads what the child has written, in one piece, or that it has ended. */
static void
read_type(char out[CONTENT_TYPE_TEXT], int from)
{
	struct pollfd fd = {.fd = from, .events = POLLIN};
	ssize_t n = 0;
	int ready;

	do
		ready = poll(&fd, 1, WAIT_MS);
	while (ready < 0 && errno == EINTR);
	if (ready > 0)
		n = read(from, out, CONTENT_TYPE_TEXT - 1);
	out[n > 0 ? n : 0] = '\0';
}

static void
ask_child(char out[CONTENT_TYPE_TEXT], magic_t m, const void *head, size_t n)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	pid = fork();
	if (pid == 0)
		run_sniffer(m, head, n, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		read_type(out, ends[0]);
		(void)kill(pid, SIGKILL); /* one that sleeps */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
}

void
sniff_type(char out[CONTENT_TYPE_TEXT], const void *head, size_t n)
{
	magic_t m = rules();

	out[0] = '\0';
	if (m)
		ask_child(out, m, head, n);
	if (!is_type(out))
		(void)snprintf(out, CONTENT_TYPE_TEXT, "%s", UNKNOWN);
}
