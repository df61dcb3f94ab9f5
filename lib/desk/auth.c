/* Logging in, and setting passwords.
 *
 * A response and its time must not reveal whether an account exists: a login of
 * an unknown name computes a password hash as well and runs the same
 * statements, and a reset for an unknown address queues a mail that is never
 * sent. Every check of a password goes through check_password(), which counts
 * failures (lockout.c). Changes of credentials add an entry to the security log
 * in the same transaction, and mail the owner.
 *
 * Tokens are in token.c, what a password must be in password_rule.c, how an
 * address is proved in email_proof.c. */

#include "desk/auth.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/email_proof.h"
#include "desk/invitation.h"
#include "desk/lockout.h"
#include "desk/profile.h"
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

/* The arguments of record_failure_within(). */
struct login_failure {
	struct ctx *c;
	const struct actor *who;
	const struct lockout *lockout;
};

static enum err
record_failure_within(void *arg)
{
	struct login_failure *f = arg;
	const int64_t user_id = f->lockout->user_id;
	bool locked;
	enum err e = lockout_failed(&locked, f->c, f->lockout);

	if (!e)
		e = security_log_add(f->c, SECURITY_LOGIN_FAILED, f->who,
				     user_id, NULL);
	if (!e && locked)
		e = security_log_add(f->c, SECURITY_LOCKED, f->who, user_id,
				     NULL);
	return e;
}

/* Checks the password of a user (NULL: there is no user of that name), unless
 * the account is locked. A failure is logged for the owners of
 * who->organization_id. */
static enum err
check_password(struct ctx *c, const struct actor *who, const struct user *user,
	       const char *password, const struct lockout *lockout)
{
	/* The person has not been authenticated yet. */
	const struct actor nobody = {.organization_id = who->organization_id};
	struct login_failure f = {c, &nobody, lockout};
	bool fits;
	enum err e = lockout_check(c, lockout);

	if (e)
		return e;
	fits = password_matches(user ? user->password_hash : NULL, password);
	if (fits && user && user->is_active)
		return lockout_passed(c, lockout);
	e = db_transaction(c->db, record_failure_within, &f);
	return e ? e : ERR_CREDENTIALS;
}

/* The arguments of log_in_within(). */
struct log_in {
	struct ctx *c;
	const struct actor *who;
	const struct lockout *lockout;
	struct login *out;
};

static enum err
log_in_within(void *arg)
{
	struct log_in *l = arg;
	struct ctx *c = l->c;
	enum err e = token_issue(
	    l->out->token, &l->out->expires_at, c, l->who->user_id,
	    l->out->profile_id, TOKEN_SESSION, "",
	    c->now + c->conf->token_ttl_hours * 3600 * USEC_PER_SEC);

	if (!e)
		e = user_logged_in(c, l->who->user_id);
	if (!e)
		e = lockout_remember(c, l->lockout);
	return e ? e
		 : security_log_add(c, SECURITY_LOGIN, l->who, l->who->user_id,
				    NULL);
}

/* Chooses the profile that a session of the user (0: nobody) starts as. Its
 * organization's owners see the login in the security log. */
static enum err
choose_profile(struct log_in *l, struct actor *who, int64_t user_id)
{
	struct profile *profiles;
	size_t n;
	enum err e = profile_list(&profiles, &n, l->c, user_id);

	if (e)
		return e;
	l->out->profile_id = n ? profiles[0].id : 0;
	who->organization_id = n ? profiles[0].organization_id : 0;
	return OK;
}

enum err
auth_begin_session(struct login *out, struct ctx *c, struct user *user)
{
	struct actor who = {.user_id = user->id};
	struct lockout lockout;
	struct log_in l = {c, &who, &lockout, out};
	enum err e = choose_profile(&l, &who, user->id);

	lockout_begin(&lockout, c, user, user->username);
	out->user = user;
	return e ? e : db_transaction(c->db, log_in_within, &l);
}

enum err
auth_login(struct login *out, struct ctx *c, const char *name,
	   const char *password)
{
	struct actor who = {0};
	struct lockout lockout;
	struct log_in l = {c, &who, &lockout, out};
	enum err e = user_find(&out->user, c, name);

	if (e == ERR_NOTFOUND)
		out->user = NULL;
	else if (e)
		return e;
	/* also for an unknown name, so that the time reveals nothing */
	e = choose_profile(&l, &who, out->user ? out->user->id : 0);
	if (e)
		return e;
	lockout_begin(&lockout, c, out->user, name);
	e = check_password(c, &who, out->user, password, &lockout);
	if (e == ERR_CREDENTIALS)
		(void)fault_add(&c->faults, "non_field_errors",
				"Unable to log in with the provided "
				"credentials.");
	if (e)
		return e;
	who.user_id = out->user->id;
	return db_transaction(c->db, log_in_within, &l);
}

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
auth_check_password(struct ctx *c, const struct actor *who, const char *field,
		    const char *password)
{
	struct lockout lockout;
	struct user *user;
	enum err e = user_get(&user, c, who->user_id);

	if (e)
		return e;
	lockout_begin(&lockout, c, user, user->username);
	e = check_password(c, who, user, password, &lockout);
	return e == ERR_CREDENTIALS
		   ? fault_add(&c->faults, field, "The password is incorrect.")
		   : e;
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
