#ifndef DISPATCH_H
#define DISPATCH_H

#include "route.h"

struct app;
struct conf;
struct transport;

/* THE table: every endpoint, who may call it, and what serves it. */
extern const struct route routes[];

/* A worker: its configuration, its connection, its memory. */
struct app *app_new(const struct conf *conf);
void app_free(struct app *app);

/* Serves one request, whatever it is: every refusal that needs no knowledge
 * of the thing itself happens here, once, before a handler runs. A serve_fn
 * (arg: the app). */
void dispatch(void *app, struct transport *t);

#endif
