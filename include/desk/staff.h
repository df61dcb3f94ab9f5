#ifndef DESK_STAFF_H
#define DESK_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/list_page.h"

/* The staff of an organization, owners included. Invitations to it are in
 * invitation.h. */

struct employee {
	int64_t id; /* of the staff profile: issues are assigned to it */
	int64_t user_id;
	enum role role; /* ROLE_EMPLOYEE or, for an owner, ROLE_VENDOR */
	const char *username, *email, *first_name, *last_name, *full_name;
	bool email_verified;
	bool is_active;	 /* both the profile and the login are */
	bool is_invited; /* has not set a password yet */
	const char *last_login_at, *created_at;
};

/* The staff of the actor's organization, sorted by name; with `all`, the
 * deactivated ones too; with page->search in the order of the words that were
 * found. *total, of all pages, stops at COUNT_CAP (issue.h). */
enum err employee_list(struct employee **out, size_t *n, int64_t *total,
		       struct ctx *c, const struct actor *who, bool all,
		       const struct list_page *page) MUST_CHECK;

/* One of the actor's organization. ERR_NOTFOUND. */
enum err employee_get(struct employee **out, struct ctx *c,
		      const struct actor *who, int64_t id) MUST_CHECK;

/* Gives an existing login a staff profile of the actor's organization.
 * ERR_INVALID (user): there is no such user, or they are on its staff. */
enum err employee_add(int64_t *id, struct ctx *c, const struct actor *who,
		      int64_t user_id, enum role role) MUST_CHECK;

struct employee_change {
	bool set_active, is_active;
	int64_t successor; /* gets the issues of a deactivated one; 0: nobody */
	enum role role;	   /* ROLE_NONE: leave it as it is */
};

/* Deactivating somebody hands their open issues over, see handover.h.
 * ERR_NOTFOUND. ERR_INVALID: is_active or profile_type, for the last active
 * owner; successor, see handover.h, or nobody is deactivated. */
enum err employee_change(struct ctx *c, const struct actor *who, int64_t id,
			 const struct employee_change *change) MUST_CHECK;

#endif
