#include "mail/unsubscribe.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/shared_state.h"

static enum err
find_key(const char **out, struct ctx *c)
{
	struct shared_state state;
	enum err e = shared_state_get(&state, c, STATE_MAIL_KEY);

	if (!e && !state.value)
		return ERR_NOTFOUND;
	if (!e)
		*out = state.value;
	return e;
}

/* The first process to need it makes it. */
static enum err
make_key(const char **out, struct ctx *c)
{
	char key[TOKEN_TEXT];

	random_token(key);
	return shared_state_set_once(out, c, STATE_MAIL_KEY, key);
}

static void
sign(char out[HMAC_HEX_TEXT], struct ctx *c, const char *key, int64_t user_id)
{
	const char *text =
	    arena_printf(c->arena, "unsubscribe %lld", (long long)user_id);

	hmac_sha256_hex(out, key, text, strlen(text));
}

enum err
unsubscribe_link(const char **out, struct ctx *c, int64_t user_id)
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
unsubscribe_check(struct ctx *c, int64_t user_id, const char *signature)
{
	char expected[HMAC_HEX_TEXT];
	const char *key;
	enum err e = find_key(&key, c);

	if (e && e != ERR_NOTFOUND)
		return e;
	if (!e)
		sign(expected, c, key, user_id);
	return !e && same_secret(expected, signature)
		   ? OK
		   : fault_add(&c->faults, "t", "This link is not valid.");
}
