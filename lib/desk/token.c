/* Tokens: sessions, personal tokens, and links that set a password.
 *
 * A token is 256 random bits. The database stores only its hash, so that a copy
 * of the database authenticates nobody. token_actor() runs for every request
 * with a token; token_cache.c saves most of its queries. Only this file writes
 * table token. Logging in is in auth.c. */

#include "desk/token.h"

#include <string.h>

#include "base/arena.h"
#include "db/auth_generation.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/list_page.h"
#include "desk/security_log.h"
#include "desk/user.h"
#include "token_cache.h"

/* last_used_at is written at most this often. */
#define LAST_USED_STEP (5 * 60 * USEC_PER_SEC)

enum {
	ISSUE,
	ACTOR,
	FIND_PASSWORD,
	KIND,
	REVOKE,
	REVOKE_ALL,
	REVOKE_LINKS,
	REVOKE_OF_PROFILE,
	SET_PROFILE,
	LIST,
	COUNT,
	LOCK_OWNER,
	USED,
	PURGE,
	STATEMENTS
};

#define OF_KIND                                      \
	"FROM token WHERE user_id = ? AND kind = ? " \
	"AND expires_at > ? "

static struct stmt sql[] = {
    [ISSUE] = {"INSERT INTO token (user_id, profile_id, hash, kind, name, "
	       "created_at, expires_at, last_used_at, address) "
	       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    /* One row for each profile that the token could act as; find_actor()
     * chooses one. ORDER BY would double the cost of the statement. */
    [ACTOR] = {"SELECT t.id, u.id, " SQL_FULL_NAME(
	"u") ", p.id, p.kind + 0, p.organization_id, o.name, "
	     "o.linear_team_id, p.is_primary, t.expires_at, t.kind = "
	     "'personal', "
	     "t.last_used_at "
	     "FROM token t JOIN user u ON u.id = t.user_id "
	     "LEFT JOIN profile p ON p.user_id = u.id AND p.is_active "
	     "AND p.id = COALESCE(?, t.profile_id, "
	     "IF(t.kind = 'personal', NULL, p.id)) "
	     "LEFT JOIN organization o ON o.id = p.organization_id "
	     "WHERE t.hash = ? AND t.kind <> 'password' "
	     "AND t.expires_at > ? AND u.is_active"},
    [FIND_PASSWORD] = {"SELECT t.id, t.user_id FROM token t "
		       "JOIN user u ON u.id = t.user_id "
		       "WHERE t.hash = ? AND t.kind = 'password' "
		       "AND t.expires_at > ? AND u.is_active"},
    [KIND] = {"SELECT kind + 0, name FROM token WHERE id = ? "
	      "AND user_id = ?"},
    [REVOKE] = {"DELETE FROM token WHERE id = ? AND user_id = ?", true},
    [REVOKE_ALL] = {"DELETE FROM token WHERE user_id = ? AND id <> ?", true},
    [REVOKE_LINKS] = {"DELETE FROM token WHERE user_id = ? "
		      "AND kind = 'password'",
		      true},
    [REVOKE_OF_PROFILE] = {"DELETE FROM token WHERE profile_id = ? "
			   "AND kind <> 'session'",
			   true},
    [SET_PROFILE] = {"UPDATE token SET profile_id = ? WHERE id = ?", true},
    [LIST] = {"SELECT id, name, profile_id, address, created_at, "
	      "last_used_at, expires_at " OF_KIND "ORDER BY id DESC " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(OF_KIND)},
    [LOCK_OWNER] = {"SELECT id FROM user WHERE id = ? FOR UPDATE"},
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

/* The arguments of create_personal_within(). */
struct token_creation {
	struct ctx *c;
	const struct actor *who;
	struct token_new *new;
};

static enum err
count_of_kind(int64_t *n, struct ctx *c, int64_t user_id, enum token_kind kind,
	      int64_t most)
{
	return list_count(n, c, &sql[COUNT],
			  ARGS(arg_int(user_id), arg_int(kind),
			       arg_time(c->now), arg_int(most)));
}

/* The lock makes simultaneous requests wait for each other, so that they cannot
 * exceed the limit together. */
static enum err
check_token_limit(struct ctx *c, int64_t user_id)
{
	struct rows rows;
	int64_t n = 0;
	enum err e =
	    db_one(&rows, c->db, &sql[LOCK_OWNER], ARGS(arg_int(user_id)));

	if (!e)
		e = count_of_kind(&n, c, user_id, TOKEN_PERSONAL,
				  TOKENS_MAX + 1);
	if (e || n < TOKENS_MAX)
		return e;
	(void)fault_add(&c->faults, "non_field_errors",
			"There are 100 personal tokens already. Delete one "
			"that you no longer need.");
	return ERR_CONFLICT;
}

static enum err
create_personal_within(void *arg)
{
	struct token_creation *m = arg;
	struct token_new *new = m->new;
	enum err e = check_token_limit(m->c, new->user_id);

	if (!e)
		e = token_issue(new->text, &new->made.expires_at, m->c,
				new->user_id, new->made.profile_id,
				TOKEN_PERSONAL, new->made.name, new->expires);
	if (!e)
		new->made.id = db_insert_id(m->c->db);
	return e ? e
		 : security_log_add(m->c, SECURITY_TOKEN_MADE, m->who,
				    new->user_id, new->made.name);
}

enum err
token_create_personal(struct token_new *new, struct ctx *c,
		      const struct actor *who)
{
	struct token_creation m = {c, who, new};

	new->made.created_at = clock_text(c->arena, c->now);
	return db_transaction(c->db, create_personal_within, &m);
}

/* What the lookup of a token gives. */
struct token_match {
	struct actor actor;
	bool is_primary;
	usec_t expires, last_used; /* last_used 0: never */
};

static void
read_match(struct token_match *out, struct rows *rows)
{
	struct actor *a = &out->actor;
	const char *last_used;

	*out = (struct token_match){0};
	a->token_id = col_int(rows);
	a->user_id = col_int(rows);
	a->name = col_text(rows);
	a->profile_id = col_int(rows);
	a->role = (enum role)col_int(rows);
	a->organization_id = col_int(rows);
	a->organization_name = col_text(rows);
	a->organization_team_id = col_text(rows);
	out->is_primary = col_bool(rows);
	(void)clock_parse(&out->expires, col_text(rows));
	a->by_personal_token = col_bool(rows);
	last_used = col_text(rows);
	if (last_used)
		(void)clock_parse(&out->last_used, last_used);
}

/* Chooses the requested profile, else the token's, else the user's primary one;
 * of several, the one with the lowest id. A personal token acts as its own
 * profile, or as none. */
static enum err
find_actor(struct token_match *out, struct ctx *c, const struct token_key *key)
{
	struct token_match other;
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[ACTOR],
		   ARGS(arg_id(key->profile_id),
			arg_bytes(key->hash, HASH_BYTES), arg_time(c->now)));

	if (e)
		return e == ERR_NOTFOUND ? ERR_CREDENTIALS : e;
	read_match(out, &rows);
	while (rows_next(&rows)) {
		read_match(&other, &rows);
		if (other.is_primary > out->is_primary ||
		    (other.is_primary == out->is_primary &&
		     other.actor.profile_id < out->actor.profile_id))
			*out = other;
	}
	if (key->profile_id &&
	    (!out->actor.profile_id || out->actor.by_personal_token))
		return ERR_FORBIDDEN;
	return OK;
}

/* Stores when and from where the token was used, unless that was stored within
 * LAST_USED_STEP. A failure does not fail the request. */
static void
update_last_used(struct ctx *c, const struct token_match *f)
{
	const usec_t stale = c->now - LAST_USED_STEP;
	enum err ignored;

	if (f->last_used >= stale)
		return;
	ignored = db_run(c->db, &sql[USED],
			 ARGS(arg_time(c->now), arg_text(c->client),
			      arg_int(f->actor.token_id), arg_time(stale)));
	(void)ignored;
}

enum err
token_actor(struct actor *out, struct ctx *c, const char *text,
	    int64_t profile_id)
{
	/* Read the generation before the rows: a change in between then
	 * invalidates what is cached. */
	struct token_key key = {.profile_id = profile_id,
				.generation = auth_generation_now()};
	struct token_match found;
	enum err e;

	hash_text(key.hash, text);
	if (token_cache_get(out, c, &key))
		return OK;
	e = find_actor(&found, c, &key);
	if (e)
		return e;
	*out = found.actor;
	token_cache_put(out, c, &key, found.expires);
	update_last_used(c, &found);
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
token_list(struct token **out, size_t *n, int64_t *total, struct ctx *c,
	   int64_t user_id, enum token_kind kind, int64_t limit, int64_t offset)
{
	struct rows rows;
	struct token *t;
	enum err e = count_of_kind(total, c, user_id, kind, COUNT_CAP);

	if (!e)
		e = db_query(&rows, c->db, &sql[LIST],
			     ARGS(arg_int(user_id), arg_int(kind),
				  arg_time(c->now), arg_int(limit),
				  arg_int(offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = t = arena_alloc(c->arena, (rows.count + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->id = col_int(&rows);
		t->name = col_text(&rows);
		t->profile_id = col_int(&rows);
		t->address = col_text(&rows);
		t->created_at = col_text(&rows);
		t->last_used_at = col_text(&rows);
		t->expires_at = col_text(&rows);
	}
	return OK;
}

enum err
token_purge(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[PURGE], ARGS(arg_time(c->now)));

	if (!e)
		*n = db_affected(c->db);
	return e;
}
