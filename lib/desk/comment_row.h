#ifndef DESK_COMMENT_ROW_H
#define DESK_COMMENT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "desk/comment.h"

struct rows;

/* Rows of table comment. comment_row.c alone writes the table: these functions
 * for this room, and those of desk/comment_link.h for the sync. What else
 * follows from a change of a comment is in comment.c and comment_change.c. */

/* How a comment is selected (alias m) and read. */
#define COMMENT_COLUMNS                                                     \
	"m.id, m.issue_id, m.author_id, m.author_name, m.author_kind + 0, " \
	"m.content, m.is_internal, m.by_mail, m.linear_id, "                \
	"m.synced_to_linear, "                                              \
	"m.linear_dirty, m.created_at, m.updated_at"

void comment_read(struct comment *m, struct rows *r);

struct comment_new {
	int64_t organization_id, issue_id;
	const char *content;
	bool is_internal;
	const char *linear_id; /* NULL: an internal one, never sent to Linear */
	bool from_linear;
	usec_t created_at;
};

/* Inserts a comment by `who`. */
enum err comment_insert(int64_t *id, struct ctx *c, const struct actor *who,
			const struct comment_new *new) MUST_CHECK;

/* Changes the text, or deletes the comment, on behalf of its author: a public
 * one is then out of date in Linear (linear_dirty). */
enum err comment_set_content(struct ctx *c, int64_t id,
			     const char *content) MUST_CHECK;
enum err comment_set_deleted(struct ctx *c, int64_t id) MUST_CHECK;

#endif
