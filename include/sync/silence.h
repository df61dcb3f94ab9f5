#ifndef SYNC_SILENCE_H
#define SYNC_SILENCE_H

#include <stdbool.h>

#include "base/ctx.h"
#include "db/shared_state.h"

/* Detects that webhooks no longer arrive. */

/* Linear changed at that time, and no webhook had reported it. */
enum err silence_record(struct ctx *c, usec_t at) MUST_CHECK;

/* False: a webhook is missing, and within a minute none has come. */
bool webhooks_arrive(const struct shared_state *webhook,
		     const struct shared_state *unheard, usec_t now);

#endif
