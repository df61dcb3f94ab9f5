#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdint.h>

#include "web/http.h"
#include "web/input.h"

/* Who may call an endpoint: bits, so that a row can name several roles. */
enum {
	CUSTOMER = 1,
	EMPLOYEE = 2,
	VENDOR = 4,
	STAFF = EMPLOYEE | VENDOR,
	ALL = CUSTOMER | STAFF,
	LOGIN = 8,     /* any live token, even of a user without a profile */
	ANYONE = 16,   /* no token needed */
	RAW = 32,      /* the body is not JSON for the dispatcher (webhooks) */
	ONCE = 64,     /* honours Idempotency-Key */
	FORM = 128,    /* whatever form the body has, nothing of it counts */
	SESSION = 256, /* by a login only: personal tokens may not */
	WAITS = 512    /* for Linear: see dispatch_may_wait */
};

/* At most so many ids are in a path. */
#define ROUTE_IDS 2

/* One endpoint: the whole declaration. "{id}" in the pattern (of a thing inside
 * of it "{cid}") matches digits only, so that no two patterns overlap. */
struct route {
	enum method method;
	const char *pattern;
	unsigned access;
	const char *stem; /* its handler's name without do_ */
	void (*handler)(struct req *r);
	const struct field *fields;
};

/* The row for the method and path, and its ids (0 if none). NULL when there
 * is none: then *allow holds the methods (enum method bits) that the path
 * knows, 0 for an unknown path. */
const struct route *route_find(const struct route *table, enum method method,
			       const char *path, int64_t ids[ROUTE_IDS],
			       unsigned *allow);

/* "GET, HEAD, PATCH" for a set of methods, into out (of 64 bytes). */
void route_allow(char out[64], unsigned methods);

#endif
