#ifndef DESK_ACTIVITY_H
#define DESK_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* The history of an issue; entries are only added.
 *
 * Staff read in it every text that was ever written. Customers read no old
 * text: for a comment they get its present text, for the issue's title,
 * description and resolution notes the entry whose text is the present one, and
 * nothing after a text was edited or withdrawn. So a text that was removed from
 * its own place, by anybody, is hidden here too, without a call. The values of
 * a new field are hidden from customers until activity.c lists it among those
 * that hold no text. */
struct activity {
	int64_t id;
	int64_t actor_id; /* user; 0: somebody in Linear, or Docket */
	const char *actor_name;
	enum author_kind actor_kind;
	const char *field; /* created, status, title, comment, conflict, ... */
	const char *old_value, *new_value; /* NULL: none */
	bool is_public;
	const char *created_at;
	bool by_mail; /* done by e-mail */
};

/* Whether customers see an entry. */
enum { ACTIVITY_INTERNAL, ACTIVITY_PUBLIC };

/* The functions that add an entry run inside a transaction that holds the
 * issue's lock, and mark its news in the outbox, so that what follows from it
 * is derived (lib/events). */

/* Adds an entry about what `who` did. */
enum err activity_add(struct ctx *c, const struct actor *who,
		      int64_t organization_id, int64_t issue_id,
		      const char *field, const char *old_value,
		      const char *new_value, bool is_public) MUST_CHECK;

/* A change of a field of an issue. */
struct activity_change {
	const char *field, *old_value, *new_value;
	bool is_public;
	int64_t told_profile_id; /* of an assignment: the staff profile that is
				  * notified; 0: nobody */
};

/* The same for n changes at once. */
enum err activity_add_changes(struct ctx *c, const struct actor *who,
			      int64_t organization_id, int64_t issue_id,
			      const struct activity_change *list,
			      size_t n) MUST_CHECK;

/* The same for the time of the first answer (texts; NULL: none), which is kept
 * for the trend and shown to nobody. */
enum err activity_of_first_answer(struct ctx *c, const struct actor *who,
				  int64_t organization_id, int64_t issue_id,
				  const char *was, const char *is) MUST_CHECK;

/* The same for a comment. Every entry with a comment's text must be added by
 * this function, so that customers can be given the present text instead. */
enum err activity_of_comment(struct ctx *c, const struct actor *who,
			     int64_t organization_id, int64_t issue_id,
			     int64_t comment_id, const char *field,
			     const char *old_value, const char *new_value,
			     bool is_public) MUST_CHECK;

/* The same for a file that came without a comment, was deleted, or has malware.
 * Staff read its name, until its uploader is erased: what customers upload goes
 * with them. */
struct activity_file {
	int64_t organization_id, issue_id;
	const char *field;
	const char *filename;
	int64_t customer; /* who uploaded it as a customer; 0: somebody else */
	bool is_gone;	  /* the name is the old value, else the new one */
	bool is_public;
};
enum err activity_of_file(struct ctx *c, const struct actor *who,
			  const struct activity_file *f) MUST_CHECK;

/* Erasing a person: removes the names of the files that they uploaded as a
 * customer from the entries with ids from behind + 1 to `to`. */
enum err activity_forget_files(struct ctx *c, int64_t user_id, int64_t behind,
			       int64_t to) MUST_CHECK;

/* The part of a history that is read: at most `limit` of the entries with ids
 * between `after` and `before`, which are excluded. */
struct activity_range {
	int64_t after;	/* 0: from the first one */
	int64_t before; /* INT64_MAX: to the last one */
	int64_t limit;
	bool newest_first;
};

/* Fewer than `limit` entries if their texts are long; *more: others follow. The
 * caller has checked with issue_get() that the actor may see the issue. A
 * customer gets the public entries, with present texts only. */
enum err activity_list(struct activity **out, size_t *n, bool *more,
		       struct ctx *c, const struct actor *who, int64_t issue_id,
		       const struct activity_range *range) MUST_CHECK;

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
