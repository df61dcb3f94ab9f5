#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "transport.h"

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
fcgi_send(void *state, const void *p, size_t n)
{
	FCGX_Request *r = state;

	return n <= INT_MAX && FCGX_PutStr(p, (int)n, r->out) == (int)n &&
	       FCGX_FFlush(r->out) == 0;
}

/* Waits for a connection with the signals let in only here, so that a request
 * in hand is never interrupted: libfcgi's own handlers cut bodies and answers
 * short (fcgiapp.c treats EINTR as the end of the stream). */
static bool
wait_for_connection(const sigset_t *original)
{
	struct pollfd listener = {.fd = 0, .events = POLLIN};

	while (!stopping) {
		if (ppoll(&listener, 1, NULL, original) > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
	return false;
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
	/* whoever started us may have blocked them already */
	sigdelset(original, SIGTERM);
	sigdelset(original, SIGINT);
}

bool
fcgi_serve(serve_fn *serve, void *arg)
{
	FCGX_Request r;
	struct transport t = {&r, fcgi_param, fcgi_read, fcgi_send, false};
	sigset_t original;
	int e;

	take_signals(&original);
	/* several workers wait on one socket: the losers must not block */
	if (fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK) < 0 ||
	    FCGX_Init() != 0 || FCGX_InitRequest(&r, 0, 0) != 0)
		return false;
	while (wait_for_connection(&original)) {
		e = FCGX_Accept_r(&r); /* -errno, not -1 */
		if (e == -EAGAIN || e == -ECONNABORTED)
			continue;
		if (e < 0)
			return false;
		t.broken = false;
		serve(arg, &t);
		/* without the end of the request, which Finish would send */
		if (t.broken)
			FCGX_Free(&r, 1);
		else
			FCGX_Finish_r(&r);
		/* a kept connection would pin this process to one client */
		if (r.ipcFd >= 0)
			FCGX_Free(&r, 1);
	}
	FCGX_Free(&r, 1);
	return stopping != 0;
}
