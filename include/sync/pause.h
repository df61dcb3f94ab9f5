#ifndef SYNC_PAUSE_H
#define SYNC_PAUSE_H

#include "base/ctx.h"
#include "db/shared_state.h"
#include "sync/breaker.h"

/* The circuit breaker's state, shared by all processes that use the same
 * key. */

/* Tells the other processes that this breaker has tripped. A pause of
 * another process that ends later is kept. */
enum err pause_share(struct ctx *c, struct breaker *br) MUST_CHECK;

/* Tells the other processes that Linear answers again. Jobs that waited for
 * that are due now. */
enum err pause_end(struct ctx *c) MUST_CHECK;

/* Adopts what another process reported; *out says what changed. */
enum err pause_adopt(enum breaker_event *out, struct ctx *c,
		     struct breaker *br) MUST_CHECK;

/* Why Linear is paused, for a person; NULL: it is not. */
const char *pause_reason(const struct shared_state *paused);

#endif
