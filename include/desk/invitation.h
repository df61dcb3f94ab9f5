#ifndef DESK_INVITATION_H
#define DESK_INVITATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/ctx.h"

/* Invitations to the staff of an organization, by e-mail. Only this module
 * writes table invitation. */

#define INVITATION_LIFE (7 * 86400 * USEC_PER_SEC)

struct employee_new {
	const char *username; /* NULL: made from the address */
	const char *email, *first_name, *last_name;
	enum role role;
};

struct employee_invited {
	int64_t id; /* of the staff profile */
	/* Where no mail is configured: the token of a link that sets the first
	 * password, for the inviting owner to pass on. Else "". */
	char token[TOKEN_TEXT];
	const char *expires_at;
};

/* Invites an address to the staff of the actor's organization, or invites it
 * again when an earlier invitation was declined or has expired. The answer does
 * not reveal whether anybody has an account with that address. ERR_INVALID:
 * email, when the address is on the staff already, if only deactivated;
 * username, when it is taken. */
enum err employee_invite(struct employee_invited *out, struct ctx *c,
			 const struct actor *who,
			 const struct employee_new *new) MUST_CHECK;

struct invitation {
	int64_t id, organization_id;
	const char *organization_name, *organization_slug;
	enum role role;
	const char *created_at, *expires_at;
};

/* The open invitations to the address that the actor has proved, newest first,
 * at most a hundred. */
enum err invitation_list(struct invitation **out, size_t *n, struct ctx *c,
			 const struct actor *who) MUST_CHECK;

/* Answers one of these. ERR_NOTFOUND. Accepting, ERR_CONFLICT: the actor is on
 * that staff already. */
enum err invitation_accept(struct ctx *c, const struct actor *who,
			   int64_t id) MUST_CHECK;
enum err invitation_decline(struct ctx *c, const struct actor *who,
			    int64_t id) MUST_CHECK;

/* Who an open invitation is for: the invited profile and its login. */
struct invitation_target {
	int64_t user_id, profile_id;
	bool has_account; /* another login has proved the address */
	usec_t expires;
};

/* ERR_NOTFOUND: it is not open. */
enum err invitation_target(struct invitation_target *out, struct ctx *c,
			   int64_t id) MUST_CHECK;

/* Ends the invitations of a login: it has set a password, which accepts them,
 * or it is erased. */
enum err invitation_end(struct ctx *c, int64_t user_id) MUST_CHECK;

#endif
