#include "sync_cache.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"

#define REMEMBERED (600 * USEC_PER_SEC)

struct team_entry {
	struct team_entry *next;
	struct linear_team team;
};

struct user_entry {
	struct user_entry *next;
	const char *email, *id;
};

/* All of one age, in one arena, so that all of it is forgotten at once. */
struct cache {
	struct arena *arena;
	usec_t begun; /* 0: empty */
	struct team_entry *teams;
	struct user_entry *users;
};

struct cache *
cache_new(void)
{
	struct cache *d = xmalloc(sizeof(*d));

	*d = (struct cache){.arena = arena_new()};
	return d;
}

void
cache_free(struct cache *d)
{
	if (!d)
		return;
	arena_free(d->arena);
	free(d);
}

void
cache_forget(struct cache *d)
{
	arena_reset(d->arena);
	d->begun = 0;
	d->teams = NULL;
	d->users = NULL;
}

static void
forget_if_old(struct cache *d, usec_t now)
{
	if (d->begun && now - d->begun > REMEMBERED)
		cache_forget(d);
	if (!d->begun)
		d->begun = now;
}

const struct linear_team *
cache_team(struct cache *d, const char *id, usec_t now)
{
	forget_if_old(d, now);
	for (const struct team_entry *t = d->teams; t; t = t->next)
		if (strcmp(t->team.id, id) == 0)
			return &t->team;
	return NULL;
}

void
cache_put_team(struct cache *d, const struct linear_team *team, usec_t now)
{
	struct arena *a = d->arena;
	struct team_entry *t;

	forget_if_old(d, now);
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
	t->next = d->teams;
	d->teams = t;
}

bool
cache_user(const char **id, struct cache *d, const char *email, usec_t now)
{
	forget_if_old(d, now);
	for (const struct user_entry *u = d->users; u; u = u->next) {
		if (strcasecmp(u->email, email) == 0) {
			*id = u->id;
			return true;
		}
	}
	return false;
}

void
cache_put_user(struct cache *d, const char *email, const char *id, usec_t now)
{
	struct user_entry *u;

	forget_if_old(d, now);
	u = arena_alloc(d->arena, sizeof(*u));
	u->email = arena_strdup(d->arena, email);
	u->id = arena_strdup(d->arena, id);
	u->next = d->users;
	d->users = u;
}
