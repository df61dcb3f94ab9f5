#ifndef CALLER_H
#define CALLER_H

#include "web/http.h"

/* Steps of dispatch(), once the route is known. */

/* Sets r->actor from the request's token, unless anyone may call the route.
 * Answers 401 without a valid token. ERR_INVALID: X-Profile is no id.
 * ERR_FORBIDDEN: it is not a profile of the token's user. */
enum err caller_authenticate(struct req *r) MUST_CHECK;

/* ERR_FORBIDDEN: the route does not admit the actor's role, or their token is a
 * personal one and the route needs a session. */
enum err caller_authorize(struct req *r) MUST_CHECK;

#endif
