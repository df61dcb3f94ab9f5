/* Plain CGI (RFC 3875): the request is in the environment and on fd 0, the
 * answer goes to fd 1. Web servers do not notice when a program ends in the
 * middle of an answer. So one that is sent in pieces is held in a file until it
 * is whole: if it breaks, nothing has been sent yet, and the server answers
 * with an error. One whose length its head says needs no such file. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
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

struct cgi {
	FILE *held; /* the pieces so far, or NULL */
	bool failed;
};

/* Keeps the piece. False: the disk is full. */
static bool
hold_piece(struct cgi *c, const struct piece *piece)
{
	if (!c->held)
		c->held = tmpfile();
	c->failed =
	    c->failed || !c->held ||
	    fwrite(piece->head, 1, piece->head_len, c->held) !=
		piece->head_len ||
	    fwrite(piece->body, 1, piece->body_len, c->held) != piece->body_len;
	return !c->failed;
}

static bool
cgi_send(void *state, const struct piece *piece)
{
	if (!piece->is_last && !piece->is_sized)
		return hold_piece(state, piece);
	return write_all(piece->head, piece->head_len) &&
	       write_all(piece->body, piece->body_len);
}

/* Sends what is held. False: it cannot be read, and nothing was sent. */
static bool
send_held(FILE *held)
{
	char part[64 * 1024];
	size_t n;

	if (fflush(held) != 0)
		return false;
	rewind(held);
	while ((n = fread(part, 1, sizeof(part), held)) > 0 &&
	       write_all(part, n))
		;
	fclose(held);
	return true;
}

void
cgi_serve(serve_fn *serve, void *arg)
{
	struct cgi c = {NULL, false};
	struct transport t = {&c, cgi_param, cgi_read, cgi_send, false};

	signal(SIGPIPE, SIG_IGN);
	serve(arg, &t);
	if (t.broken || c.failed || (c.held && !send_held(c.held)))
		abort(); /* without an answer, the server sends its own */
}
