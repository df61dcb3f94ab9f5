#ifndef DESK_DIRECTORY_H
#define DESK_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/crypto.h"
#include "base/ctx.h"

/* Whom and what an organization has: the suppliers and purchases that its
 * issues may point to, and its staff. Lists hold `limit` rows after `offset`;
 * *total, of all pages, stops at COUNT_CAP (issue.h). */

struct directory_page {
	int64_t limit, offset;
};

struct vendor {
	int64_t id, organization_id;
	const char *name, *email;
	const char *created_at;
};

/* A purchase: what the API calls an order. */
struct order {
	int64_t id, organization_id;
	int64_t user_id; /* who bought */
	const char *user_name;
	int64_t vendor_id; /* 0: none */
	const char *vendor_name;
	const char *number, *title;
	const char *created_at;
};

/* Staff, owners included; the id is the staff profile's, which is what an
 * issue is assigned to. */
struct employee {
	int64_t id, user_id;
	enum role role; /* ROLE_EMPLOYEE or ROLE_VENDOR: an owner */
	const char *username, *email, *first_name, *last_name, *full_name;
	bool email_verified;
	bool is_active;	 /* the profile and the login */
	bool is_invited; /* has set no password yet */
	const char *last_login_at, *created_at;
};

/* By name: staff see those of their organization, a customer those of an active
 * one where they have an issue or an order (but is not to be shown their e-mail
 * addresses). A foreign
 * organization's list is empty for staff. */
enum err vendor_list(struct vendor **out, size_t *n, int64_t *total,
		     struct ctx *c, const struct actor *who,
		     int64_t organization_id,
		     const struct directory_page *page) MUST_CHECK;

/* Makes one in the actor's organization. ERR_INVALID (name): it is taken. */
enum err vendor_create(int64_t *id, struct ctx *c, const struct actor *who,
		       const char *name, const char *email) MUST_CHECK;

/* Newest first: staff see those of their organization, a customer his own, of
 * one organization or (0) of all. */
enum err order_list(struct order **out, size_t *n, int64_t *total,
		    struct ctx *c, const struct actor *who,
		    int64_t organization_id,
		    const struct directory_page *page) MUST_CHECK;

struct order_new {
	int64_t user_id, vendor_id; /* vendor 0: none */
	const char *number, *title;
};

/* Makes one in the actor's organization. ERR_INVALID (order_number, vendor,
 * user). */
enum err order_create(int64_t *id, struct ctx *c, const struct actor *who,
		      const struct order_new *new) MUST_CHECK;

/* By name, those of the actor's organization; the deactivated ones too if
 * `all`. */
enum err employee_list(struct employee **out, size_t *n, int64_t *total,
		       struct ctx *c, const struct actor *who, bool all,
		       const struct directory_page *page) MUST_CHECK;

/* One of the actor's organization. ERR_NOTFOUND. */
enum err employee_get(struct employee **out, struct ctx *c,
		      const struct actor *who, int64_t id) MUST_CHECK;

struct employee_new {
	const char *username; /* NULL: made from the address */
	const char *email, *first_name, *last_name;
	enum role role;
};

struct employee_invited {
	int64_t id;		/* of the staff profile */
	char token[TOKEN_TEXT]; /* of a link that sets the first password, to be
				 * handed over where no mail is configured; else
				 * "" */
	const char *expires_at;
};

/* Invites an e-mail address to the actor's organization (invitation.h); one
 * that declined, or did not answer in time, again. The answer is the same
 * whether somebody has the address. ERR_INVALID (email: on the staff already,
 * also if deactivated; username: taken). */
enum err employee_invite(struct employee_invited *out, struct ctx *c,
			 const struct actor *who,
			 const struct employee_new *new) MUST_CHECK;

/* Gives an existing login a staff profile of the actor's organization.
 * ERR_INVALID (user): there is no such user, or he is on the staff already. */
enum err employee_add(int64_t *id, struct ctx *c, const struct actor *who,
		      int64_t user_id, enum role role) MUST_CHECK;

struct employee_change {
	bool set_active, is_active;
	int64_t successor; /* of who is deactivated; 0: nobody */
	enum role role;	   /* ROLE_NONE: as it is */
};

/* Who is deactivated hands their open issues over: see handover.h.
 * ERR_NOTFOUND; ERR_INVALID (is_active or profile_type): the last active owner
 * of an organization stays; (successor): see handover.h, or nobody leaves. */
enum err employee_change(struct ctx *c, const struct actor *who, int64_t id,
			 const struct employee_change *change) MUST_CHECK;

#endif
