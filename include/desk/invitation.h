#ifndef DESK_INVITATION_H
#define DESK_INVITATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "base/ctx.h"

/* Invitations to the staff of an organization. The invited staff profile waits
 * in a login of its own that has the address and no password. A link that is
 * mailed to the address sets one; a person who has proved the address in
 * another login accepts while logged in there, and the profile moves to it.
 * Whoever invites cannot tell the two apart. */

#define INVITATION_LIFE (7 * 86400 * USEC_PER_SEC)

struct invitation {
	int64_t id, organization_id;
	const char *organization_name, *organization_slug;
	enum role role;
	const char *created_at, *expires_at;
};

/* Invites the address to the profile, and mails it, under the limits of
 * account_mail_add. An older invitation to the profile ends. Call it in a
 * transaction. */
enum err invitation_send(struct ctx *c, int64_t organization_id,
			 int64_t profile_id, const char *email) MUST_CHECK;

/* The open ones to the address that the actor has proved, newest first, at most
 * a hundred. */
enum err invitation_list(struct invitation **out, size_t *n, struct ctx *c,
			 const struct actor *who) MUST_CHECK;

/* The answer to one of these. ERR_NOTFOUND; accepting, ERR_CONFLICT: the
 * actor is on the staff already. */
enum err invitation_accept(struct ctx *c, const struct actor *who,
			   int64_t id) MUST_CHECK;
enum err invitation_decline(struct ctx *c, const struct actor *who,
			    int64_t id) MUST_CHECK;

/* For whom an open invitation waits. ERR_NOTFOUND. */
struct invitation_target {
	int64_t user_id, profile_id; /* that wait */
	bool has_account;	     /* another login has proved the address */
	usec_t expires;
};
enum err invitation_target(struct invitation_target *out, struct ctx *c,
			   int64_t id) MUST_CHECK;

/* The login that waited has a password now: the invitation is accepted. */
enum err invitation_end(struct ctx *c, int64_t user_id) MUST_CHECK;

#endif
