#ifndef SYNC_PAUSE_H
#define SYNC_PAUSE_H

#include "base/ctx.h"
#include "db/shared_state.h"
#include "sync/breaker.h"

/* The circuit breaker, shared by all processes that use the same key. */

/* Tells the others that the breaker has opened. A pause that another process
 * noted, and that ends later, stays. */
enum err pause_share(struct ctx *c, struct breaker *br) MUST_CHECK;

/* Tells the others that it has closed: what waited for that is due now. */
enum err pause_end(struct ctx *c) MUST_CHECK;

/* Adopts what another process told; *out says what changed. */
enum err pause_adopt(enum breaker_event *out, struct ctx *c,
		     struct breaker *br) MUST_CHECK;

/* Why Linear is paused, for a person; NULL: it is not. */
const char *pause_reason(const struct shared_state *paused);

#endif
