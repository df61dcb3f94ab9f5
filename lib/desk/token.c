/* Tokens: sessions, personal tokens, and links that set a password.
 *
 * A token is 256 random bits. The database stores only its hash, so that a copy
 * of the database authenticates nobody. This file creates and revokes them, and
 * only it writes table token. Which actor a token authenticates is in
 * token_actor.c, what a person sees and makes of their own tokens in
 * token_personal.c, logging in in auth.c. */

#include "desk/token.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/security_log.h"
#include "token_use.h"

enum {
	ISSUE,
	FIND_PASSWORD,
	KIND,
	REVOKE,
	REVOKE_ALL,
	REVOKE_LOGINS,
	REVOKE_LINKS,
	REVOKE_OF_PROFILE,
	SET_PROFILE,
	USED,
	PURGE,
	STATEMENTS
};

static struct stmt sql[] = {
    [ISSUE] = {"INSERT INTO token (user_id, profile_id, hash, kind, name, "
	       "created_at, expires_at, last_used_at, address) "
	       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [FIND_PASSWORD] = {"SELECT t.id, t.user_id FROM token t "
		       "JOIN user u ON u.id = t.user_id "
		       "WHERE t.hash = ? AND t.kind = 'password' "
		       "AND t.expires_at > ? AND u.is_active"},
    [KIND] = {"SELECT kind + 0, name FROM token WHERE id = ? "
	      "AND user_id = ?"},
    [REVOKE] = {"DELETE FROM token WHERE id = ? AND user_id = ?", true},
    [REVOKE_ALL] = {"DELETE FROM token WHERE user_id = ? AND id <> ?", true},
    [REVOKE_LOGINS] = {"DELETE FROM token WHERE kind <> 'personal'", true},
    [REVOKE_LINKS] = {"DELETE FROM token WHERE user_id = ? "
		      "AND kind = 'password'",
		      true},
    [REVOKE_OF_PROFILE] = {"DELETE FROM token WHERE profile_id = ? "
			   "AND kind <> 'session'",
			   true},
    [SET_PROFILE] = {"UPDATE token SET profile_id = ? WHERE id = ?", true},
    [USED] = {"UPDATE token SET last_used_at = ?, address = ? "
	      "WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"},
    [PURGE] = {"DELETE FROM token WHERE expires_at <= ?"},
};

const struct statements token_statements = {sql, STATEMENTS};

enum err
token_issue(char out[TOKEN_TEXT], const char **expires_at, struct ctx *c,
	    int64_t user_id, int64_t profile_id, enum token_kind kind,
	    const char *name, usec_t expires)
{
	unsigned char hash[HASH_BYTES];
	char text[TOKEN_TEXT];
	enum err e = OK;

	random_token(text);
	hash_text(hash, text);
	if (kind == TOKEN_PASSWORD)
		e = db_run(c->db, &sql[REVOKE_LINKS], ARGS(arg_int(user_id)));
	if (!e)
		e = db_run(c->db, &sql[ISSUE],
			   ARGS(arg_int(user_id), arg_id(profile_id),
				arg_bytes(hash, sizeof(hash)), arg_int(kind),
				arg_text(name), arg_time(c->now),
				arg_time(expires),
				arg_time(kind == TOKEN_SESSION ? c->now : 0),
				arg_text(c->client)));
	if (e)
		return e;
	memcpy(out, text, sizeof(text));
	if (expires_at)
		*expires_at = clock_text(c->arena, expires);
	return OK;
}

enum err
token_redeem(int64_t *user_id, struct ctx *c, const char *text)
{
	unsigned char hash[HASH_BYTES];
	struct rows rows;
	int64_t id, user;
	enum err e;

	hash_text(hash, text);
	e = db_one(&rows, c->db, &sql[FIND_PASSWORD],
		   ARGS(arg_bytes(hash, sizeof(hash)), arg_time(c->now)));
	if (e)
		return e == ERR_NOTFOUND ? ERR_CREDENTIALS : e;
	id = col_int(&rows);
	user = col_int(&rows);
	e = db_run(c->db, &sql[REVOKE], ARGS(arg_int(id), arg_int(user)));
	if (e)
		return e;
	/* Of two simultaneous requests, only the one that deleted it wins. */
	if (db_affected(c->db) == 0)
		return ERR_CREDENTIALS;
	*user_id = user;
	return OK;
}

/* The arguments of revoke_within(). */
struct revocation {
	struct ctx *c;
	const struct actor *who;
	int64_t user_id, id;
	enum token_kind kind;
};

static enum security_event
revocation_event(const struct revocation *v, enum token_kind kind)
{
	if (kind != TOKEN_SESSION)
		return SECURITY_TOKEN_ENDED;
	return v->id == v->who->token_id ? SECURITY_LOGOUT
					 : SECURITY_SESSION_ENDED;
}

static enum err
revoke_within(void *arg)
{
	struct revocation *v = arg;
	struct ctx *c = v->c;
	enum token_kind kind;
	const char *name;
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[KIND],
			    ARGS(arg_int(v->id), arg_int(v->user_id)));

	if (e)
		return e;
	kind = (enum token_kind)col_int(&rows);
	name = col_text(&rows);
	if (v->kind && v->kind != kind)
		return ERR_NOTFOUND;
	e = db_run(c->db, &sql[REVOKE],
		   ARGS(arg_int(v->id), arg_int(v->user_id)));
	/* Of two simultaneous requests, only one revokes it. */
	if (!e && db_affected(c->db) == 0)
		return ERR_NOTFOUND;
	return e ? e
		 : security_log_add(c, revocation_event(v, kind), v->who,
				    v->user_id, *name ? name : NULL);
}

enum err
token_revoke(struct ctx *c, const struct actor *who, int64_t user_id,
	     int64_t id, enum token_kind kind)
{
	struct revocation v = {c, who, user_id, id, kind};

	return db_transaction(c->db, revoke_within, &v);
}

enum err
token_revoke_all(struct ctx *c, int64_t user_id, int64_t but)
{
	return db_run(c->db, &sql[REVOKE_ALL],
		      ARGS(arg_int(user_id), arg_int(but)));
}

enum err
token_revoke_logins(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[REVOKE_LOGINS], NO_ARGS);

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
token_revoke_links(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[REVOKE_LINKS], ARGS(arg_int(user_id)));
}

enum err
token_revoke_of_profile(struct ctx *c, int64_t profile_id)
{
	return db_run(c->db, &sql[REVOKE_OF_PROFILE],
		      ARGS(arg_int(profile_id)));
}

enum err
token_set_profile(struct ctx *c, int64_t id, int64_t profile_id)
{
	return db_run(c->db, &sql[SET_PROFILE],
		      ARGS(arg_id(profile_id), arg_int(id)));
}

enum err
token_note_use(struct ctx *c, int64_t id, usec_t stale)
{
	return db_run(c->db, &sql[USED],
		      ARGS(arg_time(c->now), arg_text(c->client), arg_int(id),
			   arg_time(stale)));
}

enum err
token_purge(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[PURGE], ARGS(arg_time(c->now)));

	if (!e)
		*n = db_affected(c->db);
	return e;
}
