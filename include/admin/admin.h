#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/list_page.h"
#include "desk/profile.h"
#include "desk/token.h"
#include "desk/user.h"

/* Lists across all organizations and users, including deactivated ones. Only
 * for docketctl, which an operator runs; tests/rooms.sh keeps it out of the
 * workers. */

/* A part of a list, of those that begin with `search` (NULL: all). */
struct admin_page {
	const char *search;
	struct list_page page;
};

struct organization_line {
	int64_t id;
	const char *name, *slug;
	bool is_active;
	const char *linear_team_id, *linear_team_name;
	int64_t staff, issues; /* active people, live issues */
	const char *created_at;
};

/* By id. */
enum err admin_organizations(struct organization_line **out, size_t *n,
			     int64_t *total, struct ctx *c,
			     const struct admin_page *page) MUST_CHECK;

/* ERR_NOTFOUND. */
enum err admin_organization_find(int64_t *id, struct ctx *c,
				 const char *slug) MUST_CHECK;

/* The slug of the organization that is linked to the Linear team; NULL: none.
 */
enum err admin_team_owner(const char **slug, struct ctx *c,
			  const char *team_id) MUST_CHECK;

struct user_line {
	int64_t id;
	const char *username, *email, *full_name;
	bool email_verified, is_active, has_password;
	int64_t profiles; /* active ones */
	const char *last_login_at, *created_at;
};

/* By id; the search is for a username or an e-mail address. */
enum err admin_users(struct user_line **out, size_t *n, int64_t *total,
		     struct ctx *c, const struct admin_page *page) MUST_CHECK;

/* All of a user's profiles, the primary one first. */
enum err admin_profiles(struct profile **out, size_t *n, struct ctx *c,
			int64_t user_id) MUST_CHECK;

struct token_line {
	int64_t id;
	enum token_kind kind;
	const char *name;
	int64_t profile_id; /* 0: the primary one */
	const char *created_at, *expires_at;
	bool is_expired;
};

/* All of a user's tokens, newest first. */
enum err admin_tokens(struct token_line **out, size_t *n, struct ctx *c,
		      int64_t user_id) MUST_CHECK;

struct job_line {
	int64_t issue_id;
	const char *organization, *issue_number;
	bool is_dead, is_leased;
	int64_t attempts;
	const char *dirty_since, *run_at;
	const char *error_code, *error_text;
};

/* The jobs that wait for Linear, the oldest change first; with `dead`, only
 * dead letters. */
enum err admin_jobs(struct job_line **out, size_t *n, int64_t *total,
		    struct ctx *c, bool dead,
		    const struct list_page *page) MUST_CHECK;

/* Whether there is neither an organization nor a user. */
enum err admin_is_empty(bool *out, struct ctx *c) MUST_CHECK;

#endif
