#ifndef BASE_HTTP_CLIENT_H
#define BASE_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Many transfers at once (HTTP posts, mails), without threads: libcurl's multi
 * interface, which only this module knows. Connections are kept and shared. */
struct transfers;

#define TRANSFER_HEADERS 8

/* One POST; its texts are copied. */
struct transfer_post {
	const char *url;
	const char *type;	   /* of the body */
	const char *authorization; /* value of that header, never logged */
	const char *body;
	long connect_ms, total_ms; /* after which it is given up */
};

/* One mail to one recipient; its texts are copied. */
struct transfer_mail {
	const char *url; /* smtp:// or smtps://, with a login if need be */
	const char *from, *to;	    /* addresses of the envelope */
	const char *const *headers; /* whole lines, ended by NULL */
	const char *text, *html;    /* the same, twice; lines end with CR LF */
	long connect_ms, total_ms;
};

/* What came of it. */
struct transfer_done {
	void *tag;
	struct arena *arena;
	const char *error; /* why there is no answer; NULL: there is one */
	bool unsent; /* with an error: the server saw nothing of it; of mails:
		      * it is away, or does not let us in */
	bool resent; /* of posts: a kept connection died before it answered, so
		      * libcurl sent it once more; what is told here, is told of
		      * the last time, and the server may have seen more */
	long status; /* HTTP's, or SMTP's last one (0: none came) */
	const char *body; /* of mails: the server's last words, always */
	size_t body_len;
	/* of the headers asked for, in that order; NULL: it has none */
	const char *headers[TRANSFER_HEADERS];
};

/* At most `parallel` connections to one host; `headers` names those of the
 * answers that matter, ended by NULL. */
struct transfers *transfers_new(long parallel, const char *const *headers);

/* Gives up what is under way. */
void transfers_free(struct transfers *t);

/* Begins one; `tag` comes back with what came of it, whose texts will be in
 * the arena. */
void transfers_begin(struct transfers *t, struct arena *a,
		     const struct transfer_post *p, void *tag);

/* The same of a mail, and transfers_take_mail. TLS is a must with a login, and
 * used if offered without one; but not to this machine itself, except by
 * smtps://. */
void transfers_begin_mail(struct transfers *t, struct arena *a,
			  const struct transfer_mail *m, void *tag);

/* How many posts are under way, or done and not yet taken. */
size_t transfers_pending(const struct transfers *t);

/* Lets them go on until something happened to one of them, one of the n file
 * descriptors can be read, or the time is over. */
void transfers_wait(struct transfers *t, const int *fds, size_t n, int ms);

/* The next one that is done. False: none is. */
bool transfers_take(struct transfer_done *out, struct transfers *t);
bool transfers_take_mail(struct transfer_done *out, struct transfers *t);

#endif
