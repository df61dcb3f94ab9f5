#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor.h"
#include "crypto.h"
#include "ctx.h"

/* In the order of token.kind. */
enum token_kind { TOKEN_SESSION = 1, TOKEN_PERSONAL, TOKEN_PASSWORD };

struct token {
	int64_t id;
	const char *name, *created_at, *expires_at;
};

/* A new credential of the user, acting as the profile (0: none). Only `out`
 * ever holds its text; *expires_at (may be NULL) is in the arena. */
enum err token_issue(char out[TOKEN_TEXT], const char **expires_at,
		     struct ctx *c, int64_t user_id, int64_t profile_id,
		     enum token_kind kind, const char *name,
		     usec_t expires) MUST_CHECK;

/* Who a session or personal token stands for, with at most one query (see
 * token_cache.h). profile_id
 * chooses another profile for this once (0: the token's own, else the primary
 * one). ERR_CREDENTIALS: no such live token of an active user;
 * ERR_FORBIDDEN: the profile is not the user's own. */
enum err token_actor(struct actor *out, struct ctx *c, const char *text,
		     int64_t profile_id) MUST_CHECK;

/* The user of a live password-setting token, which is used up by that.
 * ERR_CREDENTIALS. */
enum err token_redeem(int64_t *user_id, struct ctx *c,
		      const char *text) MUST_CHECK;

enum err token_revoke(struct ctx *c, int64_t user_id, int64_t id) MUST_CHECK;

/* All of the user's but `but` (0: none spared). */
enum err token_revoke_all(struct ctx *c, int64_t user_id,
			  int64_t but) MUST_CHECK;

/* The profile that the token acts as from now on. */
enum err token_set_profile(struct ctx *c, int64_t id,
			   int64_t profile_id) MUST_CHECK;

/* The user's live personal tokens, newest first. */
enum err token_list(struct token **out, size_t *n, struct ctx *c,
		    int64_t user_id) MUST_CHECK;

/* Deletes what expired; says how many. */
enum err token_purge(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
