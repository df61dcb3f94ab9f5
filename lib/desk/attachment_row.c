/* Table attachment: how its rows are read and written, each function a
 * statement. attachment.c decides who sees files, attachment_add.c and
 * attachment_bind.c how they are attached, attachment_change.c what becomes of
 * them; lib/sync and lib/files call the rest through attachment.h. */

#include "attachment_row.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"

enum {
	LOCK,
	INSERT,
	MOVE,
	HIDE,
	HIDE_FOR_GOOD,
	HIDE_OF_COMMENT,
	SHOW_OF_COMMENT,
	HIDE_OF_USER,
	REMOVE,
	SET_STATE,
	SET_CONTENT,
	SET_ASSET,
	SET_SENT,
	RENAME,
	STATEMENTS
};

static struct stmt sql[] = {
    [LOCK] = {"SELECT " ATTACHMENT_COLUMNS " FROM attachment a "
	      "WHERE a.id = ? AND a.deleted_at IS NULL FOR UPDATE"},
    [INSERT] = {"INSERT INTO attachment (organization_id, issue_id, "
		"comment_id, user_id, uploader_name, uploader_kind, source, "
		"state, filename, content_type, size, sha256, is_internal, "
		"width, height, linear_asset_url, linear_asset_hash, "
		"created_at, remove_at) VALUES (?, ?, ?, ?, LEFT(?, 255), ?, "
		"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [MOVE] = {"UPDATE attachment SET organization_id = ?, issue_id = ?, "
	      "comment_id = ?, is_internal = ?, uploader_kind = ?, "
	      "remove_at = NULL WHERE id = ?"},
    [HIDE] = {"UPDATE attachment SET deleted_at = ?, remove_at = ? "
	      "WHERE id = ?"},
    [HIDE_FOR_GOOD] = {"UPDATE attachment SET deleted_at = ?, "
		       "remove_at = ?, linear_asset_hash = NULL "
		       "WHERE id = ?"},
    /* Linear deletes the whole reply */
    [HIDE_OF_COMMENT] =
	{"UPDATE attachment SET deleted_at = ?, "
	 "remove_at = ?, sent_to_linear = FALSE WHERE comment_id = ? "
	 "AND deleted_at IS NULL"},
    /* those that were deleted one by one have an entry of the history, and
     * another time than the comment */
    [SHOW_OF_COMMENT] = {"UPDATE attachment a JOIN comment m "
			 "ON m.id = a.comment_id SET a.deleted_at = NULL, "
			 "a.remove_at = NULL WHERE a.comment_id = ? "
			 "AND a.deleted_at >= m.deleted_at"},
    [HIDE_OF_USER] = {"UPDATE attachment SET deleted_at = "
		      "COALESCE(deleted_at, ?), remove_at = ? "
		      "WHERE user_id = ? AND uploader_kind = ?"},
    [REMOVE] = {"DELETE FROM attachment WHERE id = ?"},
    [SET_STATE] = {"UPDATE attachment SET state = ? WHERE id = ? "
		   "AND state = ?"},
    [SET_CONTENT] = {"UPDATE attachment SET content_type = ?, size = ?, "
		     "sha256 = ?, width = ?, height = ?, state = ?, "
		     "filename = IF(CHAR_LENGTH(?) > 0, ?, filename) "
		     "WHERE id = ? AND deleted_at IS NULL"},
    [SET_ASSET] = {"UPDATE attachment SET linear_asset_url = ?, "
		   "linear_asset_hash = ? WHERE id = ?"},
    [SET_SENT] = {"UPDATE attachment SET sent_to_linear = ? WHERE id = ?"},
    [RENAME] = {"UPDATE attachment SET uploader_name = ? WHERE id > ? "
		"AND id <= ? AND user_id = ?"},
};

const struct statements attachment_row_statements = {sql, STATEMENTS};

void
attachment_read(struct attachment *a, struct rows *r)
{
	a->id = col_int(r);
	a->organization_id = col_int(r);
	a->issue_id = col_int(r);
	a->comment_id = col_int(r);
	a->user_id = col_int(r);
	a->uploader_name = col_text(r);
	a->uploader_kind = (enum author_kind)col_int(r);
	a->source = (enum attachment_source)col_int(r);
	a->state = (enum attachment_state)col_int(r);
	a->filename = col_text(r);
	a->content_type = col_text(r);
	a->size = col_int(r);
	a->sha256 = col_text(r);
	a->is_internal = col_bool(r);
	a->width = col_int(r);
	a->height = col_int(r);
	a->linear_asset_url = col_text(r);
	a->sent_to_linear = col_bool(r);
	a->created_at = col_text(r);
	a->is_deleted = col_bool(r);
}

void
attachment_read_all(struct attachment **out, size_t *n, struct ctx *c,
		    struct rows *r)
{
	struct attachment *a =
	    arena_alloc(c->arena, (r->count + 1) * sizeof(*a));

	*out = a;
	*n = r->count;
	while (rows_next(r))
		attachment_read(a++, r);
}

enum err
attachment_lock(struct attachment **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[LOCK], ARGS(arg_int(id)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	attachment_read(*out, &rows);
	return OK;
}

int64_t
attachment_customer(const struct attachment *a)
{
	return a->uploader_kind == AUTHOR_CUSTOMER ? a->user_id : 0;
}

/* What linear_asset_hash has: one row for each URL in a comment, or (0) in the
 * issue's description, since each has a visibility of its own. NULL: no URL. */
static const unsigned char *
asset_hash(struct ctx *c, int64_t issue_id, int64_t comment_id, const char *url)
{
	unsigned char *hash;

	if (!url)
		return NULL;
	hash = arena_alloc(c->arena, HASH_BYTES);
	hash_text(hash,
		  arena_printf(c->arena, "%lld %lld %s", (long long)issue_id,
			       (long long)comment_id, url));
	return hash;
}

enum err
attachment_insert(int64_t *id, struct ctx *c, const struct actor *who,
		  const struct attachment_place *at,
		  const struct attachment_new *new)
{
	const struct arg hash = arg_bytes(
	    asset_hash(c, at->issue_id, at->comment_id, new->linear_asset_url),
	    HASH_BYTES);
	enum err e =
	    db_run(c->db, &sql[INSERT],
		   ARGS(arg_int(at->organization_id), arg_id(at->issue_id),
			arg_id(at->comment_id), arg_id(who->user_id),
			arg_text(who->name), arg_int(actor_author_kind(who)),
			arg_int(new->source), arg_int(new->state),
			arg_text(new->filename), arg_text(new->content_type),
			arg_int(new->size), arg_text(new->sha256),
			arg_int(at->is_internal), arg_id(new->width),
			arg_id(new->height), arg_text(new->linear_asset_url),
			hash, arg_time(c->now),
			arg_time(at->issue_id ? 0 : c->now + UNBOUND_TIME)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
attachment_move(struct ctx *c, const struct actor *who, int64_t id,
		const struct attachment_place *at)
{
	return db_run(c->db, &sql[MOVE],
		      ARGS(arg_int(at->organization_id), arg_int(at->issue_id),
			   arg_id(at->comment_id), arg_int(at->is_internal),
			   arg_int(actor_author_kind(who)), arg_int(id)));
}

enum err
attachment_hide(struct ctx *c, int64_t id, usec_t remove_at)
{
	return db_run(c->db, &sql[HIDE],
		      ARGS(arg_time(c->now), arg_time(remove_at), arg_int(id)));
}

enum err
attachment_hide_for_good(struct ctx *c, int64_t id, usec_t remove_at)
{
	return db_run(c->db, &sql[HIDE_FOR_GOOD],
		      ARGS(arg_time(c->now), arg_time(remove_at), arg_int(id)));
}

enum err
attachment_comment_withdrawn(struct ctx *c, const struct issue *issue,
			     int64_t comment_id)
{
	if (!issue->attachment_count)
		return OK;
	return db_run(c->db, &sql[HIDE_OF_COMMENT],
		      ARGS(arg_time(c->now), arg_time(c->now + DELETED_GRACE),
			   arg_int(comment_id)));
}

enum err
attachment_show_of_comment(struct ctx *c, int64_t comment_id)
{
	return db_run(c->db, &sql[SHOW_OF_COMMENT], ARGS(arg_int(comment_id)));
}

enum err
attachment_erase_user(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[HIDE_OF_USER],
		      ARGS(arg_time(c->now), arg_time(c->now), arg_int(user_id),
			   arg_int(AUTHOR_CUSTOMER)));
}

enum err
attachment_remove(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[REMOVE], ARGS(arg_int(id)));
}

enum err
attachment_store_state(struct ctx *c, int64_t id, enum attachment_state from,
		       enum attachment_state to)
{
	return db_run(c->db, &sql[SET_STATE],
		      ARGS(arg_int(to), arg_int(id), arg_int(from)));
}

enum err
attachment_set_content(struct ctx *c, int64_t id,
		       const struct attachment_new *new)
{
	const char *name = new->filename ? new->filename : "";
	enum err e =
	    db_run(c->db, &sql[SET_CONTENT],
		   ARGS(arg_text(new->content_type), arg_int(new->size),
			arg_text(new->sha256), arg_id(new->width),
			arg_id(new->height), arg_int(new->state),
			arg_text(name), arg_text(name), arg_int(id)));

	return !e && !db_affected(c->db) ? ERR_NOTFOUND : e;
}

enum err
attachment_set_asset(struct ctx *c, const struct attachment *a, const char *url)
{
	return db_run(
	    c->db, &sql[SET_ASSET],
	    ARGS(arg_text(url),
		 arg_bytes(asset_hash(c, a->issue_id, a->comment_id, url),
			   HASH_BYTES),
		 arg_int(a->id)));
}

enum err
attachment_store_sent(struct ctx *c, int64_t id, bool sent)
{
	return db_run(c->db, &sql[SET_SENT], ARGS(arg_int(sent), arg_int(id)));
}

enum err
attachment_rename_uploader(struct ctx *c, int64_t user_id, const char *name,
			   int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME],
		      ARGS(arg_text(name), arg_int(behind), arg_int(to),
			   arg_int(user_id)));
}
