#ifndef HTTP_PRIVATE_H
#define HTTP_PRIVATE_H

#include "web/http.h"

#define OUT_MAX	 ((size_t)64 * 1024 * 1024) /* of an answer's body */
#define HEAD_MAX ((size_t)16 * 1024)	    /* of its header lines */

/* A CGI variable, or "". */
const char *request_param(const struct req *r, const char *name);

/* Adds the ETag of a successful answer, and makes it a 304 where If-None-Match
 * names the same. */
void reply_tag(struct req *r);

#endif
