/* How Linear's comments are ingested.
 *
 * A comment that was written in Linear follows Linear: it is added, edited,
 * deleted and restored here. A comment that was written here is never
 * changed by Linear: an edit there is recorded in the history, and either
 * overwritten by ours or, if it is the later one, left in Linear. `got_hash`
 * tells whether a comment's text in Linear has changed since it was last
 * received; `linear_dirty` that Linear has to be told of an edit or a
 * withdrawal. */

#include <string.h>

#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/comment_link.h"
#include "desk/erasure.h"
#include "desk/search_index.h"
#include "desk/sync_job.h"
#include "hash.h"
#include "mapping.h"
#include "thread.h"

enum { VERSIONS, FIND, OF_LINEAR, WAS_REMOVED, STATEMENTS };

static struct stmt sql[] = {
    [VERSIONS] = {"SELECT field = 'conflict_comment', old_value, new_value "
		  "FROM activity WHERE issue_id = ? AND comment_id = ?"},
    [FIND] = {"SELECT id, author_name, author_kind + 0, content, is_internal, "
	      "got_hash, linear_updated_at, deleted_at IS NOT NULL, issue_id, "
	      "organization_id, linear_dirty, updated_at FROM comment "
	      "WHERE linear_id = ? FOR UPDATE"},
    /* updated_at is by our clock, when the comment was added here or later */
    [OF_LINEAR] = {"SELECT linear_id FROM comment WHERE issue_id = ? "
		   "AND author_kind = 'linear' AND deleted_at IS NULL "
		   "AND updated_at < ?"},
    [WAS_REMOVED] = {"SELECT 1 FROM webhook_delivery WHERE entity_id = ? "
		     "AND action = 'remove' LIMIT 1"},
};

const struct statements sync_thread_ingest_statements = {sql, STATEMENTS};

/* A comment's row. */
struct known {
	struct comment comment;
	int64_t organization_id;
	bool deleted;
	const char *got_hash; /* HASH_BYTES, or NULL */
	usec_t linear_updated_at;
	usec_t changed_at; /* by our clock */
};

static enum err
find_comment_row(struct known *out, struct ctx *c, const char *linear_id)
{
	struct rows rows;
	struct comment *m = &out->comment;
	const char *at;
	size_t n;
	enum err e =
	    db_one(&rows, c->db, &sql[FIND], ARGS(arg_text(linear_id)));

	if (e)
		return e;
	*out = (struct known){0};
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

static enum err
record_received(struct ctx *c, int64_t id, const struct linear_comment *m)
{
	struct hash h = hash_of(m->body);

	return comment_link_received(c, id, h.bytes, m->updated_at);
}

static enum err
note_comment(struct ctx *c, const struct actor *who, const struct known *k,
	     const char *field, const char *was, const char *is, bool is_public)
{
	return activity_of_comment(c, who, k->organization_id,
				   k->comment.issue_id, k->comment.id, field,
				   was, is, is_public);
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
	return e ? e : record_received(c, id, m);
}

/* Whether the author was erased here. Linear may still have the reply with
 * their name above the text. */
static bool
is_erased(const struct known *k)
{
	return strcmp(k->comment.author_name, ERASED_NAME) == 0;
}

/* The text of a reply without the line above it that names its author. */
static const char *
text_below_name(const char *body)
{
	static const char end[] = " wrote:";
	const char *line = strchr(body, '\n');
	const size_t n = sizeof(end) - 1;

	if (!line || strncmp(body, "**", 2) != 0 || (size_t)(line - body) < n ||
	    strncmp(line - n, end, n) != 0)
		return body;
	return line + strspn(line, "\n");
}

/* What of a reply is compared. */
static const char *
compared_text(const struct known *k, const char *body)
{
	return is_erased(k) ? text_below_name(body) : body;
}

/* True if Linear's text is this content of our comment, however Linear
 * formats it. */
static bool
shows_content(struct ctx *c, const struct known *k, const char *content,
	      const char *body)
{
	struct comment m = k->comment;
	struct hash x, y;

	m.content = content;
	x = loose_hash_of(compared_text(k, thread_reply(c->arena, &m)));
	y = loose_hash_of(compared_text(k, body));
	return hash_same(&x, &y);
}

/* Whose text our comment shows in Linear. */
enum whose { OURS, THEIRS, THEIRS_NOTED };

static enum whose
whose_entry(struct ctx *c, const struct known *k, struct rows *rows,
	    const char *body)
{
	const bool conflict = col_bool(rows);
	const char *was = col_text(rows), *is = col_text(rows);

	if (conflict)
		return was && strcmp(was, text_below_name(body)) == 0
			   ? THEIRS_NOTED
			   : THEIRS;
	return (was && shows_content(c, k, was, body)) ||
		       (is && shows_content(c, k, is, body))
		   ? OURS
		   : THEIRS;
}

/* OURS: the current text or an earlier one. THEIRS_NOTED: the history has
 * it. */
static enum err
find_whose(enum whose *out, struct ctx *c, const struct known *k,
	   const char *body)
{
	struct rows rows;
	enum err e;

	*out = shows_content(c, k, k->comment.content, body) ? OURS : THEIRS;
	if (*out == OURS)
		return OK;
	e = db_query(
	    &rows, c->db, &sql[VERSIONS],
	    ARGS(arg_int(k->comment.issue_id), arg_int(k->comment.id)));
	while (!e && *out == THEIRS && rows_next(&rows))
		*out = whose_entry(c, k, &rows, body);
	return e;
}

/* Linear changed a comment that was written here. Its text goes to the
 * history; if it is the later change it stays in Linear, unless the name of an
 * erased person has to go from there. */
static enum err
edited_ours(struct ctx *c, const struct actor *who, const struct known *k,
	    const struct linear_comment *m)
{
	const bool loses = k->comment.linear_dirty && !k->deleted &&
			   !is_erased(k) && m->updated_at > k->changed_at;
	enum whose whose;
	enum err e = find_whose(&whose, c, k, m->body);

	if (!e && whose == THEIRS)
		e = note_comment(
		    c, who, k, "conflict_comment", text_below_name(m->body),
		    k->deleted ? NULL : k->comment.content, ACTIVITY_INTERNAL);
	return e || whose == OURS || !loses
		   ? e
		   : thread_mark_current(c, &k->comment);
}

static enum err
edited_theirs(struct ctx *c, const struct actor *who, const struct known *k,
	      const struct linear_comment *m)
{
	struct comment is = k->comment;
	enum err e = comment_link_edited(c, k->comment.id, m->body);

	is.content = m->body;
	if (!e)
		e = search_reindex_comment(c, k->organization_id, &is);
	return e ? e
		 : note_comment(c, who, k, "comment_edited", k->comment.content,
				m->body, !k->comment.is_internal);
}

/* It was missing in a list once, and is listed now: it is restored. */
static enum err
restore_comment(struct ctx *c, const struct actor *who, struct known *k,
		const char *id)
{
	enum err e = was_removed(&k->deleted, c, id);

	if (e || k->deleted)
		return e;
	e = comment_link_restored(c, k->comment.id);
	if (!e)
		e = search_index_comment(c, k->organization_id, &k->comment);
	return e ? e
		 : note_comment(c, who, k, "comment_restored", NULL,
				k->comment.content, !k->comment.is_internal);
}

/* A stale payload changes nothing. But if the known time lies in the future,
 * a clock was wrong and the payload may be new: Linear is read again. */
static enum err
refetch_if_clock_jumped(struct ctx *c, const struct known *k, usec_t listed_at)
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
still_there(struct ctx *c, const struct actor *who, const struct known *k,
	    const struct linear_comment *m)
{
	bool removed;
	enum err e = edited_ours(c, who, k, m);

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
		     const struct known *k, const struct linear_comment *m,
		     usec_t listed_at)
{
	if (k->comment.author_kind != AUTHOR_LINEAR && !listed_at)
		return edited_ours(c, who, k, m);
	return refetch_if_clock_jumped(c, k, listed_at);
}

enum err
thread_ingest(struct ctx *c, const struct actor *who, struct issue *issue,
	      struct snapshot *snapshot, const struct linear_comment *m,
	      usec_t listed_at)
{
	struct hash h = hash_of(m->body);
	struct known k;
	enum err e;

	if (snapshot->thread_id && strcmp(m->id, snapshot->thread_id) == 0) {
		snapshot->thread_open = true;
		return OK;
	}
	e = find_comment_row(&k, c, m->id);
	if (e == ERR_NOTFOUND)
		return add_from_linear(c, who, issue, snapshot, m);
	if (!e && k.deleted && k.comment.author_kind != AUTHOR_LINEAR)
		return still_there(c, who, &k, m);
	if (!e && k.deleted && listed_at)
		e = restore_comment(c, who, &k, m->id);
	if (e || k.deleted)
		return e;
	if (is_older(m->updated_at, k.linear_updated_at, c->now) &&
	    !(listed_at && clock_was_set_back(k.linear_updated_at, listed_at)))
		return ingest_stale_comment(c, who, &k, m, listed_at);
	if (!k.got_hash || memcmp(k.got_hash, h.bytes, HASH_BYTES) != 0)
		e = k.comment.author_kind == AUTHOR_LINEAR
			? edited_theirs(c, who, &k, m)
			: edited_ours(c, who, &k, m);
	return e ? e : record_received(c, k.comment.id, m);
}

/* A public answer has been withdrawn. */
static enum err
withdraw_answer(struct ctx *c, const struct actor *who, const struct comment *m)
{
	struct issue *issue;
	enum err e = issue_lock(&issue, c, who, m->issue_id);

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	return comment_withdrawn(c, issue, m);
}

enum err
thread_remove(struct ctx *c, const struct actor *who, const char *linear_id)
{
	struct known k;
	enum err e = find_comment_row(&k, c, linear_id);

	if (e == ERR_NOTFOUND)
		return OK;
	if (e || k.deleted || k.comment.author_kind != AUTHOR_LINEAR)
		return e;
	e = comment_link_deleted(c, k.comment.id);
	if (!e)
		e = search_forget_comment(c, &k.comment);
	if (!e)
		e = note_comment(c, who, &k, "comment_deleted",
				 k.comment.content, NULL,
				 !k.comment.is_internal);
	return e || k.comment.is_internal ? e
					  : withdraw_answer(c, who, &k.comment);
}

static bool
is_among(const struct linear_issue *theirs, const char *id)
{
	for (size_t i = 0; i < theirs->comment_count; i++)
		if (strcmp(theirs->comments[i].id, id) == 0)
			return true;
	return false;
}

enum err
thread_remove_others(struct ctx *c, const struct actor *who,
		     const struct issue *issue,
		     const struct linear_issue *theirs, usec_t asked_at)
{
	struct rows rows;
	const char *id;
	enum err e = db_query(&rows, c->db, &sql[OF_LINEAR],
			      ARGS(arg_int(issue->id), arg_time(asked_at)));

	while (!e && rows_next(&rows)) {
		id = col_text(&rows);
		if (!is_among(theirs, id))
			e = thread_remove(c, who, id);
	}
	return e;
}
