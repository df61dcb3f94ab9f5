#ifndef DESK_ACTIVITY_H
#define DESK_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* The append-only history of an issue.
 *
 * Staff read in it what was written, whatever became of that. Customers never
 * read a text out of the history: of a comment they get its present text, of
 * the issue's title, description and resolution notes the entry that the
 * present text came with, and nothing once it was edited or withdrawn. So a
 * text that is gone from its own place is gone from here, whoever removed it,
 * and there is nothing to be called for it. A new field is hidden from them
 * until activity.c names it a word. */
struct activity {
	int64_t id;
	int64_t actor_id; /* user; 0: Linear */
	const char *actor_name;
	enum author_kind actor_kind;
	const char *field; /* created, status, title, comment, conflict, ... */
	const char *old_value, *new_value; /* NULL: none */
	bool is_public;
	const char *created_at;
};

/* What of it customers do not see. */
enum { ACTIVITY_INTERNAL, ACTIVITY_PUBLIC };

/* Inside a transaction: notes what `who` did. */
enum err activity_add(struct ctx *c, const struct actor *who,
		      int64_t organization_id, int64_t issue_id,
		      const char *field, const char *old_value,
		      const char *new_value, bool is_public) MUST_CHECK;

/* The same of what `who` did to a comment; every entry that holds its text is
 * made by this. */
enum err activity_of_comment(struct ctx *c, const struct actor *who,
			     int64_t organization_id, int64_t issue_id,
			     int64_t comment_id, const char *field,
			     const char *old_value, const char *new_value,
			     bool is_public) MUST_CHECK;

/* Oldest first, at most `limit` after the entry `after` (0: from the first).
 * The caller has checked, by issue_get, that the actor may see the issue; a
 * customer gets the public part, and the texts that stand. */
enum err activity_list(struct activity **out, size_t *n, struct ctx *c,
		       const struct actor *who, int64_t issue_id, int64_t after,
		       int64_t limit) MUST_CHECK;

/* Replaces the name that entries keep of a user, in those with ids from
 * behind + 1 to `to`. */
enum err activity_rename_actor(struct ctx *c, int64_t user_id, const char *name,
			       int64_t behind, int64_t to) MUST_CHECK;

/* The same for the names of assignees, which stand without an id: those that
 * equal erasure.name, in the organizations whose staff the user was. A
 * colleague of the same name is renamed, too. */
enum err activity_rename_assignee(struct ctx *c, int64_t user_id,
				  const char *name, int64_t behind,
				  int64_t to) MUST_CHECK;

#endif
