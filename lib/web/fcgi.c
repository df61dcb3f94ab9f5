/* FastCGI by libfcgi: an accept loop that stops gracefully, and the transport
 * of one request. Measured with libfcgi 2.4 under nginx:
 *
 * - The signals to stop are let in only while the loop waits for a connection,
 * so that a request in progress is never interrupted. libfcgi's own handlers
 * cut bodies and answers short, because it takes EINTR for the end of the
 * stream.
 * - Several workers wait on one socket, which does not block: a connection
 * wakes one of them, and accept says EAGAIN to one that comes too late.
 * - Connections are never kept: one client would hold the process.
 * - Long answers go past libfcgi, which writes a stream 8 KiB at a time. */

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "web/transport.h"

/* Answers of more bytes go past libfcgi, in records of the maximum length
 * (FastCGI 1.0, 3.3). */
#define BUFFERED_MAX 8000
#define RECORD_MAX   65528

static volatile sig_atomic_t stopping;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

bool
fcgi_is_server(void)
{
	int listening = 0;
	socklen_t n = sizeof(listening);

	return getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 &&
	       listening;
}

static const char *
fcgi_param(void *state, const char *name)
{
	FCGX_Request *r = state;

	return FCGX_GetParam(name, r->envp);
}

static size_t
fcgi_read(void *state, void *p, size_t n)
{
	FCGX_Request *r = state;
	int got;

	if (n > INT_MAX)
		return 0;
	got = FCGX_GetStr(p, (int)n, r->in);
	return got > 0 && !FCGX_GetError(r->in) ? (size_t)got : 0;
}

static bool
write_parts(int fd, struct iovec parts[2])
{
	ssize_t w;

	while (parts[0].iov_len + parts[1].iov_len) {
		w = writev(fd, parts, 2);
		if (w < 0 && errno != EINTR)
			return false;
		for (int i = 0; i < 2 && w > 0; i++) {
			size_t n = (size_t)w < parts[i].iov_len
				       ? (size_t)w
				       : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + n;
			parts[i].iov_len -= n;
			w -= (ssize_t)n;
		}
	}
	return true;
}

static bool
write_record(const FCGX_Request *r, const char *p, size_t n)
{
	unsigned char head[8] = {1, /* the protocol's version */
				 6, /* FCGI_STDOUT */
				 (unsigned char)(r->requestId >> 8),
				 (unsigned char)r->requestId,
				 (unsigned char)(n >> 8),
				 (unsigned char)n};
	struct iovec parts[2] = {{head, sizeof(head)},
				 {(void *)(uintptr_t)p, n}};

	return write_parts(r->ipcFd, parts);
}

static bool
write_records(const FCGX_Request *r, const char *p, size_t n)
{
	size_t part;

	for (; n; p += part, n -= part) {
		part = n < RECORD_MAX ? n : RECORD_MAX;
		if (!write_record(r, p, part))
			return false;
	}
	return true;
}

/* A short answer stays in libfcgi's buffer and is written together with the end
 * of the request. */
static bool
fcgi_send(void *state, const void *p, size_t n)
{
	FCGX_Request *r = state;

	if (n <= BUFFERED_MAX)
		return FCGX_PutStr(p, (int)n, r->out) == (int)n;
	return FCGX_FFlush(r->out) == 0 && write_records(r, p, n);
}

/* Ends the request. libfcgi waits up to two seconds for the web server to close
 * the connection first, because closing it while the server still sends would
 * lose the answer. Once all of the request is read, there is no need to wait.
 */
static void
fcgi_finish(FCGX_Request *r)
{
	(void)FCGX_FClose(r->err);
	(void)FCGX_FClose(r->out);
	if (FCGX_GetChar(r->in) < 0 && !FCGX_GetError(r->in)) {
		close(r->ipcFd);
		r->ipcFd = -1;
	}
	FCGX_Finish_r(r);
	/* a kept connection would pin this process to one client */
	if (r->ipcFd >= 0)
		FCGX_Free(r, 1);
}

/* Waits for a connection, with the signals to stop let in. False: stop. */
static bool
wait_for_connection(int epoll, const sigset_t *original)
{
	struct epoll_event event;

	while (!stopping) {
		if (epoll_pwait(epoll, &event, 1, -1, original) > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
	return false;
}

static int
watch_listener(void)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event) < 0 ||
	    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK) < 0)
		return -1;
	return epoll;
}

static void
take_signals(sigset_t *original)
{
	struct sigaction sa = {.sa_handler = on_stop};
	sigset_t stop;

	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, original);
	/* the parent process may have blocked them already */
	sigdelset(original, SIGTERM);
	sigdelset(original, SIGINT);
}

bool
fcgi_serve(serve_fn *serve, void *arg)
{
	FCGX_Request r;
	struct transport t = {&r, fcgi_param, fcgi_read, fcgi_send, false};
	const int epoll = watch_listener();
	sigset_t original;
	int e;

	take_signals(&original);
	if (epoll < 0 || FCGX_Init() != 0 || FCGX_InitRequest(&r, 0, 0) != 0)
		return false;
	while (wait_for_connection(epoll, &original)) {
		e = FCGX_Accept_r(&r); /* -errno, not -1 */
		if (e == -EAGAIN || e == -ECONNABORTED)
			continue;
		if (e < 0)
			return false;
		t.broken = false;
		serve(arg, &t);
		/* cut the connection: Finish would send a proper end */
		if (t.broken)
			FCGX_Free(&r, 1);
		else
			fcgi_finish(&r);
	}
	FCGX_Free(&r, 1);
	close(epoll);
	return stopping != 0;
}
