#ifndef SYNC_CALL_H
#define SYNC_CALL_H

#include "base/ctx.h"
#include "linear/client.h"

/* Asks Linear while somebody waits, over a connection that the process keeps.
 * All that use the key are one to Linear: while it limits one of them nothing
 * is asked (the answer is that it does), and when it limits or refuses this
 * one, the others are told. conf->linear_api_key must be set. */
enum err sync_call(struct linear_answer *out, struct ctx *c,
		   const struct linear_request *r) MUST_CHECK;

#endif
