/* How Linear's comments are ingested.
 *
 * A comment that was written in Linear follows Linear: it is added, edited and
 * restored here (deleted: thread_remove.c). A comment that was written here is
 * never changed by Linear: an edit there is recorded in the history, and either
 * overwritten by ours or, if it is the later one, left in Linear (thread_edit.c
 * tells whose text Linear has). `got_hash` tells whether a comment's text in
 * Linear has changed since it was last received; `linear_dirty` that Linear has
 * to be told of an edit or a withdrawal. */

#include <string.h>

#include "assets.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/attachment.h"
#include "desk/comment_link.h"
#include "desk/sync_job.h"
#include "hash.h"
#include "mapping.h"
#include "thread.h"
#include "thread_row.h"

enum { WAS_REMOVED, STATEMENTS };

static struct stmt sql[] = {
    [WAS_REMOVED] = {"SELECT 1 FROM webhook_delivery WHERE entity_id = ? "
		     "AND action = 'remove' LIMIT 1"},
};

const struct statements sync_thread_ingest_statements = {sql, STATEMENTS};

static enum err
record_received(struct ctx *c, int64_t id, const struct linear_comment *m)
{
	struct hash h = hash_of(m->body);

	return comment_link_received(c, id, h.bytes, m->updated_at);
}

/* A webhook reported the removal: it counts, whatever payload comes later. */
static enum err
was_removed(bool *out, struct ctx *c, const char *linear_id)
{
	return db_exists(out, c->db, &sql[WAS_REMOVED],
			 ARGS(arg_text(linear_id)));
}

static enum err
add_from_linear(struct ctx *c, const struct actor *who, struct issue *issue,
		const struct snapshot *snapshot, const struct linear_comment *m)
{
	bool shared = m->parent_id && snapshot->thread_id &&
		      strcmp(m->parent_id, snapshot->thread_id) == 0;
	const struct comment_there there = {
	    .id = m->id, .created_at = time_clamped(m->created_at, c->now)};
	struct actor author = *who;
	bool removed;
	int64_t id;
	enum err e = was_removed(&removed, c, m->id);

	if (e || removed)
		return e;
	if (m->author)
		author.name = m->author;
	e = comment_add_within(&id, c, &author, issue, m->body, !shared,
			       &there);
	if (!e)
		e = assets_ingest(c, &author, issue, id, !shared, m->body);
	return e ? e : record_received(c, id, m);
}

static enum err
edited_theirs(struct ctx *c, const struct actor *who, struct issue *issue,
	      const struct thread_row *k, const struct linear_comment *m)
{
	enum err e = comment_link_edited(c, k->comment.id, m->body);

	if (!e)
		e = assets_ingest(c, who, issue, k->comment.id,
				  k->comment.is_internal, m->body);
	return e ? e
		 : thread_note(c, who, k, "comment_edited", k->comment.content,
			       m->body, !k->comment.is_internal);
}

/* It was missing in a list once, and is listed now: it is restored. */
static enum err
restore_comment(struct ctx *c, const struct actor *who, struct issue *issue,
		struct thread_row *k, const char *id)
{
	enum err e = was_removed(&k->deleted, c, id);

	if (e || k->deleted)
		return e;
	e = attachment_comment_restored(c, k->comment.issue_id, k->comment.id);
	if (!e)
		e = comment_link_restored(c, k->comment.id);
	if (!e)
		e = assets_ingest(c, who, issue, k->comment.id,
				  k->comment.is_internal, k->comment.content);
	return e ? e
		 : thread_note(c, who, k, "comment_restored", NULL,
			       k->comment.content, !k->comment.is_internal);
}

/* A stale payload changes nothing. But if the known time lies in the future,
 * a clock was wrong and the payload may be new: Linear is read again. */
static enum err
refetch_if_clock_jumped(struct ctx *c, const struct thread_row *k,
			usec_t listed_at)
{
	if (listed_at || k->linear_updated_at < c->now ||
	    !clock_was_set_back(k->linear_updated_at, c->now))
		return OK;
	return job_request_refetch(c, k->comment.issue_id, k->organization_id,
				   false);
}

/* It was withdrawn here, but Linear has it: it may have arrived there only
 * now. */
static enum err
still_there(struct ctx *c, const struct actor *who, const struct thread_row *k,
	    const struct linear_comment *m)
{
	bool removed;
	enum err e = thread_edited_ours(c, who, k, m);

	if (e || k->comment.linear_dirty)
		return e;
	e = was_removed(&removed, c, m->id);
	if (e || removed)
		return e;
	e = comment_link_set_dirty(c, k->comment.id, true);
	return e ? e
		 : job_request_refetch(c, k->comment.issue_id,
				       k->organization_id, false);
}

/* A stale payload. The edit of our comment that it shows was overwritten
 * since. */
static enum err
ingest_stale_comment(struct ctx *c, const struct actor *who,
		     const struct thread_row *k, const struct linear_comment *m,
		     usec_t listed_at)
{
	if (k->comment.author_kind != AUTHOR_LINEAR && !listed_at)
		return thread_edited_ours(c, who, k, m);
	return refetch_if_clock_jumped(c, k, listed_at);
}

enum err
thread_ingest(struct ctx *c, const struct actor *who, struct issue *issue,
	      struct snapshot *snapshot, const struct linear_comment *m,
	      usec_t listed_at)
{
	struct hash h = hash_of(m->body);
	struct thread_row k;
	enum err e;

	if (snapshot->thread_id && strcmp(m->id, snapshot->thread_id) == 0) {
		snapshot->thread_open = true;
		return OK;
	}
	if (snapshot->files_id && strcmp(m->id, snapshot->files_id) == 0) {
		snapshot->files_open = true;
		return OK;
	}
	e = thread_find_row(&k, c, m->id);
	if (e == ERR_NOTFOUND)
		return add_from_linear(c, who, issue, snapshot, m);
	if (!e && k.deleted && k.comment.author_kind != AUTHOR_LINEAR)
		return still_there(c, who, &k, m);
	if (!e && k.deleted && listed_at)
		e = restore_comment(c, who, issue, &k, m->id);
	if (e || k.deleted)
		return e;
	if (is_older(m->updated_at, k.linear_updated_at, c->now) &&
	    !(listed_at && clock_was_set_back(k.linear_updated_at, listed_at)))
		return ingest_stale_comment(c, who, &k, m, listed_at);
	if (!k.got_hash || memcmp(k.got_hash, h.bytes, HASH_BYTES) != 0)
		e = k.comment.author_kind == AUTHOR_LINEAR
			? edited_theirs(c, who, issue, &k, m)
			: thread_edited_ours(c, who, &k, m);
	return e ? e : record_received(c, k.comment.id, m);
}
