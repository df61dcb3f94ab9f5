#ifndef HTTP_PRIVATE_H
#define HTTP_PRIVATE_H

#include "web/http.h"

#define OUT_MAX	 ((size_t)64 * 1024 * 1024) /* of an answer's body */
#define HEAD_MAX ((size_t)16 * 1024)	    /* of its header lines */
#define DROPPED_MAX \
	((size_t)64 * 1024 * 1024) /* of a body that is not wanted */

/* A CGI variable, or "". */
const char *request_param(const struct req *r, const char *name);

/* Fills in base, path and query. A path that cannot be decoded is "". */
void request_find_path(struct req *r);

/* Reads what is left of the body, and drops it: a server that cannot hand over
 * all of it may cut the connection before the client has the answer. Gives up
 * after DROPPED_MAX bytes. */
void request_drop_body(struct req *r);

/* Appends n bytes of a part of a URI; those that a URI must not hold are
 * percent-encoded. */
void uri_add(struct buf *out, const char *s, size_t n);

/* As percent_decode, but a plus sign is one. */
char *percent_decode_path(struct arena *a, const char *s, size_t n);

/* Adds the ETag of a successful answer, and makes it a 304 where If-None-Match
 * names the same. */
void reply_tag(struct req *r);

#endif
