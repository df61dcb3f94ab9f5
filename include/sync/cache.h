#ifndef SYNC_CACHE_H
#define SYNC_CACHE_H

#include <stdbool.h>

#include "base/clock.h"
#include "linear/client.h"

/* What seldom changes in Linear, cached for some minutes: the workflow
 * states of teams, and which user has which e-mail address. */
struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *k);

/* Empties the cache: an answer of Linear's showed that it is outdated. */
void cache_forget(struct cache *k);

/* NULL: not cached, so Linear has to be asked. */
const struct linear_team *cache_team(struct cache *k, const char *id,
				     usec_t now);
void cache_put_team(struct cache *k, const struct linear_team *team,
		    usec_t now);

/* True if the cache knows who has that address: *id, or nobody (NULL). */
bool cache_user(const char **id, struct cache *k, const char *email,
		usec_t now);
void cache_put_user(struct cache *k, const char *email, const char *id,
		    usec_t now);

#endif
