#ifndef DISPATCH_H
#define DISPATCH_H

#include "route.h"

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

#endif
