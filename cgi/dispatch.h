#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "web/route.h"

struct arena;
struct conf;
struct db;
struct transport;

/* The table of all endpoints; see routes.def. */
extern const struct route routes[];

/* What a worker holds from request to request. */
struct app {
	const struct conf *conf;
	struct db *db;
	struct arena *arena; /* of the current request */
	int64_t unheard; /* an issue that the last request changed and that no
			  * docket-sync was woken for; 0: none */
};

void app_init(struct app *app, const struct conf *conf);
void app_release(struct app *app);

/* Serves one request: a serve_fn, whose arg is the app. Every refusal that does
 * not depend on a single object happens here, before a handler runs. */
void dispatch(void *arg, struct transport *t);

/* For a request that has to wait for Linear, before it does: takes one of the
 * places to wait, or answers (r->status). Such requests have workers of their
 * own, so that a slow Linear delays nothing else: where the web server can pass
 * the request on to those, it is asked to. One organization may hold only a
 * share of them; the rest is 429. The dispatcher asks for every route that
 * WAITS; a handler only where it depends on the input. */
enum err dispatch_wait_for_linear(struct req *r) MUST_CHECK;

#endif
