#ifndef DESK_TOKEN_USE_H
#define DESK_TOKEN_USE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/ctx.h"

/* Stores that the token was used now, and from where, unless a use after
 * `stale` is stored already. For token_actor.c. */
enum err token_note_use(struct ctx *c, int64_t id, usec_t stale) MUST_CHECK;

#endif
