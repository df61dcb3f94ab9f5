#ifndef OPENAPI_OPERATION_H
#define OPENAPI_OPERATION_H

#include <stdbool.h>

#include "web/route.h"

/* The parts of openapi_operation(); for operation.c, request.c and answer.c
 * only. */

struct jsonout;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- request.c ------------------------------------------------------------ */

/* The first field, from f on, that is in the query (or in the body), or NULL.
 */
const struct field *openapi_next_field(const struct field *f, bool of_query);

bool route_takes_token(const struct route *r);
bool route_may_lack_token(const struct route *r);
bool route_takes_body(const struct route *r);
bool route_has_id(const struct route *r);

/* Whether the answer has an ETag. */
bool route_is_tagged(const struct route *r);

void openapi_parameters(struct jsonout *j, const struct route *r);
void openapi_body(struct jsonout *j, const struct route *r);

/* --- answer.c ------------------------------------------------------------- */

void openapi_responses(struct jsonout *j, const struct route *r);

#endif
