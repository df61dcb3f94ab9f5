#ifndef ORGANIZATION_H
#define ORGANIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor.h"
#include "ctx.h"

struct organization {
	int64_t id;
	const char *name, *slug;
	bool is_active;
	const char *linear_team_id;   /* NULL: not tied to a team */
	const char *linear_team_name; /* NULL while unknown */
	const char *created_at, *updated_at;
};

/* Which ones a listing shows. */
enum organization_list {
	ORGANIZATIONS_ACTIVE, /* all that take issues */
	ORGANIZATIONS_MINE,   /* where the user is staff, or raised an issue */
	ORGANIZATIONS_RAISED  /* active ones where he raised an issue */
};

/* Any organization by its id. ERR_NOTFOUND. */
enum err organization_get(struct organization **out, struct ctx *c,
			  int64_t id) MUST_CHECK;

/* Sorted by name; `limit` after `offset`, and how many there are in all. */
enum err organization_list(struct organization **out, size_t *n, int64_t *total,
			   struct ctx *c, enum organization_list which,
			   int64_t user_id, int64_t limit,
			   int64_t offset) MUST_CHECK;

/* Makes one. A slug is made of the name where NULL. ERR_CONFLICT: the slug is
 * another's. */
enum err organization_create(int64_t *id, struct ctx *c, const char *name,
			     const char *slug) MUST_CHECK;

/* What an owner may change; NULL members stay as they are. */
struct organization_change {
	const char *name;
	bool set_team;		    /* the next two, which may be NULL */
	const char *linear_team_id; /* checked with Linear by the caller */
	const char *linear_team_name;
	bool set_active, is_active;
};

/* Changes the actor's own organization. ERR_NOTFOUND for any other one,
 * ERR_INVALID (linear_team_id): another organization has that team. Open
 * issues are queued for Linear by the caller's wish only. */
enum err
organization_change(struct ctx *c, const struct actor *who, int64_t id,
		    const struct organization_change *change) MUST_CHECK;

#endif
