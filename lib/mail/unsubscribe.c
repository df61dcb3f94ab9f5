#include "mail/unsubscribe.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"

#define KEY_NAME "mail_key"

enum { MAKE_KEY, KEY, STATEMENTS };

static struct stmt sql[] = {
    /* the first one makes it */
    [MAKE_KEY] = {"INSERT INTO sync_fact (name, value, updated_at) "
		  "VALUES ('" KEY_NAME "', ?, ?) "
		  "ON DUPLICATE KEY UPDATE name = sync_fact.name"},
    [KEY] = {"SELECT value FROM sync_fact WHERE name = '" KEY_NAME "'"},
};

const struct statements mail_optout_statements = {sql, STATEMENTS};

static enum err
find_key(const char **out, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[KEY], NO_ARGS);

	if (!e)
		*out = col_text(&rows);
	return e;
}

static enum err
make_key(const char **out, struct ctx *c)
{
	char key[TOKEN_TEXT];
	enum err e;

	random_token(key);
	e = db_run(c->db, &sql[MAKE_KEY],
		   ARGS(arg_text(key), arg_time(c->now)));
	return e ? e : find_key(out, c);
}

static void
sign(char out[HMAC_HEX_TEXT], struct ctx *c, const char *key, int64_t user_id)
{
	const char *text =
	    arena_printf(c->arena, "unsubscribe %lld", (long long)user_id);

	hmac_sha256_hex(out, key, text, strlen(text));
}

enum err
optout_link(const char **out, struct ctx *c, int64_t user_id)
{
	char signature[HMAC_HEX_TEXT];
	const char *key;
	enum err e = find_key(&key, c);

	if (e == ERR_NOTFOUND)
		e = make_key(&key, c);
	if (e)
		return e;
	sign(signature, c, key, user_id);
	*out = arena_printf(c->arena, "%s/api/mail/unsubscribe/?u=%lld&t=%s",
			    c->conf->public_url, (long long)user_id, signature);
	return OK;
}

enum err
optout_check(struct ctx *c, int64_t user_id, const char *signature)
{
	char right[HMAC_HEX_TEXT];
	const char *key;
	enum err e = find_key(&key, c);

	if (e && e != ERR_NOTFOUND)
		return e;
	if (!e)
		sign(right, c, key, user_id);
	return !e && same_secret(right, signature)
		   ? OK
		   : fault_add(&c->faults, "t", "This link is not valid.");
}
