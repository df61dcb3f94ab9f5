/* Logging in, and checking passwords.
 *
 * A response and its time must not reveal whether an account exists: a login of
 * an unknown name computes a password hash as well and runs the same
 * statements. Every check of a password goes through check_password(), which
 * counts failures (lockout.c).
 *
 * Tokens are in token.c, how passwords and addresses change in auth_change.c.
 */

#include "desk/auth.h"

#include "base/conf.h"
#include "db/db.h"
#include "desk/lockout.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/token.h"

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
