#ifndef DESK_TOKEN_H
#define DESK_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/crypto.h"
#include "base/ctx.h"

/* In the order of token.kind. */
enum token_kind { TOKEN_SESSION = 1, TOKEN_PERSONAL, TOKEN_PASSWORD };

#define TOKENS_MAX 100 /* personal ones of a person */

struct token {
	int64_t id;
	int64_t profile_id; /* that it acts as; 0: the primary one, and a
			     * personal token as none */
	const char *name;   /* of a personal token */
	const char
	    *address; /* of the client that used it last; NULL: unknown */
	const char *created_at, *expires_at;
	const char *last_used_at; /* to some minutes; NULL: unknown */
};

/* A new credential of the user, acting as the profile (0: none). A link that
 * sets a password ends the user's older ones. Only `out` ever holds its text;
 * *expires_at (may be NULL) is in the arena. */
enum err token_issue(char out[TOKEN_TEXT], const char **expires_at,
		     struct ctx *c, int64_t user_id, int64_t profile_id,
		     enum token_kind kind, const char *name,
		     usec_t expires) MUST_CHECK;

/* A personal token to be made: the caller fills in whose it is, when it ends,
 * and of `made` its name and the profile that it is bound to. */
struct token_new {
	int64_t user_id;
	usec_t expires;
	struct token made;
	char text[TOKEN_TEXT]; /* shown once */
};

/* Makes it, and notes in the security log that the actor did. ERR_CONFLICT: the
 * person has TOKENS_MAX. */
enum err token_make(struct token_new *new, struct ctx *c,
		    const struct actor *who) MUST_CHECK;

/* Who a session or personal token stands for, with at most one query (see
 * token_cache.h). profile_id
 * chooses another profile for this once (0: the token's own, else the primary
 * one). ERR_CREDENTIALS: no such live token of an active user;
 * ERR_FORBIDDEN: the profile is not the user's own, or the token
 * is a personal one, which is bound to its own. */
enum err token_actor(struct actor *out, struct ctx *c, const char *text,
		     int64_t profile_id) MUST_CHECK;

/* The user of a live password-setting token, which is used up by that.
 * ERR_CREDENTIALS. */
enum err token_redeem(int64_t *user_id, struct ctx *c,
		      const char *text) MUST_CHECK;

/* Ends a token of the user, if it is of that kind (0: of any), and notes in the
 * security log that the actor did it. ERR_NOTFOUND. */
enum err token_revoke(struct ctx *c, const struct actor *who, int64_t user_id,
		      int64_t id, enum token_kind kind) MUST_CHECK;

/* All of the user's but `but` (0: none spared). */
enum err token_revoke_all(struct ctx *c, int64_t user_id,
			  int64_t but) MUST_CHECK;

/* The user's links that set a password. */
enum err token_revoke_links(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Invitations and personal tokens that are bound to the profile: for when it is
 * deactivated. */
enum err token_revoke_of_profile(struct ctx *c, int64_t profile_id) MUST_CHECK;

/* The profile that the token acts as from now on. */
enum err token_set_profile(struct ctx *c, int64_t id,
			   int64_t profile_id) MUST_CHECK;

/* The user's live tokens of a kind, newest first: `limit` after `offset`.
 * *total stops at COUNT_CAP (issue.h). */
enum err token_list(struct token **out, size_t *n, int64_t *total,
		    struct ctx *c, int64_t user_id, enum token_kind kind,
		    int64_t limit, int64_t offset) MUST_CHECK;

/* Deletes what expired; says how many. */
enum err token_purge(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
