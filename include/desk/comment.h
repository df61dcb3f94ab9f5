#ifndef DESK_COMMENT_H
#define DESK_COMMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/attachment.h"
#include "desk/issue.h"

/* Characters of a comment that is written here; Linear's may be longer. */
#define COMMENT_MAX 10000

/* The names of enum author_kind. */
extern const struct enum_name author_words[];

struct comment {
	int64_t id, issue_id;
	int64_t author_id; /* user; 0: somebody in Linear */
	const char *author_name;
	enum author_kind author_kind;
	const char *content;
	bool is_internal;
	bool by_mail; /* the author sent it by e-mail */
	const char *linear_id;
	bool synced_to_linear;
	bool linear_dirty; /* Linear has not received the latest change */
	const char *created_at, *updated_at;
	bool may_have_files; /* set by comment_get(): its issue has files */
};

/* How a comment came: "mail", "linear", or "api" (the portal, or another
 * client). */
const char *comment_source(const struct comment *m);

/* Adds a comment, with its history entry, notifications and the job for Linear,
 * in one transaction. A customer's comment is never internal. `files` are bound
 * to it (NULL: none). ERR_NOTFOUND: the actor has no such issue; ERR_LIMITED:
 * see quota.h; ERR_CONFLICT: see idempotency.h; ERR_INVALID, ERR_FULL: see
 * attachment_take(). */
enum err comment_add(int64_t *id, struct ctx *c, const struct actor *who,
		     int64_t issue_id, const char *content, bool is_internal,
		     const struct attaching *files) MUST_CHECK;

/* Where a comment that was written in Linear comes from. */
struct comment_there {
	const char *id;
	usec_t created_at;
};

/* The same inside a transaction, for an issue that is locked. `there` is NULL
 * for a comment that was written here. What it changes of the issue is changed
 * in *issue, too, so that several can be added one after another. */
enum err comment_add_within(int64_t *id, struct ctx *c, const struct actor *who,
			    struct issue *issue, const char *content,
			    bool is_internal,
			    const struct comment_there *there) MUST_CHECK;

/* One comment. The caller has checked that the actor may see its issue. */
enum err comment_get(struct comment **out, struct ctx *c,
		     const struct actor *who, int64_t id) MUST_CHECK;

/* How long authors may change their comments, in seconds. */
#define COMMENT_CHANGE_S (15 * 60)

/* Edits a comment of that issue or, with content NULL, withdraws it. What
 * follows (history, time of the first answer, search index, the job for Linear)
 * is in the same transaction. *out: the comment before the change.
 * ERR_NOTFOUND; ERR_FORBIDDEN: it is somebody else's, came from Linear, or is
 * older than COMMENT_CHANGE_S. */
enum err comment_change(struct comment **out, struct ctx *c,
			const struct actor *who, int64_t issue_id, int64_t id,
			const char *content) MUST_CHECK;

/* Inside a transaction, for an issue that is locked: what follows when its
 * comment m was withdrawn, here or in Linear: its files are deleted, and the
 * time of the first answer is corrected. deleted_at is set already. */
enum err comment_withdrawn(struct ctx *c, const struct actor *who,
			   const struct issue *issue,
			   const struct comment *m) MUST_CHECK;

/* How many comments a response contains at most. */
#define COMMENTS_SHOWN 100

/* The last COMMENTS_SHOWN comments of an issue before the comment `before` (0:
 * the last ones of all), oldest first; a customer gets the public ones. The
 * caller has checked with issue_get() that the actor may see the issue. */
enum err comment_list(struct comment **out, size_t *n, struct ctx *c,
		      const struct actor *who, int64_t issue_id,
		      int64_t before) MUST_CHECK;

/* An issue with its comments and files. */
struct issue_shown {
	struct issue *issue;
	struct comment *comments; /* the latest, oldest first */
	size_t n_comments;
	struct attachment *files; /* its own, and those of all comments */
	size_t n_files;
};

/* issue_get(), comment_list() and attachment_list() in one. */
enum err issue_show(struct issue_shown *out, struct ctx *c,
		    const struct actor *who, int64_t id) MUST_CHECK;

/* How many comments the actor sees in all. */
enum err comment_count(int64_t *out, struct ctx *c, const struct actor *who,
		       int64_t issue_id) MUST_CHECK;

/* Replaces the name that comments keep of a user, in those with ids from
 * behind + 1 to `to`. Replies that Linear may have are marked as outdated
 * there; their issues are still to be marked by job_mark_author(). */
enum err comment_rename_author(struct ctx *c, int64_t user_id, const char *name,
			       int64_t behind, int64_t to) MUST_CHECK;

#endif
