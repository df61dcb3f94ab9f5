/* Proving an e-mail address: email_proof.h says how.
 *
 * Table email_proof holds the address that an account waits for, and the hash
 * of the token in the last link. Asking again for the same address does not end
 * the link that was mailed, because the limits of account_mail_add() may drop
 * the next mail; only sending another link replaces it. */

#include "desk/email_proof.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/directory.h"
#include "desk/search_index.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "desk/user.h"
#include "purge.h"

#define PURGE_BATCH 5000

enum { BEGIN, ISSUE, FIND, END, CANCEL, PURGE, STATEMENTS };

static struct stmt sql[] = {
    /* Assignments run from left to right: the first one uses the old values. */
    [BEGIN] = {"INSERT INTO email_proof (user_id, email, created_at, "
	       "expires_at) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
	       "hash = IF(email = VALUES(email) "
	       "AND expires_at > VALUES(created_at), hash, NULL), "
	       "email = VALUES(email), created_at = VALUES(created_at), "
	       "expires_at = VALUES(expires_at)"},
    [ISSUE] = {"UPDATE email_proof SET hash = ?, expires_at = ? "
	       "WHERE user_id = ? AND email = COALESCE(?, email) "
	       "AND expires_at > ?"},
    [FIND] = {"SELECT email FROM email_proof WHERE user_id = ? AND hash = ? "
	      "AND expires_at > ? FOR UPDATE"},
    [END] = {"DELETE FROM email_proof WHERE user_id = ?"},
    [CANCEL] = {"DELETE e FROM email_proof e JOIN user u ON u.id = e.user_id "
		"WHERE e.user_id = ? AND e.email <> u.email"},
    [PURGE] = {"DELETE FROM email_proof WHERE expires_at <= ? LIMIT ?"},
};

const struct statements email_proof_statements = {sql, STATEMENTS};

enum err
email_proof_begin(struct ctx *c, int64_t user_id, const char *email)
{
	const struct account_mail mail = {
	    .kind = MAIL_CONFIRM_ADDRESS, .user_id = user_id, .address = email};
	enum err e =
	    db_run(c->db, &sql[BEGIN],
		   ARGS(arg_int(user_id), arg_text(email), arg_time(c->now),
			arg_time(c->now + EMAIL_PROOF_LIFE)));

	return e ? e : account_mail_add(c, &mail);
}

enum err
email_proof_link(const char **out, struct ctx *c, int64_t user_id,
		 const char *email)
{
	unsigned char hash[HASH_BYTES];
	char token[TOKEN_TEXT];
	enum err e;

	random_token(token);
	hash_text(hash, token);
	e = db_run(c->db, &sql[ISSUE],
		   ARGS(arg_bytes(hash, sizeof(hash)),
			arg_time(c->now + EMAIL_PROOF_LIFE), arg_int(user_id),
			arg_text(email), arg_time(c->now)));
	if (!e && db_affected(c->db) == 0)
		return ERR_NOTFOUND;
	if (!e)
		*out = arena_printf(c->arena, "%s/confirm-email/#%s",
				    c->conf->public_url, token);
	return e;
}

enum err
email_proof_forget(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[END], ARGS(arg_int(user_id)));
}

/* The arguments of confirm_within(). */
struct confirmation {
	struct ctx *c;
	const struct actor *who;
	const char *token;
};

static enum err
find_email(const char **email, struct confirmation *p)
{
	unsigned char hash[HASH_BYTES];
	struct rows rows;
	enum err e;

	hash_text(hash, p->token);
	e = db_one(&rows, p->c->db, &sql[FIND],
		   ARGS(arg_int(p->who->user_id), arg_bytes(hash, sizeof(hash)),
			arg_time(p->c->now)));
	if (e == ERR_NOTFOUND)
		return fault_add(&p->c->faults, "token",
				 "This link belongs to another account, was "
				 "used or has expired.");
	if (!e)
		*email = col_text(&rows);
	return e;
}

/* Mails the old address, if it was proved, that there is a new one, and revokes
 * links that were mailed to it. Staff find the person's issues by the new one.
 */
static enum err
leave_address(struct ctx *c, const struct user *user)
{
	const struct account_mail mail = {.kind = MAIL_ADDRESS_CHANGED,
					  .user_id = user->id,
					  .address = user->email};
	enum err e = token_revoke_links(c, user->id);

	if (!e)
		e = search_person_changed(c, user->id);
	if (!e)
		e = directory_person_changed(c, user->id);
	return e || !user->email_verified ? e : account_mail_add(c, &mail);
}

static enum err
confirm_within(void *arg)
{
	struct confirmation *p = arg;
	struct ctx *c = p->c;
	const char *email = NULL;
	struct user *user;
	bool same = false;
	enum err e = find_email(&email, p);

	if (!e)
		e = user_get(&user, c, p->who->user_id);
	if (!e)
		e = user_prove_email(c, user->id, email);
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "token",
				 "Another account has this address.");
	if (!e)
		e = email_proof_forget(c, user->id);
	if (!e) {
		same = strcmp(account_key(c->arena, user->email),
			      account_key(c->arena, email)) == 0;
		e = same ? OK : leave_address(c, user);
	}
	return e ? e
		 : security_log_add(
		       c, same ? SECURITY_EMAIL_PROVED : SECURITY_EMAIL_CHANGED,
		       p->who, p->who->user_id, NULL);
}

enum err
email_proof_confirm(struct ctx *c, const struct actor *who, const char *token)
{
	struct confirmation p = {c, who, token};

	return db_transaction(c->db, confirm_within, &p);
}

enum err
email_proof_cancel_change(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[CANCEL], ARGS(arg_int(user_id)));
}

enum err
email_proof_purge(bool *more, struct ctx *c)
{
	*more = false;
	return purge_batch(more, c, &sql[PURGE],
			   ARGS(arg_time(c->now), arg_int(PURGE_BATCH)),
			   PURGE_BATCH);
}
