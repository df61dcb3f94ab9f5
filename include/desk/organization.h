#ifndef DESK_ORGANIZATION_H
#define DESK_ORGANIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Whether a user may know of the organization with that alias: it is listed,
 * or they are on its staff, or have an issue or an order there. `user` is an
 * expression, taken three times. */
#define SQL_KNOWN_TO(o, user)                                               \
	"(" o ".is_listed OR EXISTS (SELECT 1 FROM customer known_k "       \
	"WHERE known_k.user_id = " user " AND known_k.organization_id = " o \
	".id) "                                                             \
	"OR EXISTS (SELECT 1 FROM purchase known_b "                        \
	"WHERE known_b.user_id = " user " AND known_b.organization_id = " o \
	".id) "                                                             \
	"OR EXISTS (SELECT 1 FROM profile known_p "                         \
	"WHERE known_p.user_id = " user " AND known_p.organization_id = " o \
	".id AND known_p.is_active))"

struct organization {
	int64_t id;
	const char *name, *slug;
	bool is_active;
	bool is_listed;		      /* outsiders find it in lists */
	bool staff_may_raise;	      /* for its customers */
	const char *linear_team_id;   /* NULL: not tied to a team */
	const char *linear_team_name; /* NULL while unknown */
	const char *created_at, *updated_at;
};

/* Which ones a listing shows. */
enum organization_list {
	ORGANIZATIONS_ACTIVE, /* all that take issues, and the user may know of
			       */
	ORGANIZATIONS_MINE,   /* where the user is staff, or raised an issue */
	ORGANIZATIONS_RAISED  /* active ones where he raised an issue */
};

/* Any organization by its id. ERR_NOTFOUND. */
enum err organization_get(struct organization **out, struct ctx *c,
			  int64_t id) MUST_CHECK;

/* The actor's own one, or an active one that they may know of.
 * ERR_NOTFOUND. */
enum err organization_find(struct organization **out, struct ctx *c,
			   const struct actor *who, int64_t id) MUST_CHECK;

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
	bool set_listed, is_listed;
	bool set_staff_may_raise, staff_may_raise;
};

/* Changes the actor's own organization. ERR_NOTFOUND for any other one,
 * ERR_INVALID (linear_team_id): another organization has that team. Open
 * issues are queued for Linear by the caller's wish only. */
enum err
organization_change(struct ctx *c, const struct actor *who, int64_t id,
		    const struct organization_change *change) MUST_CHECK;

#endif
