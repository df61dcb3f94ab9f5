#ifndef DESK_ORGANIZATION_H
#define DESK_ORGANIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"

/* Tenants. Only this module writes table organization. */

/* Whether a user may know that the organization exists: it is listed, or they
 * are on its staff, or have an issue or an order there. `o` is the alias of the
 * table; `user` is an expression that appears three times. */
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

/* Who raises issues by a mail to the organization's addresses, in the order of
 * organization.mail_in: nobody; people who have confirmed that the address is
 * theirs; anyone. */
enum mail_in_mode { MAIL_IN_OFF = 1, MAIL_IN_KNOWN, MAIL_IN_ANYONE };
extern const struct enum_name mail_in_words[];

struct organization {
	int64_t id;
	const char *name, *slug;
	bool is_active;
	bool is_listed;	       /* lists show it to everybody */
	bool staff_may_raise;  /* issues, for its customers */
	const char *time_zone; /* of its days, see base/time_zone.h */
	enum mail_in_mode mail_in;
	const char *mail_address;     /* slug@MAIL_IN_DOMAIN; NULL: no domain */
	const char *linear_team_id;   /* NULL: not linked to a team */
	const char *linear_team_name; /* NULL while unknown */
	const char *created_at, *updated_at;
};

/* Which organizations a list shows. */
enum organization_list {
	ORGANIZATIONS_ACTIVE, /* active ones that the user may know of */
	ORGANIZATIONS_MINE, /* where the user is staff or has raised an issue */
	ORGANIZATIONS_RAISED /* active ones where they have raised an issue */
};

/* Any organization by its id. ERR_NOTFOUND. */
enum err organization_get(struct organization **out, struct ctx *c,
			  int64_t id) MUST_CHECK;

/* The actor's own one, or an active one that they may know of.
 * ERR_NOTFOUND. */
enum err organization_find(struct organization **out, struct ctx *c,
			   const struct actor *who, int64_t id) MUST_CHECK;

/* Sorted by name: `limit` after `offset`. *total counts all of them. */
enum err organization_list(struct organization **out, size_t *n, int64_t *total,
			   struct ctx *c, enum organization_list which,
			   int64_t user_id, int64_t limit,
			   int64_t offset) MUST_CHECK;

/* The organization whose suppliers and orders the actor may list when they ask
 * for those of `id` (0: of any): staff get their own one, or 0 (none) when they
 * ask for another one; customers get what they ask for. */
int64_t organization_listed(const struct actor *who, int64_t id);

/* slug NULL: made from the name. ERR_CONFLICT: the slug is taken, or mail to it
 * goes to another organization (mail_address.h). */
enum err organization_create(int64_t *id, struct ctx *c, const char *name,
			     const char *slug) MUST_CHECK;

/* What an owner may change; NULL members stay as they are. */
struct organization_change {
	const char *name;
	bool set_team;		    /* the next two, which may be NULL */
	const char *linear_team_id; /* the caller has asked Linear for it */
	const char *linear_team_name;
	bool set_active, is_active;
	bool set_listed, is_listed;
	bool set_staff_may_raise, staff_may_raise;
	const char *time_zone;
	enum mail_in_mode mail_in; /* 0: as it is */
};

/* Changes the actor's own organization. ERR_NOTFOUND for any other one;
 * ERR_INVALID: linear_team_id, another organization is linked to that team;
 * time_zone, the system has no such zone.
 * Does not queue issues for Linear. */
enum err organization_update(struct ctx *c, const struct actor *who, int64_t id,
			     const struct organization_change *ch) MUST_CHECK;

/* Inside a transaction: whether the organization has an active owner beside
 * this staff profile who can log in. Writes the organization's row, so that
 * two owners who remove each other cannot both succeed, even on two nodes of a
 * Galera cluster, where a lock alone would not prevent it. */
enum err organization_has_other_owner(bool *out, struct ctx *c, int64_t id,
				      int64_t profile_id) MUST_CHECK;

/* Moves the watermark of the organization that is linked to the team forward
 * to `seen`. One that is later than `latest` was set under a wrong clock, and
 * is replaced as well. */
enum err organization_advance_watermark(struct ctx *c, const char *team_id,
					usec_t seen, usec_t latest) MUST_CHECK;

#endif
