#ifndef DESK_AUTH_H
#define DESK_AUTH_H

#include "base/crypto.h"
#include "base/ctx.h"
#include "desk/password_rule.h"
#include "desk/user.h"

struct login {
	struct user *user;
	int64_t profile_id; /* the primary one; 0: none */
	char token[TOKEN_TEXT];
	const char *expires_at;
};

/* Checks a name (or e-mail address) and password, and creates a session.
 * ERR_CREDENTIALS: they do not match; this takes the same time whether the user
 * exists or not. ERR_LIMITED: the account is locked (lockout.h), also for the
 * right password; c->retry_after_s is set then. */
enum err auth_login(struct login *out, struct ctx *c, const char *name,
		    const char *password) MUST_CHECK;

/* Checks the actor's own password before an action that a stolen token alone
 * must not allow. Wrong ones count towards the lock (lockout.h). ERR_INVALID
 * (field); ERR_LIMITED as above. */
enum err auth_check_password(struct ctx *c, const struct actor *who,
			     const char *field,
			     const char *password) MUST_CHECK;

/* Creates a session, like auth_login(), for a user who has just proved their
 * identity by other means. */
enum err auth_begin_session(struct login *out, struct ctx *c,
			    struct user *user) MUST_CHECK;

/* Sets a new password after auth_check_password() of the old one, and revokes
 * every token except the one in use. ERR_INVALID (old_password, new_password),
 * ERR_LIMITED. */
enum err auth_change_password(struct ctx *c, const struct actor *who,
			      const char *old_password,
			      const char *new_password) MUST_CHECK;

/* Sets the password of any account, for an operator, and ends all its sessions,
 * tokens and locks. ERR_INVALID (password): see password_rule.h. */
enum err auth_set_password(struct ctx *c, const struct actor *operator,
			   int64_t user_id, const char *password) MUST_CHECK;

/* Mails a link to a new address, which becomes the actor's when the link is
 * used (email_proof.h), after auth_check_password(). ERR_INVALID: password; or
 * email, when the actor has proved that address already. ERR_LIMITED. */
enum err auth_change_email(struct ctx *c, const struct actor *who,
			   const char *email, const char *password) MUST_CHECK;

/* Mails a one-time link that sets a password to the account with that address,
 * if there is one and mail is configured, within the limits of
 * account_mail_add(). The result does not reveal which is the case. */
enum err auth_request_reset(struct ctx *c, const char *email) MUST_CHECK;

/* Sets the password by the token of such a link, or of an invitation, and
 * revokes all of the user's tokens. ERR_INVALID: token, when it is unknown,
 * used or expired; new_password. */
enum err auth_reset_password(struct ctx *c, const char *token,
			     const char *new_password) MUST_CHECK;

/* The link for a TOKEN_PASSWORD. The token is in the fragment, which browsers
 * do not send to servers, so it stays out of their logs. */
const char *auth_password_link(struct ctx *c, const char *token);

#endif
