/* Table comment: how its rows are read and written. Each function is one
 * statement; comment.c, comment_change.c and sync/thread.c decide when. */

#include "comment_row.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/comment_link.h"

enum {
	INSERT,
	SET_CONTENT,
	SET_DELETED,
	RENAME_AUTHOR,
	SENT,
	RECEIVED,
	SET_DIRTY,
	EDITED,
	DELETED,
	RESTORED,
	STATEMENTS
};

/* Linear has the comment, or may have it. */
#define NOW_DIRTY "linear_dirty = NOT is_internal AND linear_id IS NOT NULL "

static struct stmt sql[] = {
    [INSERT] = {"INSERT INTO comment (organization_id, issue_id, author_id, "
		"author_name, author_kind, content, is_internal, linear_id, "
		"synced_to_linear, created_at, updated_at, by_mail) "
		"VALUES (?, ?, ?, LEFT(?, 255), ?, ?, ?, ?, ?, ?, ?, ?)"},
    [SET_CONTENT] =
	{"UPDATE comment SET content = ?, updated_at = ?, " NOW_DIRTY
	 "WHERE id = ?"},
    [SET_DELETED] =
	{"UPDATE comment SET deleted_at = ?, updated_at = ?, " NOW_DIRTY
	 "WHERE id = ?"},
    [RENAME_AUTHOR] = {"UPDATE comment SET author_name = ?, "
		       "linear_dirty = linear_dirty OR (NOT is_internal "
		       "AND linear_id IS NOT NULL AND deleted_at IS NULL) "
		       "WHERE id > ? AND id <= ? AND author_id = ?"},
    [SENT] = {"UPDATE comment SET synced_to_linear = TRUE, "
	      "got_hash = COALESCE(?, got_hash), "
	      "linear_updated_at = COALESCE(?, linear_updated_at), "
	      "linear_dirty = linear_dirty AND (? OR deleted_at IS NOT NULL "
	      "OR CAST(content AS BINARY) <> CAST(? AS BINARY) "
	      "OR CAST(author_name AS BINARY) <> CAST(? AS BINARY)) "
	      "WHERE id = ?"},
    [RECEIVED] = {"UPDATE comment SET synced_to_linear = TRUE, got_hash = ?, "
		  "linear_updated_at = ? WHERE id = ?"},
    [SET_DIRTY] = {"UPDATE comment SET linear_dirty = ? WHERE id = ?"},
    [EDITED] = {"UPDATE comment SET content = ?, updated_at = ? WHERE id = ?"},
    [DELETED] = {"UPDATE comment SET deleted_at = ? WHERE id = ?"},
    [RESTORED] = {"UPDATE comment SET deleted_at = NULL, updated_at = ? "
		  "WHERE id = ?"},
};

const struct statements comment_row_statements = {sql, STATEMENTS};

void
comment_read(struct comment *m, struct rows *r)
{
	m->id = col_int(r);
	m->issue_id = col_int(r);
	m->author_id = col_int(r);
	m->author_name = col_text(r);
	m->author_kind = (enum author_kind)col_int(r);
	m->content = col_text(r);
	m->is_internal = col_bool(r);
	m->by_mail = col_bool(r);
	m->linear_id = col_text(r);
	m->synced_to_linear = col_bool(r);
	m->linear_dirty = col_bool(r);
	m->created_at = col_text(r);
	m->updated_at = col_text(r);
}

enum err
comment_insert(int64_t *id, struct ctx *c, const struct actor *who,
	       const struct comment_new *new)
{
	enum err e =
	    db_run(c->db, &sql[INSERT],
		   ARGS(arg_int(new->organization_id), arg_int(new->issue_id),
			arg_id(who->user_id), arg_text(who->name),
			arg_int(actor_author_kind(who)), arg_text(new->content),
			arg_int(new->is_internal), arg_text(new->linear_id),
			arg_int(new->from_linear), arg_time(new->created_at),
			arg_time(c->now), arg_int(who->by_mail)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
comment_set_content(struct ctx *c, int64_t id, const char *content)
{
	return db_run(c->db, &sql[SET_CONTENT],
		      ARGS(arg_text(content), arg_time(c->now), arg_int(id)));
}

enum err
comment_set_deleted(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[SET_DELETED],
		      ARGS(arg_time(c->now), arg_time(c->now), arg_int(id)));
}

enum err
comment_rename_author(struct ctx *c, int64_t user_id, const char *name,
		      int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME_AUTHOR],
		      ARGS(arg_text(name), arg_int(behind), arg_int(to),
			   arg_int(user_id)));
}

enum err
comment_link_sent(struct ctx *c, const struct comment *m,
		  const unsigned char hash[HASH_BYTES], usec_t updated_at)
{
	return db_run(c->db, &sql[SENT],
		      ARGS(arg_bytes(hash, HASH_BYTES), arg_time(updated_at),
			   arg_int(hash == NULL), arg_text(m->content),
			   arg_text(m->author_name), arg_int(m->id)));
}

enum err
comment_link_received(struct ctx *c, int64_t id,
		      const unsigned char hash[HASH_BYTES], usec_t updated_at)
{
	return db_run(c->db, &sql[RECEIVED],
		      ARGS(arg_bytes(hash, HASH_BYTES), arg_time(updated_at),
			   arg_int(id)));
}

enum err
comment_link_set_dirty(struct ctx *c, int64_t id, bool dirty)
{
	return db_run(c->db, &sql[SET_DIRTY],
		      ARGS(arg_int(dirty), arg_int(id)));
}

enum err
comment_link_edited(struct ctx *c, int64_t id, const char *content)
{
	return db_run(c->db, &sql[EDITED],
		      ARGS(arg_text(content), arg_time(c->now), arg_int(id)));
}

enum err
comment_link_deleted(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[DELETED],
		      ARGS(arg_time(c->now), arg_int(id)));
}

enum err
comment_link_restored(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[RESTORED],
		      ARGS(arg_time(c->now), arg_int(id)));
}
