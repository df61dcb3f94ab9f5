#ifndef VIEW_H
#define VIEW_H

#include "base/enum_name.h"
#include "desk/attachment.h"
#include "desk/auth.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/user.h"
#include "web/http.h"

/* How objects look in answers: one function for each shape, from struct to
 * JSON. What customers must not see is left out here: the functions that take
 * the request look at its actor. `key` is NULL inside arrays. */

/* An issue with its comments. NULL: without them, as in lists. */
struct comments {
	const struct comment *list;
	size_t n;
	const struct attachment *files; /* of the issue, and of all comments */
	size_t n_files;
};

/* Those of an issue that is shown. */
static inline struct comments
comments_of(const struct issue_shown *s)
{
	return (struct comments){s->comments, s->n_comments, s->files,
				 s->n_files};
}

void view_issue(struct jsonout *j, const char *key, const struct req *r,
		const struct issue *i, const struct comments *comments);

/* The same members, added to the object that is open. */
void view_issue_members(struct jsonout *j, const struct req *r,
			const struct issue *i, const struct comments *comments);

/* The issue in Linear, or null if it is not there. */
void view_linear_data(struct jsonout *j, const char *key,
		      const struct issue *i);

/* With those of the n files that are its own. */
void view_comment(struct jsonout *j, const char *key, const struct req *r,
		  const struct comment *m, const struct attachment *files,
		  size_t n);
void view_comments(struct jsonout *j, const char *key, const struct req *r,
		   const struct comments *comments);

/* A text of an issue or (comment_id) of a comment, with URLs here in place of
 * those of files in Linear; with links to the issue if `files` is NULL. */
const char *view_text(const struct req *r, const char *text, int64_t issue_id,
		      int64_t comment_id, const struct attachment *files,
		      size_t n);

/* A file. */
void view_attachment(struct jsonout *j, const char *key, const struct req *r,
		     const struct attachment *a);

/* An array of the n files; of those of one comment, unless comment_id is 0. */
void view_attachments(struct jsonout *j, const char *key, const struct req *r,
		      const struct attachment *files, size_t n,
		      int64_t comment_id);

/* Outsiders (who are not on its staff) see id, name and slug. */
void view_organization(struct jsonout *j, const char *key,
		       const struct organization *o, bool outsider);

/* The roles of profiles as people read them (role_names: as the API has them).
 */
extern const struct enum_name role_labels[];

/* An array of the one role that a profile has: {id, name, slug, is_primary}. */
void view_roles(struct jsonout *j, const char *key, enum role role);

/* is_active, status and status_display. */
void view_active(struct jsonout *j, bool is_active);

/* active_id: the profile that the token acts as, which is shown as primary. */
void view_profile(struct jsonout *j, const char *key, const struct profile *p,
		  int64_t active_id);

/* active_id: the profile that the token acts as. */
void view_user(struct jsonout *j, const char *key, const struct user *u,
	       const struct profile *profiles, size_t n, int64_t active_id);

/* token, access, token_type, expires_at and user of a new session; `profiles`
 * are the user's. */
void view_login(struct jsonout *j, const struct login *login,
		const struct profile *profiles, size_t n);

#endif
