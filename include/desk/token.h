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

#define TOKENS_MAX 100 /* personal tokens of a person */

struct token {
	int64_t id;
	int64_t profile_id; /* that it acts as; 0: a session acts as the
			     * primary one, a personal token as none */
	const char *name;   /* of a personal token */
	const char
	    *address; /* of the client that used it last; NULL: unknown */
	const char *created_at, *expires_at;
	const char *last_used_at; /* within 5 minutes; NULL: unknown */
};

/* Creates a token of the user that acts as the profile (0: none). A
 * TOKEN_PASSWORD revokes the user's older ones. Its text is only ever in `out`:
 * the database keeps a hash. *expires_at (may be NULL) is in the arena. */
enum err token_issue(char out[TOKEN_TEXT], const char **expires_at,
		     struct ctx *c, int64_t user_id, int64_t profile_id,
		     enum token_kind kind, const char *name,
		     usec_t expires) MUST_CHECK;

/* A personal token to be created. The caller sets user_id, expires, and in
 * `made` the name and the profile. */
struct token_new {
	int64_t user_id;
	usec_t expires;
	struct token made;
	char text[TOKEN_TEXT]; /* out: shown once */
};

/* Creates it, and adds an entry to the security log. ERR_CONFLICT: the person
 * has TOKENS_MAX already. */
enum err token_create_personal(struct token_new *new, struct ctx *c,
			       const struct actor *who) MUST_CHECK;

/* The actor that a session or personal token authenticates, with at most one
 * query (see token_cache.h). profile_id selects another profile for this
 * request (0: the token's own, else the primary one). ERR_CREDENTIALS: the
 * token is unknown or expired, or its user is not active. ERR_FORBIDDEN: the
 * profile does not belong to the user, or the token is a personal one, which is
 * bound to its own profile. */
enum err token_actor(struct actor *out, struct ctx *c, const char *text,
		     int64_t profile_id) MUST_CHECK;

/* The user of a TOKEN_PASSWORD, which is revoked by that. ERR_CREDENTIALS: it
 * is unknown, used or expired. */
enum err token_redeem(int64_t *user_id, struct ctx *c,
		      const char *text) MUST_CHECK;

/* Revokes a token of the user, if it is of that kind (0: of any), and adds an
 * entry to the security log. ERR_NOTFOUND. */
enum err token_revoke(struct ctx *c, const struct actor *who, int64_t user_id,
		      int64_t id, enum token_kind kind) MUST_CHECK;

/* Revokes all of the user's tokens except `but` (0: without exception). */
enum err token_revoke_all(struct ctx *c, int64_t user_id,
			  int64_t but) MUST_CHECK;

/* Revokes every session and every link that sets a password, of all users; *n:
 * how many. */
enum err token_revoke_logins(int64_t *n, struct ctx *c) MUST_CHECK;

/* Revokes the user's links that set a password. */
enum err token_revoke_links(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Revokes the invitations and personal tokens that are bound to a profile which
 * is deactivated. */
enum err token_revoke_of_profile(struct ctx *c, int64_t profile_id) MUST_CHECK;

/* Changes the profile that the token acts as. */
enum err token_set_profile(struct ctx *c, int64_t id,
			   int64_t profile_id) MUST_CHECK;

/* The user's unexpired tokens of a kind, newest first: `limit` after `offset`.
 * *total stops at COUNT_CAP (issue.h). */
enum err token_list(struct token **out, size_t *n, int64_t *total,
		    struct ctx *c, int64_t user_id, enum token_kind kind,
		    int64_t limit, int64_t offset) MUST_CHECK;

/* Deletes expired tokens; *n: how many. */
enum err token_purge(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
