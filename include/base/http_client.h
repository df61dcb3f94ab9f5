#ifndef BASE_HTTP_CLIENT_H
#define BASE_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Runs many transfers (HTTP POSTs, files and mails) at once, without threads,
 * through libcurl's multi interface. Connections are kept open and shared. */
struct transfers;

#define TRANSFER_HEADERS 8

/* One POST. Its texts are copied. */
struct transfer_post {
	const char *url;
	const char *type;	   /* of the body */
	const char *authorization; /* value of the header; never logged */
	const char *body;
	long connect_ms, total_ms; /* timeouts */
};

/* One mail to one recipient. Its texts are copied. */
struct transfer_mail {
	const char *url;       /* smtp:// or smtps://, with a login if needed */
	const char *from, *to; /* addresses of the envelope */
	const char *const *headers; /* whole lines, ended by NULL */
	const char *text, *html;    /* alternatives; lines end with CR LF */
	long connect_ms, total_ms;
};

/* One file that is sent by PUT. Its texts are copied. */
struct transfer_put {
	const char *url;	    /* http:// or https:// */
	const char *const *headers; /* whole lines, ended by NULL */
	const char *path;	    /* of the file */
	int64_t size;
	long connect_ms, total_ms;
};

/* One file that is fetched by GET. Its texts are copied. */
struct transfer_get {
	const char *url;
	const char *authorization; /* value of the header, or NULL; never
				      logged, and sent to this URL alone */
	/* takes the body of a 200, part by part, until the outcome is taken;
	 * false ends the transfer */
	bool (*take)(void *arg, const void *p, size_t n);
	void *arg;
	int64_t max; /* bytes of the largest file */
	long connect_ms, total_ms;
};

/* The outcome of a transfer. */
struct transfer_done {
	void *tag;
	struct arena *arena;
	const char *error; /* why there is no response; NULL: there is one */
	bool unsent; /* with an error: the server received nothing. For a mail:
		      * it was not reached, or refused TLS or the login */
	bool
	    resent;  /* POST only: a kept connection broke before the response,
		      * so libcurl sent the request again. This is the outcome of
		      * the last attempt; the server may have received more */
	long status; /* HTTP's, or the last of SMTP; 0: none came */
	const char
	    *body; /* for a mail: the server's last reply, also with an error */
	size_t body_len;
	/* the headers asked for, in that order; NULL: not present */
	const char *headers[TRANSFER_HEADERS];
	/* of a GET; NULL: not present */
	const char *content_type, *location; /* the whole URL */
	int64_t received;		     /* bytes of a GET */
	bool is_too_large; /* with an error: a GET brought more than allowed */
	bool is_unread; /* with an error: the file of a PUT could not be read */
};

/* At most `parallel` connections to one host. `headers` lists the response
 * headers to return, ended by NULL. `ca` is a file of the authorities that
 * servers are checked against; NULL: that of the system. */
struct transfers *transfers_new(long parallel, const char *const *headers,
				const char *ca);

/* Aborts the transfers that are still running. */
void transfers_free(struct transfers *t);

/* Starts a transfer. The outcome carries `tag`, and its texts are allocated in
 * the arena. */
void transfers_begin(struct transfers *t, struct arena *a,
		     const struct transfer_post *p, void *tag);

/* Starts a mail; transfers_take_mail returns its outcome. With a login, TLS is
 * required; without one, it is used if offered. A server on this machine is
 * spoken to without TLS, except by smtps://. */
void transfers_begin_mail(struct transfers *t, struct arena *a,
			  const struct transfer_mail *m, void *tag);

/* Starts to send a file, or to fetch one; transfers_take_put and _get return
 * the outcomes. Memory does not grow with the file. Redirects are not followed:
 * the outcome has the location. A transfer that stands still for half a minute
 * ends. */
void transfers_begin_put(struct transfers *t, struct arena *a,
			 const struct transfer_put *p, void *tag);
void transfers_begin_get(struct transfers *t, struct arena *a,
			 const struct transfer_get *g, void *tag);

/* How many POSTs are running, or finished and not yet taken. */
size_t transfers_pending(const struct transfers *t);

/* Runs the transfers until one of them makes progress, one of the n file
 * descriptors is readable, or `ms` milliseconds have passed. */
void transfers_wait(struct transfers *t, const int *fds, size_t n, int ms);

/* Returns the outcome of a finished transfer; false: none has finished. */
bool transfers_take(struct transfer_done *out, struct transfers *t);
bool transfers_take_mail(struct transfer_done *out, struct transfers *t);
bool transfers_take_put(struct transfer_done *out, struct transfers *t);
bool transfers_take_get(struct transfer_done *out, struct transfers *t);

#endif
