#ifndef DESK_COMMENT_ROW_H
#define DESK_COMMENT_ROW_H

#include "desk/comment.h"

struct rows;

/* How a comment is selected (table comment, alias m) and read; for comment*.c
 * and issue_show.c only. */
#define COMMENT_COLUMNS                                                     \
	"m.id, m.issue_id, m.author_id, m.author_name, m.author_kind + 0, " \
	"m.content, m.is_internal, m.linear_id, m.synced_to_linear, "       \
	"m.linear_dirty, m.created_at, m.updated_at"

void comment_read(struct comment *m, struct rows *r);

#endif
