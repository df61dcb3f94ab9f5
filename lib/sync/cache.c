#include "sync/cache.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

#define REMEMBERED (600 * USEC_PER_SEC)

struct team_entry {
	struct team_entry *next;
	struct linear_team team;
};

struct user_entry {
	struct user_entry *next;
	const char *email, *id;
};

/* All entries live in one arena and expire together. */
struct cache {
	struct arena *arena;
	usec_t begun; /* when the first entry was put; 0: empty */
	struct team_entry *teams;
	struct user_entry *users;
};

struct cache *
cache_new(void)
{
	struct cache *k = xmalloc(sizeof(*k));

	*k = (struct cache){.arena = arena_new()};
	return k;
}

void
cache_free(struct cache *k)
{
	if (!k)
		return;
	arena_free(k->arena);
	free(k);
}

void
cache_forget(struct cache *k)
{
	arena_reset(k->arena);
	k->begun = 0;
	k->teams = NULL;
	k->users = NULL;
}

static void
forget_if_old(struct cache *k, usec_t now)
{
	if (k->begun && now - k->begun > REMEMBERED)
		cache_forget(k);
	if (!k->begun)
		k->begun = now;
}

const struct linear_team *
cache_team(struct cache *k, const char *id, usec_t now)
{
	forget_if_old(k, now);
	for (const struct team_entry *t = k->teams; t; t = t->next)
		if (strcmp(t->team.id, id) == 0)
			return &t->team;
	return NULL;
}

void
cache_put_team(struct cache *k, const struct linear_team *team, usec_t now)
{
	struct arena *a = k->arena;
	struct team_entry *t;

	forget_if_old(k, now);
	t = arena_alloc(a, sizeof(*t));
	t->team.id = arena_strdup(a, team->id);
	t->team.name = arena_strdup(a, team->name);
	t->team.n = team->n;
	t->team.states =
	    arena_alloc(a, (team->n + 1) * sizeof(*t->team.states));
	for (size_t i = 0; i < team->n; i++)
		t->team.states[i] = (struct linear_state){
		    .id = arena_strdup(a, team->states[i].id),
		    .type = arena_strdup(a, team->states[i].type),
		    .name = arena_strdup(a, team->states[i].name),
		    .position = team->states[i].position};
	t->next = k->teams;
	k->teams = t;
}

bool
cache_user(const char **id, struct cache *k, const char *email, usec_t now)
{
	forget_if_old(k, now);
	for (const struct user_entry *u = k->users; u; u = u->next) {
		if (strcasecmp(u->email, email) == 0) {
			*id = u->id;
			return true;
		}
	}
	return false;
}

void
cache_put_user(struct cache *k, const char *email, const char *id, usec_t now)
{
	struct user_entry *u;

	forget_if_old(k, now);
	u = arena_alloc(k->arena, sizeof(*u));
	u->email = arena_strdup(k->arena, email);
	u->id = arena_strdup(k->arena, id);
	u->next = k->users;
	k->users = u;
}
