#ifndef IDEMPOTENT_H
#define IDEMPOTENT_H

#include "web/http.h"

/* Runs the route's handler, which creates something, once for that key. A
 * repeat gets the first answer. ERR_INVALID: the key is malformed; ERR_REUSED:
 * it came with another request; else what the handler returns. */
enum err idempotent_handle(struct req *r, const char *key);

/* For a handler that reads the body by itself: what of the request is not in
 * r->body, but makes it another request. Call before anything is created, once;
 * without a key, it does nothing. */
void idempotent_cover(struct req *r, const char *text);

#endif
