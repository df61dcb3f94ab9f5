/* Which actor a token authenticates: one statement finds the token, its user
 * and the profile that it acts as. token_actor() runs for every request with a
 * token; token_cache.c saves most of its queries. */

#include "db/auth_generation.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/token.h"
#include "desk/user.h"
#include "token_cache.h"
#include "token_use.h"

/* last_used_at is written at most this often. */
#define LAST_USED_STEP (5 * 60 * USEC_PER_SEC)

enum { ACTOR, STATEMENTS };

static struct stmt sql[] = {
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
};

const struct statements token_actor_statements = {sql, STATEMENTS};

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
	ignored = token_note_use(c, f->actor.token_id, stale);
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
