#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>

#include "web/route.h"

struct arena;
struct conf;
struct db;
struct transport;

/* THE table: every endpoint, who may call it, and what serves it. */
extern const struct route routes[];

/* A worker: its configuration, its connection, its memory. */
struct app {
	const struct conf *conf;
	struct db *db;
	struct arena *arena; /* of the request in hand */
};

void app_init(struct app *app, const struct conf *conf);
void app_release(struct app *app);

/* Serves one request, whatever it is: every refusal that needs no knowledge
 * of the thing itself happens here, once, before a handler runs. A serve_fn
 * (arg: the app). */
void dispatch(void *arg, struct transport *t);

/* For a request that has to wait for Linear, before it does: takes one of the
 * places to wait, or answers (r->status). Such requests have workers of their
 * own, so that a slow Linear delays nothing else: where the web server can pass
 * the request on to those, it is asked to. One organization may hold only a
 * share of them; the rest is 429. The dispatcher asks for every route that
 * WAITS; a handler only where it depends on the input. */
enum err dispatch_wait_for_linear(struct req *r) MUST_CHECK;

#endif
