#include "files/link.h"

#include <string.h>

#include "base/arena.h"
#include "db/shared_state.h"

/* The key; the first process to need it makes it. */
static enum err
link_key(const char **out, struct ctx *c)
{
	struct shared_state state;
	char key[TOKEN_TEXT];
	enum err e = shared_state_get(&state, c, STATE_FILE_KEY);

	if (e)
		return e;
	*out = state.value;
	if (state.value)
		return OK;
	random_token(key);
	return shared_state_set_once(out, c, STATE_FILE_KEY, key);
}

enum err
file_link_sign(char out[HMAC_HEX_TEXT], struct ctx *c, int64_t id,
	       int64_t expires)
{
	const char *text = arena_printf(c->arena, "file %lld %lld",
					(long long)id, (long long)expires);
	const char *key;
	enum err e = link_key(&key, c);

	if (!e)
		hmac_sha256_hex(out, key, text, strlen(text));
	return e;
}

enum err
file_link_check(struct ctx *c, int64_t id, int64_t expires,
		const char *signature)
{
	char expected[HMAC_HEX_TEXT];
	enum err e = file_link_sign(expected, c, id, expires);

	if (e)
		return e;
	return same_secret(expected, signature) &&
		       expires >= c->now / USEC_PER_SEC
		   ? OK
		   : ERR_CREDENTIALS;
}
