#ifndef SYNC_CACHE_H
#define SYNC_CACHE_H

#include <stdbool.h>

#include "base/clock.h"
#include "linear/client.h"

/* What changes seldom in Linear, remembered for some minutes: the workflow
 * states of teams, and who has which e-mail address. */
struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *k);

/* Forgets everything: Linear said that something of it is outdated. */
void cache_forget(struct cache *k);

/* The team; NULL: it has to be asked for. */
const struct linear_team *cache_team(struct cache *k, const char *id,
				     usec_t now);
void cache_put_team(struct cache *k, const struct linear_team *team,
		    usec_t now);

/* True when it is known who has that address: *id, or nobody (NULL). */
bool cache_user(const char **id, struct cache *k, const char *email,
		usec_t now);
void cache_put_user(struct cache *k, const char *email, const char *id,
		    usec_t now);

#endif
