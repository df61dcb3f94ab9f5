#ifndef OPENAPI_H
#define OPENAPI_H

#include "web/route.h"

struct buf;
struct jsonout;

/* What the route table and the inputs do not say of an endpoint. */
struct operation {
	const char *stem;
	const char *tag;     /* its group on the page */
	const char *summary; /* one line for a person */
	int status;	     /* of success */
	const char *answer;  /* a schema of openapi/components.json, a media
			      * type if it has a '/', or NULL: no body */
	unsigned may;
};

/* The errors of an operation that do not follow from its route's row. */
enum {
	MAY_REFUSE = 1,	  /* 403 although it takes no token */
	MAY_STALE = 2,	  /* 412: honours If-Match */
	MAY_LIMIT = 4,	  /* 429 */
	MAY_CONFLICT = 8, /* 409 without an Idempotency-Key */
	MAY_MISS = 16	  /* 404 although its path has no id */
};

/* One for each stem of the route table; ends with a NULL stem. */
extern const struct operation operations[];

/* The whole OpenAPI 3.1 document of these routes and operations. */
void openapi_write(struct buf *out, const struct route *table,
		   const struct operation *list);

/* The schema of an input. */
void openapi_field(struct jsonout *j, const char *key, const struct field *f);

/* {"$ref": to} */
void openapi_refer(struct jsonout *j, const char *key, const char *to);

#endif
