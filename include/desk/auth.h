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

/* Checks name (or e-mail) and password and issues a session token.
 * ERR_CREDENTIALS: they do not fit, in the same time whether the user exists
 * or not; ERR_LIMITED: the account is locked (lockout.h), for the right
 * password, too; then c->retry_after_s says for how long. */
enum err auth_login(struct login *out, struct ctx *c, const char *name,
		    const char *password) MUST_CHECK;

/* The actor's own password, under the lock-out: for what a stolen token alone
 * must not do. ERR_INVALID (field), ERR_LIMITED as above. */
enum err auth_check_password(struct ctx *c, const struct actor *who,
			     const char *field,
			     const char *password) MUST_CHECK;

/* A session of a user who has just shown who they are, as login gives it. */
enum err auth_begin_session(struct login *out, struct ctx *c,
			    struct user *user) MUST_CHECK;

/* Sets a new password if the old one fits (ERR_INVALID old_password) and
 * revokes every token but the one in use; under the same lock-out. */
enum err auth_change_password(struct ctx *c, const struct actor *who,
			      const char *old_password,
			      const char *new_password) MUST_CHECK;

/* Sets the password of any account, for an operator. Every session, token and
 * lock of it ends. ERR_INVALID (password): see password_rule.h. */
enum err auth_set_password(struct ctx *c, const struct actor *operator,
			   int64_t user_id, const char *password) MUST_CHECK;

/* Has a link mailed to an address that is to be the actor's, if the password
 * fits (ERR_INVALID password); see email_proof.h. ERR_INVALID (email): it is
 * the actor's already, proved. Under the same lock-out. */
enum err auth_change_email(struct ctx *c, const struct actor *who,
			   const char *email, const char *password) MUST_CHECK;

/* Has a mail with a one-time password-setting link sent to the account of that
 * e-mail address, if there is one and mail is configured. Tells neither. Under
 * the limits of account_mail_add. */
enum err auth_request_reset(struct ctx *c, const char *email) MUST_CHECK;

/* Sets the password by such a link's token (or an invitation's) and revokes
 * all of the user's tokens. ERR_INVALID (token): used up, expired or wrong. */
enum err auth_reset_password(struct ctx *c, const char *token,
			     const char *new_password) MUST_CHECK;

/* Where the holder of a one-time token (TOKEN_PASSWORD) sets a password. It is
 * in the fragment, which browsers keep out of requests and so out of logs. */
const char *auth_password_link(struct ctx *c, const char *token);

#endif
