/* The row of a comment that Linear has, and its entries in the history. */

#include "thread_row.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"

enum { FIND, STATEMENTS };

static struct stmt sql[] = {
    [FIND] = {"SELECT id, author_name, author_kind + 0, content, is_internal, "
	      "got_hash, linear_updated_at, deleted_at IS NOT NULL, issue_id, "
	      "organization_id, linear_dirty, updated_at FROM comment "
	      "WHERE linear_id = ? FOR UPDATE"},
};

const struct statements sync_thread_row_statements = {sql, STATEMENTS};

enum err
thread_find_row(struct thread_row *out, struct ctx *c, const char *linear_id)
{
	struct rows rows;
	struct comment *m = &out->comment;
	const char *at;
	size_t n;
	enum err e =
	    db_one(&rows, c->db, &sql[FIND], ARGS(arg_text(linear_id)));

	if (e)
		return e;
	*out = (struct thread_row){0};
	m->id = col_int(&rows);
	m->author_name = col_text(&rows);
	m->author_kind = (enum author_kind)col_int(&rows);
	m->content = col_text(&rows);
	m->is_internal = col_bool(&rows);
	out->got_hash = col_bytes(&rows, &n);
	at = col_text(&rows);
	if (at)
		(void)clock_parse(&out->linear_updated_at, at);
	out->deleted = col_bool(&rows);
	m->issue_id = col_int(&rows);
	out->organization_id = col_int(&rows);
	m->linear_dirty = col_bool(&rows);
	at = col_text(&rows);
	if (at)
		(void)clock_parse(&out->changed_at, at);
	return OK;
}

enum err
thread_note(struct ctx *c, const struct actor *who, const struct thread_row *k,
	    const char *field, const char *was, const char *is, bool is_public)
{
	return activity_of_comment(c, who, k->organization_id,
				   k->comment.issue_id, k->comment.id, field,
				   was, is, is_public);
}
