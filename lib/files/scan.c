/* A scan: a child process sends the file to clamd, reads its reply, and writes
 * the answer into a pipe, in one piece. Whatever happens to it (clamd hangs, or
 * the child is killed), the pipe is closed in the end, and then there is no
 * answer: clamd is away.
 *
 * INSTREAM: each chunk is preceded by its length as four bytes, the highest
 * first; a chunk of no bytes is the last. The reply ends with a NUL, like the
 * command that begins with z: "stream: OK", "stream: <signature> FOUND", or
 * words and "ERROR". clamd closes the connection once it has too much, and its
 * reply can still be read. */

#include "files/scan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan_reply.h"

/* How long a scan may take, in seconds: clamd's MaxScanTime, and some more. */
#define TIME_MAX 180

#define CHUNK	  (64 * 1024)
#define REPLY_MAX 512

static bool
send_all(int to, const void *p, size_t n, int flags)
{
	const char *from = p;

	while (n > 0) {
		const ssize_t sent = send(to, from, n, flags | MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			from += sent;
			n -= (size_t)sent;
		}
	}
	return true;
}

static bool
send_chunk(int to, const void *p, size_t n)
{
	const uint32_t length = htonl((uint32_t)n);

	return send_all(to, &length, sizeof(length), n ? MSG_MORE : 0) &&
	       send_all(to, p, n, 0);
}

/* False: clamd does not take all of it. */
static bool
stream_file(int to, int fd)
{
	static const char command[] = "zINSTREAM";
	static char chunk[CHUNK];
	off_t at = 0;
	ssize_t n;

	if (!send_all(to, command, sizeof(command), 0))
		return false;
	while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0) {
		if (!send_chunk(to, chunk, (size_t)n))
			return false;
		at += n;
	}
	return n == 0 && send_chunk(to, chunk, 0);
}

/* Reads the reply, at most n - 1 bytes. False: none came. */
static bool
receive_reply(char *out, size_t n, int from)
{
	size_t len = 0;
	ssize_t got;

	while (len < n - 1) {
		got = recv(from, out + len, n - 1 - len, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
		if (out[len - 1] == '\0')
			break;
	}
	out[len] = '\0';
	return len > 0;
}

static bool
ends_with(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Copies printable ASCII; the rest becomes '?'. */
static void
copy_words(char out[SCAN_WORDS], const char *from, size_t n)
{
	if (n > SCAN_WORDS - 1)
		n = SCAN_WORDS - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	out[n] = '\0';
}

void
scan_read_reply(struct scan_answer *out, char *reply)
{
	static const char stream[] = "stream: ", found[] = " FOUND";
	const char *words = reply;

	reply[strcspn(reply, "\r\n")] = '\0';
	if (strncmp(reply, stream, sizeof(stream) - 1) == 0)
		words += sizeof(stream) - 1;
	if (ends_with(words, found)) {
		out->result = SCAN_INFECTED;
		copy_words(out->words, words, strlen(words) - strlen(found));
		return;
	}
	copy_words(out->words, words, strlen(words));
	if (strcmp(words, "OK") == 0) {
		out->result = SCAN_CLEAN;
		out->words[0] = '\0';
	} else if (strstr(words, "size limit exceeded")) {
		out->result = SCAN_TOO_LARGE;
	} else {
		out->result =
		    ends_with(words, "ERROR") ? SCAN_FAILED : SCAN_AWAY;
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int to;

	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (to >= 0 && connect(to, (const struct sockaddr *)&address,
			       sizeof(address)) != 0) {
		close(to);
		to = -1;
	}
	return to;
}

static void
ask(struct scan_answer *out, const char *path, int fd)
{
	char reply[REPLY_MAX];
	const int to = connect_to(path);
	bool all;

	*out = (struct scan_answer){.result = SCAN_AWAY};
	if (to < 0)
		return;
	all = stream_file(to, fd);
	if (receive_reply(reply, sizeof(reply), to))
		scan_read_reply(out, reply);
	/* no good word for a part of the file */
	if (!all && out->result == SCAN_CLEAN)
		out->result = SCAN_AWAY;
	close(to);
}

/* In the child: its time is limited, and it does not outlive its parent. It
 * keeps nothing else of its parent open: connections would not end. */
static _Noreturn void
run_child(const char *path, int fd, int to)
{
	struct scan_answer answer;

	signal(SIGALRM, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)alarm(TIME_MAX);
	if (dup2(fd, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
		_exit(1);
	ask(&answer, path, STDIN_FILENO);
	(void)!write(STDOUT_FILENO, &answer, sizeof(answer));
	_exit(0);
}

bool
scan_begin(struct scan *s, const char *socket, int fd)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	s->pid = fork();
	if (s->pid == 0)
		run_child(socket, fd, ends[1]);
	close(ends[1]);
	s->pipe = ends[0];
	if (s->pid < 0)
		close(ends[0]);
	return s->pid > 0;
}

void
scan_stop(struct scan *s)
{
	(void)kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(s->pipe);
}

bool
scan_take(struct scan_answer *out, struct scan *s)
{
	const ssize_t n = read(s->pipe, out, sizeof(*out));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n != (ssize_t)sizeof(*out))
		*out = (struct scan_answer){.result = SCAN_AWAY};
	scan_stop(s);
	return true;
}
