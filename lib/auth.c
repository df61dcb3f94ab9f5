#include "auth.h"

#include <string.h>

#include "account_mail.h"
#include "address.h"
#include "arena.h"
#include "conf.h"
#include "db.h"
#include "security_log.h"
#include "statements.h"
#include "token.h"

#define TRIES  5
#define WINDOW (15 * 60 * USEC_PER_SEC)

enum {
	GUARD_LOCKED,
	GUARD_FAILED,
	GUARD_CLEAR,
	GUARD_PURGE,
	RESET_USER,
	STATEMENTS
};

static struct stmt sql[] = {
    [GUARD_LOCKED] = {"SELECT TIMESTAMPDIFF(SECOND, ?, locked_until) + 1 "
		      "FROM login_guard WHERE account = ? "
		      "AND locked_until > ?"},
    /* assignments run left to right: window_start comes last, since the others
     * ask whether the window is over */
    [GUARD_FAILED] =
	{"INSERT INTO login_guard (account, failures, window_start) "
	 "VALUES (?, 1, ?) ON DUPLICATE KEY UPDATE "
	 "failures = IF(window_start < ?, 1, failures + 1), "
	 "locked_until = IF(failures >= ?, ?, NULL), "
	 "window_start = IF(failures = 1 OR failures >= ?, "
	 "VALUES(window_start), window_start)"},
    [GUARD_CLEAR] = {"DELETE FROM login_guard WHERE account = ?"},
    [GUARD_PURGE] = {"DELETE FROM login_guard WHERE window_start < ? "
		     "LIMIT 10000"},
    [RESET_USER] = {"SELECT id, email FROM user WHERE proved_email = ? "
		    "AND is_active"},
};

const struct statements auth_statements = {sql, STATEMENTS};

/* One account whether it is named by username or by e-mail, existing or not. */
static void
account_of(unsigned char out[HASH_BYTES], struct ctx *c,
	   const struct user *user, const char *name)
{
	hash_text(
	    out, user ? arena_printf(c->arena, "user %lld", (long long)user->id)
		      : arena_printf(c->arena, "name %s",
				     account_key(c->arena, name)));
}

static enum err
refuse_for_now(struct ctx *c)
{
	(void)fault_add(&c->faults, "non_field_errors",
			"Too many wrong passwords; try again later.");
	return ERR_LIMITED;
}

/* OK, or ERR_LIMITED and how long to wait. */
static enum err
check_guard(int *retry_after_s, struct ctx *c,
	    const unsigned char account[HASH_BYTES])
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[GUARD_LOCKED],
		   ARGS(arg_time(c->now), arg_bytes(account, HASH_BYTES),
			arg_time(c->now)));

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	*retry_after_s = (int)col_int(&rows);
	return refuse_for_now(c);
}

/* Counted after the fact: of many tries at once as many more come through as
 * there are workers, but many right ones at once are no attack. */
static enum err
note_failure(struct ctx *c, const unsigned char account[HASH_BYTES])
{
	return db_run(c->db, &sql[GUARD_FAILED],
		      ARGS(arg_bytes(account, HASH_BYTES), arg_time(c->now),
			   arg_time(c->now - WINDOW), arg_int(TRIES),
			   arg_time(c->now + WINDOW), arg_int(TRIES)));
}

/* The password against the user (NULL: nobody), under the lock-out. `who` says
 * for whose owners a failure is noted. */
static enum err
check_password(int *retry_after_s, struct ctx *c, const struct actor *who,
	       const struct user *user, const char *name, const char *password)
{
	unsigned char account[HASH_BYTES];
	bool fits;
	enum err e;

	account_of(account, c, user, name);
	e = check_guard(retry_after_s, c, account);
	if (e)
		return e;
	fits = password_fits(user ? user->password_hash : NULL, password);
	if (fits && user && user->is_active)
		return db_run(c->db, &sql[GUARD_CLEAR],
			      ARGS(arg_bytes(account, HASH_BYTES)));
	e = note_failure(c, account);
	if (!e)
		e = security_log_add(c, SECURITY_LOGIN_FAILED, who,
				     user ? user->id : 0, NULL);
	return e ? e : ERR_CREDENTIALS;
}

/* A login in the making. */
struct logging_in {
	struct ctx *c;
	const struct actor *who;
	struct login *out;
};

static enum err
log_in(void *arg)
{
	struct logging_in *l = arg;
	struct ctx *c = l->c;
	enum err e = token_issue(
	    l->out->token, &l->out->expires_at, c, l->who->user_id,
	    l->out->profile_id, TOKEN_SESSION, "",
	    c->now + c->conf->token_ttl_hours * 3600 * USEC_PER_SEC);

	if (!e)
		e = user_logged_in(c, l->who->user_id);
	return e ? e
		 : security_log_add(c, SECURITY_LOGIN, l->who, l->who->user_id,
				    NULL);
}

enum err
auth_login(struct login *out, int *retry_after_s, struct ctx *c,
	   const char *name, const char *password)
{
	struct actor who = {0};
	struct logging_in l = {c, &who, out};
	struct profile *profiles;
	size_t n;
	enum err e = user_find(&out->user, c, name);

	if (e == ERR_NOTFOUND)
		out->user = NULL;
	else if (e)
		return e;
	/* asked for nobody, too: the time tells nothing */
	e = profile_list(&profiles, &n, c, out->user ? out->user->id : 0);
	if (e)
		return e;
	out->profile_id = n ? profiles[0].id : 0;
	who.organization_id = n ? profiles[0].organization_id : 0;
	e = check_password(retry_after_s, c, &who, out->user, name, password);
	if (e == ERR_CREDENTIALS)
		(void)fault_add(&c->faults, "non_field_errors",
				"Unable to log in with the provided "
				"credentials.");
	if (e)
		return e;
	who.user_id = out->user->id;
	return db_transaction(c->db, log_in, &l);
}

/* A new password in the making; no other token survives it. */
struct setting {
	struct ctx *c;
	const struct actor *who;
	const char *password;
};

static enum err
set_password(void *arg)
{
	struct setting *s = arg;
	enum err e = user_set_password(s->c, s->who->user_id, s->password);

	if (!e)
		e = token_revoke_all(s->c, s->who->user_id, s->who->token_id);
	return e ? e
		 : security_log_add(s->c, SECURITY_PASSWORD_CHANGED, s->who,
				    s->who->user_id, NULL);
}

enum err
auth_change_password(int *retry_after_s, struct ctx *c, const struct actor *who,
		     const char *old_password, const char *new_password)
{
	struct setting s = {c, who, new_password};
	struct user *user;
	enum err e = user_get(&user, c, who->user_id);

	if (!e)
		e = check_password(retry_after_s, c, who, user, user->username,
				   old_password);
	if (e == ERR_CREDENTIALS)
		return fault_add(&c->faults, "old_password",
				 "The old password is not right.");
	return e ? e : db_transaction(c->db, set_password, &s);
}

enum err
auth_purge(struct ctx *c)
{
	return db_run(c->db, &sql[GUARD_PURGE],
		      ARGS(arg_time(c->now - 2 * WINDOW)));
}

enum err
auth_request_reset(struct ctx *c, const char *email)
{
	struct account_mail mail = {.kind = MAIL_PASSWORD_RESET};
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[RESET_USER],
			    ARGS(arg_text(account_key(c->arena, email))));

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	mail.user_id = col_int(&rows);
	mail.address = col_text(&rows);
	return account_mail_add(c, &mail);
}

/* A reset in the making. */
struct resetting {
	struct ctx *c;
	const char *token, *password;
};

static enum err
reset(void *arg)
{
	struct resetting *r = arg;
	int64_t user;
	enum err e = token_redeem(&user, r->c, r->token);

	if (e == ERR_CREDENTIALS)
		return fault_add(&r->c->faults, "token",
				 "This link was used or has expired.");
	if (!e)
		e = user_set_password(r->c, user, r->password);
	if (!e)
		e = user_prove_email(r->c, user);
	if (!e)
		e = token_revoke_all(r->c, user, 0);
	return e ? e
		 : security_log_add(r->c, SECURITY_RESET_DONE,
				    &(struct actor){.user_id = user}, user,
				    NULL);
}

enum err
auth_reset_password(struct ctx *c, const char *token, const char *new_password)
{
	struct resetting r = {c, token, new_password};

	return db_transaction(c->db, reset, &r);
}

const char *
auth_password_link(struct ctx *c, const char *token)
{
	return arena_printf(c->arena, "%s/set-password/#%s",
			    c->conf->public_url, token);
}
