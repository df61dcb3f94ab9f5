#include "token_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Two tokens that share a place replace each other. */
#define PLACES 256

static struct place {
	struct token_key key; /* its stamp is 0: free */
	struct actor who;
	usec_t until;
} places[PLACES];

static struct place *
place_of(const struct token_key *key)
{
	uint64_t spread;

	memcpy(&spread, key->hash, sizeof(spread));
	return &places[(spread + (uint64_t)key->profile_id) % PLACES];
}

bool
token_recall(struct actor *out, struct ctx *c, const struct token_key *key)
{
	const struct place *p = place_of(key);

	if (!key->stamp || p->key.stamp != key->stamp || p->until <= c->now ||
	    p->key.profile_id != key->profile_id ||
	    memcmp(p->key.hash, key->hash, HASH_BYTES) != 0)
		return false;
	*out = p->who;
	out->name = arena_strdup(c->arena, p->who.name);
	out->organization_name =
	    arena_strdup(c->arena, p->who.organization_name);
	out->organization_team_id =
	    arena_strdup(c->arena, p->who.organization_team_id);
	return true;
}

static void
forget(struct place *p)
{
	free((char *)(uintptr_t)p->who.name);
	free((char *)(uintptr_t)p->who.organization_name);
	free((char *)(uintptr_t)p->who.organization_team_id);
}

static const char *
copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

void
token_remember(const struct actor *who, struct ctx *c,
	       const struct token_key *key, usec_t expires)
{
	const usec_t lifetime = c->now + TOKEN_CACHE_LIFETIME;
	struct place *p = place_of(key);

	if (!key->stamp)
		return;
	forget(p);
	*p = (struct place){.key = *key,
			    .who = *who,
			    .until = expires < lifetime ? expires : lifetime};
	p->who.name = copy(who->name);
	p->who.organization_name = copy(who->organization_name);
	p->who.organization_team_id = copy(who->organization_team_id);
}
