#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "web/transport.h"

static const char *
cgi_param(void *state, const char *name)
{
	(void)state;
	return getenv(name);
}

static size_t
cgi_read(void *state, void *p, size_t n)
{
	size_t got = 0;
	ssize_t r;

	(void)state;
	while (got < n) {
		r = read(STDIN_FILENO, (char *)p + got, n - got);
		if (r == 0 || (r < 0 && errno != EINTR))
			break;
		if (r > 0)
			got += (size_t)r;
	}
	return got;
}

static bool
write_all(const char *from, size_t n)
{
	ssize_t w;

	while (n > 0) {
		w = write(STDOUT_FILENO, from, n);
		if (w < 0 && errno != EINTR)
			return false;
		if (w > 0) {
			from += w;
			n -= (size_t)w;
		}
	}
	return true;
}

static bool
cgi_send(void *state, const struct piece *piece)
{
	(void)state;
	return write_all(piece->head, piece->head_len) &&
	       write_all(piece->body, piece->body_len);
}

void
cgi_serve(serve_fn *serve, void *arg)
{
	struct transport t = {NULL, cgi_param, cgi_read, cgi_send, false};

	signal(SIGPIPE, SIG_IGN);
	serve(arg, &t);
	if (t.broken) /* an abnormal end is all that a web server notices */
		abort();
}
