/* Changing a password or an address, with the old password or with a mailed
 * link.
 *
 * Each change ends the sessions and links that it must end, adds an entry to
 * the security log and mails the owner, in one transaction. Whether an address
 * has an account must not be revealed: a reset for an unknown one queues a mail
 * that is never sent.
 *
 * What a password must be is in password_rule.c, how an address is proved in
 * email_proof.c. */

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/auth.h"
#include "desk/email_proof.h"
#include "desk/invitation.h"
#include "desk/password_rule.h"
#include "desk/security_log.h"
#include "desk/token.h"

enum { RESET_USER, STATEMENTS };

static struct stmt sql[] = {
    /* Not for a login whose invitation has expired. */
    [RESET_USER] = {"SELECT u.id FROM user u WHERE u.email_key = ? "
		    "AND u.is_active AND NOT EXISTS (SELECT 1 FROM profile p "
		    "JOIN invitation i ON i.profile_id = p.id "
		    "WHERE p.user_id = u.id AND i.expires_at <= ?) "
		    "ORDER BY u.email_verified DESC, "
		    "u.password_hash = '', u.id LIMIT 1"},
};

const struct statements auth_statements = {sql, STATEMENTS};

/* --- with the old password, or by an operator ---------------------------- */

static enum err
check_new_password(struct ctx *c, int64_t user_id, const char *field,
		   const char *password)
{
	struct user *user;
	enum err e = user_get(&user, c, user_id);

	return e ? e
		 : password_rule(c, field, password, user->username,
				 user->email);
}

/* Mails the person that their password has changed, in case it was somebody
 * else. Nothing is mailed to an address that is not proved. */
static enum err
mail_password_changed(struct ctx *c, int64_t user_id)
{
	struct account_mail mail = {.kind = MAIL_PASSWORD_CHANGED,
				    .user_id = user_id};
	struct user *user;
	enum err e = user_get(&user, c, user_id);

	if (e || !user->email_verified)
		return e;
	mail.address = user->email;
	return account_mail_add(c, &mail);
}

/* The arguments of set_password_within(). */
struct password_change {
	struct ctx *c;
	const struct actor *who;
	int64_t user_id;
	const char *password;
};

static enum err
set_password_within(void *arg)
{
	struct password_change *s = arg;
	enum err e = user_set_password(s->c, s->user_id, s->password);

	if (!e)
		e = token_revoke_all(s->c, s->user_id, s->who->token_id);
	if (!e)
		e = email_proof_cancel_change(s->c, s->user_id);
	if (!e)
		e = mail_password_changed(s->c, s->user_id);
	return e ? e
		 : security_log_add(s->c, SECURITY_PASSWORD_CHANGED, s->who,
				    s->user_id, NULL);
}

enum err
auth_change_password(struct ctx *c, const struct actor *who,
		     const char *old_password, const char *new_password)
{
	struct password_change s = {c, who, who->user_id, new_password};
	enum err e =
	    check_new_password(c, who->user_id, "new_password", new_password);

	if (e)
		return e;
	e = auth_check_password(c, who, "old_password", old_password);

	return e ? e : db_transaction(c->db, set_password_within, &s);
}

enum err
auth_set_password(struct ctx *c, const struct actor *operator, int64_t user_id,
		  const char *password)
{
	struct password_change s = {c, operator, user_id, password};
	enum err e = check_new_password(c, user_id, "password", password);

	return e ? e : db_transaction(c->db, set_password_within, &s);
}

/* --- the address --------------------------------------------------------- */

/* The arguments of change_email_within(). */
struct email_change {
	struct ctx *c;
	const struct actor *who;
	const char *email;
};

static enum err
change_email_within(void *arg)
{
	struct email_change *m = arg;
	enum err e = email_proof_begin(m->c, m->who->user_id, m->email);

	return e ? e
		 : security_log_add(m->c, SECURITY_EMAIL_CHANGE_ASKED, m->who,
				    m->who->user_id, NULL);
}

enum err
auth_change_email(struct ctx *c, const struct actor *who, const char *email,
		  const char *password)
{
	struct email_change m = {c, who, email};
	struct user *user;
	enum err e = auth_check_password(c, who, "password", password);

	if (!e)
		e = user_get(&user, c, who->user_id);
	if (!e && user->email_verified && strcmp(user->email, email) == 0)
		return fault_add(&c->faults, "email",
				 "This address is already confirmed.");
	return e ? e : db_transaction(c->db, change_email_within, &m);
}

/* --- a password that is forgotten ---------------------------------------- */

/* The arguments of request_reset_within(). */
struct reset_request {
	struct ctx *c;
	struct account_mail mail;
	const struct actor *who;
};

static enum err
request_reset_within(void *arg)
{
	struct reset_request *a = arg;
	enum err e = account_mail_add(a->c, &a->mail);

	return e ? e
		 : security_log_add(a->c, SECURITY_RESET_ASKED, a->who,
				    a->mail.user_id, NULL);
}

/* Does the same work whether or not somebody has that address: where nobody has
 * it, a mail is queued as void, and never sent. */
enum err
auth_request_reset(struct ctx *c, const char *email)
{
	const struct actor nobody = {0};
	struct reset_request a = {
	    c, {.kind = MAIL_PASSWORD_RESET, .address = email}, &nobody};
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[RESET_USER],
	    ARGS(arg_text(account_key(c->arena, email)), arg_time(c->now)));

	if (e && e != ERR_NOTFOUND)
		return e;
	if (!e)
		a.mail.user_id = col_int(&rows);
	return db_transaction(c->db, request_reset_within, &a);
}

/* The arguments of reset_within(). */
struct reset {
	struct ctx *c;
	const char *token, *password;
};

static enum err
reset_within(void *arg)
{
	struct reset *r = arg;
	int64_t user;
	enum err e = token_redeem(&user, r->c, r->token);

	if (e == ERR_CREDENTIALS)
		return fault_add(&r->c->faults, "token",
				 "This link was used or has expired.");
	if (!e)
		e = check_new_password(r->c, user, "new_password", r->password);
	if (!e)
		e = user_set_password(r->c, user, r->password);
	if (!e)
		e = user_prove_email(r->c, user, NULL);
	if (e == ERR_CONFLICT)
		return fault_add(&r->c->faults, "token",
				 "Another account has this address. Log in to "
				 "that account to accept the invitation.");
	if (!e)
		e = invitation_end(r->c, user);
	if (!e)
		e = token_revoke_all(r->c, user, 0);
	if (!e)
		e = email_proof_cancel_change(r->c, user);
	if (!e)
		e = mail_password_changed(r->c, user);
	return e ? e
		 : security_log_add(r->c, SECURITY_RESET_DONE,
				    &(struct actor){.user_id = user}, user,
				    NULL);
}

enum err
auth_reset_password(struct ctx *c, const char *token, const char *new_password)
{
	struct reset r = {c, token, new_password};

	return db_transaction(c->db, reset_within, &r);
}

const char *
auth_password_link(struct ctx *c, const char *token)
{
	return arena_printf(c->arena, "%s/set-password/#%s",
			    c->conf->public_url, token);
}
