#ifndef DESK_TOKEN_CACHE_H
#define DESK_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/ctx.h"

/* Whom tokens stood for a moment ago. A page of the portal asks several times
 * within a second, and who asks is a third of the cost of an issue. What is
 * remembered holds for a second, and on this machine (stamp.h) only until it
 * changes for anybody. It is by token and profile, so that nobody gets to know
 * another one's. */

#define TOKEN_CACHE_LIFETIME USEC_PER_SEC

struct token_key {
	unsigned char hash[HASH_BYTES]; /* of the token's text */
	int64_t profile_id;		/* that was asked for; 0: none */
	uint64_t stamp;			/* when it was looked up; 0: never */
};

/* False when it has to be asked for. *out is in the arena. */
bool token_recall(struct actor *out, struct ctx *c,
		  const struct token_key *key);

/* For a moment, but not past `expires`. Nothing without a stamp. */
void token_remember(const struct actor *who, struct ctx *c,
		    const struct token_key *key, usec_t expires);

#endif
