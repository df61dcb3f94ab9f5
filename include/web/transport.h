#ifndef WEB_TRANSPORT_H
#define WEB_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of an answer: two runs of bytes, so that a large body need not be
 * copied behind its head. The last one ends the answer. */
struct piece {
	const void *head, *body;
	size_t head_len, body_len;
	bool is_last;
	bool is_sized; /* the head says how long the body is */
};

/* Where a request comes from and where its answer goes: FastCGI, plain CGI, or
 * the memory of a unit test. One request at a time. */
struct transport {
	void *state;

	/* A CGI variable (RFC 3875) or NULL; valid until the answer is sent. */
	const char *(*param)(void *state, const char *name);

	/* Reads up to n bytes of the body. Fewer than n: it ended, or the
	 * connection broke. */
	size_t (*read)(void *state, void *p, size_t n);

	/* Sends a piece of the answer (a CGI response). False: the client is
	 * gone. */
	bool (*send)(void *state, const struct piece *piece);

	/* Set to cut the connection after a part of an answer. */
	bool broken;
};

/* Serves one request. */
typedef void serve_fn(void *arg, struct transport *t);

/* Whether fd 0 is a listening socket: started as a FastCGI application. */
bool fcgi_is_server(void);

/* Serves FastCGI requests on fd 0 until a stop signal comes (stop_signal.h),
 * and finishes the current one first. False: the socket is broken. */
bool fcgi_serve(serve_fn *serve, void *arg);

/* Serves the one request of the environment and fds 0 and 1 (RFC 3875). */
void cgi_serve(serve_fn *serve, void *arg);

#endif
