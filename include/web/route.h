#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdint.h>

#include "web/http.h"
#include "web/input.h"

/* Who may call an endpoint, and how it is served: explained in
 * cgi/routes.def. */
enum {
	CUSTOMER = 1,
	EMPLOYEE = 2,
	VENDOR = 4,
	STAFF = EMPLOYEE | VENDOR,
	ALL = CUSTOMER | STAFF,
	LOGIN = 8,
	ANYONE = 16,
	RAW = 32,
	ONCE = 64,
	FORM = 128,
	SESSION = 256,
	WAITS = 512,
	STREAM = 1024,
	LIMITED = 2048,
	UPLOAD = 4096,
	LINKED = 8192,
	MAIL = 16384
};

/* The answer of a route that sends a file, whatever its type. */
#define ANY_MEDIA "*/*"

/* Errors of an endpoint that do not follow from the rest of its row. */
enum { MAY_REFUSE = 1, MAY_STALE = 2, MAY_CONFLICT = 4, MAY_MISS = 8 };

/* At most so many ids are in a path. */
#define ROUTE_IDS 2

/* One endpoint: the whole declaration. "{id}" in the pattern (of a thing inside
 * of it "{cid}") matches digits only, so that no two patterns overlap. */
struct route {
	enum method method;
	const char *pattern;
	unsigned access;
	const char *stem; /* its handler's name without do_ */
	enum err (*handler)(struct req *r);
	const struct field *fields;

	/* For the OpenAPI document. */
	const char *tag;     /* its group */
	const char *summary; /* what it does, in a few words */
	const char *description;
	int status;	    /* of success */
	const char *answer; /* a schema of components.json, a media type if it
			     * has a '/', or NULL: no body */
	unsigned may;	    /* MAY_ bits */
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
