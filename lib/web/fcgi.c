/* FastCGI by libfcgi: an accept loop that stops gracefully, and the transport
 * of one request. Measured with libfcgi 2.4 under nginx:
 *
 * - The signals to stop are blocked, so that a request in progress is never
 * interrupted, and looked at before each accept: a loop that only lets them in
 * while it waits never sees them as long as connections are ready. libfcgi's
 * own handlers cut bodies and answers short, because it takes EINTR for the end
 * of the stream.
 * - Several workers wait on one socket, which does not block: a connection
 * wakes one of them, and accept says EAGAIN to one that comes too late. A
 * worker that was woken for a connection accepts it, even if a signal comes at
 * the same time: nobody else is woken for it.
 * - Connections are never kept: one client would hold the process.
 * - Answers go past libfcgi, which copies them and writes 8 KiB at a time. */

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/stop_signal.h"
#include "web/transport.h"

/* FastCGI 1.0, 3.3 and 8: the content of a record, padded to 8 bytes, and types
 * of records. */
#define RECORD_MAX 65528
enum { END_RECORD = 3, STDOUT_RECORD = 6 };

bool
fcgi_is_server(void)
{
	int listening = 0;
	socklen_t n = sizeof(listening);

	return getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 &&
	       listening;
}

struct fcgi {
	FCGX_Request r;
	bool ended; /* the end of the request was written */
};

static const char *
fcgi_param(void *state, const char *name)
{
	const struct fcgi *f = state;

	return FCGX_GetParam(name, f->r.envp);
}

static size_t
fcgi_read(void *state, void *p, size_t n)
{
	const struct fcgi *f = state;
	int got;

	if (n > INT_MAX)
		return 0;
	got = FCGX_GetStr(p, (int)n, f->r.in);
	return got > 0 && !FCGX_GetError(f->r.in) ? (size_t)got : 0;
}

/* Writes all bytes of the parts, which it uses up. */
static bool
write_parts(int fd, struct iovec *parts, int n)
{
	ssize_t w;

	while (n) {
		w = writev(fd, parts, n);
		if (w < 0 && errno != EINTR)
			return false;
		for (; n && w >= (ssize_t)parts->iov_len; parts++, n--)
			w -= (ssize_t)parts->iov_len;
		if (n && w > 0) {
			parts->iov_base = (char *)parts->iov_base + w;
			parts->iov_len -= (size_t)w;
		}
	}
	return true;
}

/* The end of the output, and of the request (FastCGI 1.0, 5.3 and 5.5). */
struct fcgi_end {
	unsigned char output[8], request[16];
};

static void
fill_in_header(unsigned char out[8], int type, int request_id, size_t n)
{
	out[0] = 1; /* the protocol's version */
	out[1] = (unsigned char)type;
	out[2] = (unsigned char)(request_id >> 8);
	out[3] = (unsigned char)request_id;
	out[4] = (unsigned char)(n >> 8);
	out[5] = (unsigned char)n;
}

/* Writes a piece in as few records as there can be, and behind it, in the same
 * system call, the end of the request. */
static bool
write_records(const FCGX_Request *r, const struct piece *p, bool ends)
{
	unsigned char header[8] = {0};
	struct fcgi_end end = {{0}, {0}};
	size_t head = p->head_len, at = 0, n;

	fill_in_header(end.output, STDOUT_RECORD, r->requestId, 0);
	fill_in_header(end.request, END_RECORD, r->requestId, 8);
	do {
		n = p->body_len - at;
		if (n > RECORD_MAX - head)
			n = RECORD_MAX - head;
		fill_in_header(header, STDOUT_RECORD, r->requestId, head + n);
		if (!write_parts(
			r->ipcFd,
			(struct iovec[]){{header, sizeof(header)},
					 {(void *)(uintptr_t)p->head, head},
					 {(char *)(uintptr_t)p->body + at, n},
					 {&end, ends && at + n == p->body_len
						    ? sizeof(end)
						    : 0}},
			4))
			return false;
		head = 0;
		at += n;
	} while (at < p->body_len);
	return true;
}

/* Whether all of the request has arrived and was read. */
static bool
is_read(const FCGX_Request *r)
{
	return FCGX_GetChar(r->in) < 0 && !FCGX_GetError(r->in);
}

static bool
fcgi_send(void *state, const struct piece *p)
{
	struct fcgi *f = state;

	if (!p->is_last && p->head_len + p->body_len == 0)
		return true;
	f->ended = p->is_last && is_read(&f->r);
	return write_records(&f->r, p, f->ended);
}

/* Ends the request. libfcgi waits up to two seconds for the web server to close
 * the connection first, because closing it while the server still sends would
 * lose the answer. Once all of the request is read, there is no need to wait.
 * A kept connection would pin this process to one client. */
static void
fcgi_finish(struct fcgi *f)
{
	if (!f->ended) {
		(void)FCGX_FClose(f->r.err);
		(void)FCGX_FClose(f->r.out);
		f->ended = is_read(&f->r);
	}
	if (f->ended) {
		close(f->r.ipcFd);
		f->r.ipcFd = -1;
	}
	FCGX_Free(&f->r, f->r.ipcFd >= 0);
}

/* Waits for a connection. False: a signal to stop came, and no connection. */
static bool
wait_for_connection(int epoll)
{
	struct epoll_event events[2];
	int n;

	do
		n = epoll_wait(epoll, events, 2, -1);
	while (n < 0 && errno == EINTR);
	for (int i = 0; i < n; i++)
		if (events[i].data.fd == 0)
			return true;
	return false;
}

static int
watch(int stop)
{
	struct epoll_event connection = {.events = EPOLLIN | EPOLLEXCLUSIVE},
			   signal = {.events = EPOLLIN, .data.fd = stop};
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &connection) < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, stop, &signal) < 0 ||
	    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK) < 0)
		return -1;
	return epoll;
}

/* Serves until a signal to stop comes. False: the socket is broken. */
static bool
serve_connections(struct fcgi *f, int epoll, int stop, serve_fn *serve,
		  void *arg)
{
	struct transport t = {f, fcgi_param, fcgi_read, fcgi_send, false};
	int e;

	while (!stop_signal_came(stop) && wait_for_connection(epoll)) {
		e = FCGX_Accept_r(&f->r); /* -errno, not -1 */
		if (e == -EAGAIN || e == -ECONNABORTED)
			continue;
		if (e < 0)
			return false;
		t.broken = f->ended = false;
		serve(arg, &t);
		/* cut the connection: no end of the request is sent */
		if (t.broken)
			FCGX_Free(&f->r, 1);
		else
			fcgi_finish(f);
	}
	return true;
}

bool
fcgi_serve(serve_fn *serve, void *arg)
{
	struct fcgi f = {.ended = false};
	const int stop = stop_signal_open();
	const int epoll = watch(stop);
	bool ok;

	if (epoll < 0 || FCGX_Init() != 0 || FCGX_InitRequest(&f.r, 0, 0) != 0)
		return false;
	ok = serve_connections(&f, epoll, stop, serve, arg);
	FCGX_Free(&f.r, 1);
	close(epoll);
	close(stop);
	return ok;
}
