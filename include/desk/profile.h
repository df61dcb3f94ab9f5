#ifndef DESK_PROFILE_H
#define DESK_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"

/* What a user may act as: a customer, or staff of an organization. A user has
 * at most one customer profile and one staff profile in each organization. Only
 * this module writes table profile. */

/* The names of roles, as the API, the database and docketctl write them; and
 * those that staff can have. */
extern const struct enum_name role_names[], staff_role_names[];

struct profile {
	int64_t id, user_id;
	const char *user_email;
	enum role role;
	int64_t organization_id; /* 0: a customer */
	/* The organization that clients show with the profile, which gives no
	 * rights. For staff it is their own; for a customer that of their first
	 * issue, else the first active one. 0: there is none. */
	int64_t shown_id;
	const char *organization_name, *organization_slug; /* of shown_id */
	bool is_primary;				   /* chosen at login */
	bool is_active;
	const char *created_at;
};

/* The user's active profiles, the primary one first. */
enum err profile_list(struct profile **out, size_t *n, struct ctx *c,
		      int64_t user_id) MUST_CHECK;

/* organization_id is 0 for a customer. A user's first profile becomes the
 * primary one. ERR_CONFLICT: the user has such a profile already. */
enum err profile_create(int64_t *id, struct ctx *c, int64_t user_id,
			enum role role, int64_t organization_id) MUST_CHECK;

/* Gives the profile to another user, not as their primary one. ERR_CONFLICT:
 * that user has a profile of the same organization. */
enum err profile_move(struct ctx *c, int64_t id, int64_t user_id) MUST_CHECK;

struct profile_change {
	bool set_active, is_active;
	enum role role; /* ROLE_NONE: leave it as it is */
};

/* Changes a staff profile of the organization; does nothing if that has no such
 * profile. */
enum err profile_change(struct ctx *c, int64_t organization_id, int64_t id,
			const struct profile_change *change) MUST_CHECK;

/* Activates or deactivates a user's customer profile. ERR_NOTFOUND. */
enum err profile_set_customer_active(struct ctx *c, int64_t user_id, int64_t id,
				     bool active) MUST_CHECK;

/* Deactivates all of the user's profiles. */
enum err profile_deactivate_all(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Marks every notification that exists now as read by the profile. */
enum err profile_read_notifications(struct ctx *c, int64_t id) MUST_CHECK;

#endif
