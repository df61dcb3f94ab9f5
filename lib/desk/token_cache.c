#include "token_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Two tokens that share a slot replace each other. */
#define SLOTS 256

static struct slot {
	struct token_key key; /* generation 0: the slot is free */
	struct actor who;
	usec_t until;
} slots[SLOTS];

static struct slot *
token_slot(const struct token_key *key)
{
	uint64_t spread;

	memcpy(&spread, key->hash, sizeof(spread));
	return &slots[(spread + (uint64_t)key->profile_id) % SLOTS];
}

bool
token_cache_get(struct actor *out, struct ctx *c, const struct token_key *key)
{
	const struct slot *p = token_slot(key);

	if (!key->generation || p->key.generation != key->generation ||
	    p->until <= c->now || p->key.profile_id != key->profile_id ||
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
free_slot_texts(struct slot *p)
{
	free((char *)(uintptr_t)p->who.name);
	free((char *)(uintptr_t)p->who.organization_name);
	free((char *)(uintptr_t)p->who.organization_team_id);
}

static const char *
copy_or_null(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

void
token_cache_put(const struct actor *who, struct ctx *c,
		const struct token_key *key, usec_t expires)
{
	const usec_t lifetime = c->now + TOKEN_CACHE_LIFETIME;
	struct slot *p = token_slot(key);

	if (!key->generation)
		return;
	free_slot_texts(p);
	*p = (struct slot){.key = *key,
			   .who = *who,
			   .until = expires < lifetime ? expires : lifetime};
	p->who.name = copy_or_null(who->name);
	p->who.organization_name = copy_or_null(who->organization_name);
	p->who.organization_team_id = copy_or_null(who->organization_team_id);
}
