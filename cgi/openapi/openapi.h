#ifndef OPENAPI_H
#define OPENAPI_H

#include "web/route.h"

struct buf;
struct jsonout;

/* The whole OpenAPI 3.1 document of these routes. */
void openapi_write(struct buf *out, const struct route *table);

/* The member of a path for that row of the table: {"get": {…}}. */
void openapi_operation(struct jsonout *j, const struct route *table,
		       const struct route *r);

/* The schema of an input. */
void openapi_field(struct jsonout *j, const char *key, const struct field *f);

/* The schema of an issue's fields. */
void openapi_issue_fields(struct jsonout *j, const char *key);

/* {"$ref": to} */
void openapi_refer(struct jsonout *j, const char *key, const char *to);

#endif
