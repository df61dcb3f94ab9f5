#ifndef DESK_TOKEN_CACHE_H
#define DESK_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/ctx.h"

/* A cache of token_actor() in each process. A page of the portal makes several
 * requests within a second, and finding out who makes them is a third of the
 * cost of reading an issue. An entry is valid for a second; on the machine
 * where a user, profile or token changes, it is invalid at once
 * (auth_generation.h). The key includes the whole hash of the token and the
 * profile, so that nobody is given another person's actor. */

#define TOKEN_CACHE_LIFETIME USEC_PER_SEC

struct token_key {
	unsigned char hash[HASH_BYTES]; /* of the token's text */
	int64_t profile_id;		/* that was requested; 0: none */
	uint64_t generation; /* when it was looked up; 0: do not cache */
};

/* False when the cache does not have it. *out is in the arena. */
bool token_cache_get(struct actor *out, struct ctx *c,
		     const struct token_key *key);

/* Stores a copy, for TOKEN_CACHE_LIFETIME but not past `expires`. Does nothing
 * when key->generation is 0. */
void token_cache_put(const struct actor *who, struct ctx *c,
		     const struct token_key *key, usec_t expires);

#endif
