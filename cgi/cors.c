/* CORS (Fetch standard, 3.2): which pages of other origins may call the API. */

#include "cors.h"

#include "base/conf.h"
#include "web/route.h"

void
cors_allow_origin(struct req *r)
{
	const char *origin = http_header(r, "Origin");

	if (!r->ctx->conf->cors_origins)
		return;
	reply_header(r, "Vary", "Origin");
	if (!origin || !conf_lists(r->ctx->conf->cors_origins, origin))
		return;
	reply_header(r, "Access-Control-Allow-Origin", origin);
	reply_header(r, "Access-Control-Allow-Credentials", "true");
	reply_header(r, "Access-Control-Expose-Headers",
		     "ETag, X-Request-Id, Idempotent-Replay, Retry-After");
}

void
cors_answer_options(struct req *r, unsigned methods)
{
	char allow[64];

	route_allow(allow, methods | METHOD_OPTIONS);
	reply_empty(r, 204);
	reply_header(r, "Allow", allow);
	reply_header(r, "Access-Control-Allow-Methods", allow);
	reply_header(r, "Access-Control-Allow-Headers",
		     "Authorization, Content-Type, If-Match, If-None-Match, "
		     "Idempotency-Key, X-Profile");
	reply_header(r, "Access-Control-Max-Age", "600");
}
