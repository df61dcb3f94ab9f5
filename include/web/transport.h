#ifndef WEB_TRANSPORT_H
#define WEB_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

/* Where a request comes from and its answer goes: FastCGI, plain CGI, or the
 * memory of a unit test. One request at a time. */
struct transport {
	void *state;

	/* A CGI variable (RFC 3875) or NULL; valid until the answer is sent. */
	const char *(*param)(void *state, const char *name);

	/* Reads up to n bytes of the body; fewer than n means that it ended or
	 * broke. */
	size_t (*read)(void *state, void *p, size_t n);

	/* Sends the whole answer, a CGI response, or a part of it. False when
	 * nobody took it. */
	bool (*send)(void *state, const void *p, size_t n);

	/* Set when an answer broke off: the connection is then cut, so that
	 * the client cannot take the part for the whole. */
	bool broken;
};

/* What becomes of each request. */
typedef void serve_fn(void *arg, struct transport *t);

/* True when fd 0 is a listening socket: a FastCGI application was started. */
bool fcgi_is_server(void);

/* Serves FastCGI requests on fd 0 until SIGTERM or SIGINT, which let the
 * request in hand finish. False on a broken socket. */
bool fcgi_serve(serve_fn *serve, void *arg);

/* Serves the one request of the environment and fds 0 and 1 (RFC 3875). */
void cgi_serve(serve_fn *serve, void *arg);

#endif
