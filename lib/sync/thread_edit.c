/* An edit in Linear of a comment that was written here: whose text Linear has,
 * ours, an earlier one of ours, or another, and what is recorded of it. */

#include <string.h>

#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/erasure.h"
#include "hash.h"
#include "sync/attached.h"
#include "thread.h"
#include "thread_row.h"

enum { VERSIONS, STATEMENTS };

static struct stmt sql[] = {
    [VERSIONS] = {"SELECT field = 'conflict_comment', old_value, new_value "
		  "FROM activity WHERE issue_id = ? AND comment_id = ?"},
};

const struct statements sync_thread_edit_statements = {sql, STATEMENTS};

/* Whether the author was erased here. Linear may still have the reply with
 * their name above the text. */
static bool
is_erased(const struct thread_row *k)
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
compared_text(const struct thread_row *k, const char *body)
{
	return is_erased(k) ? text_below_name(body) : body;
}

/* True if Linear's text is this content of our comment, however Linear
 * formats it. */
static bool
shows_content(struct ctx *c, const struct thread_row *k, const char *content,
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
whose_entry(struct ctx *c, const struct thread_row *k, struct rows *rows,
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

/* OURS: the current text or an earlier one. THEIRS_NOTED: the history has it.
 */
static enum err
find_whose(enum whose *out, struct ctx *c, const struct thread_row *k,
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
enum err
thread_edited_ours(struct ctx *c, const struct actor *who,
		   const struct thread_row *k, const struct linear_comment *m)
{
	const bool loses = k->comment.linear_dirty && !k->deleted &&
			   !is_erased(k) && m->updated_at > k->changed_at;
	const char *body;
	enum whose whose = OURS;
	enum err e = attached_strip(&body, c, k->comment.id, m->body);

	if (!e)
		e = find_whose(&whose, c, k, body);
	if (!e && whose == THEIRS)
		e = thread_note(
		    c, who, k, "conflict_comment", text_below_name(body),
		    k->deleted ? NULL : k->comment.content, ACTIVITY_INTERNAL);
	return e || whose == OURS || !loses
		   ? e
		   : thread_mark_current(c, &k->comment);
}
