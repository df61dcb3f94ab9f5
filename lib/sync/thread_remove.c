/* Comments that are no longer in Linear: one that was written there is deleted
 * here, too; one that was written here stays. */

#include <string.h>

#include "db/db.h"
#include "db/statements.h"
#include "desk/attachment.h"
#include "desk/comment_link.h"
#include "thread.h"
#include "thread_row.h"

enum { OF_LINEAR, STATEMENTS };

static struct stmt sql[] = {
    /* updated_at is by our clock, when the comment was added here or later */
    [OF_LINEAR] = {"SELECT linear_id FROM comment WHERE issue_id = ? "
		   "AND author_kind = 'linear' AND deleted_at IS NULL "
		   "AND updated_at < ?"},
};

const struct statements sync_thread_remove_statements = {sql, STATEMENTS};

/* What follows: its files go, and a public one was an answer. */
static enum err
follow_removal(struct ctx *c, const struct actor *who, const struct comment *m)
{
	struct issue *issue;
	enum err e = issue_lock(&issue, c, who, m->issue_id);

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	return m->is_internal ? attachment_comment_withdrawn(c, issue, m->id)
			      : comment_withdrawn(c, who, issue, m);
}

enum err
thread_remove(struct ctx *c, const struct actor *who, const char *linear_id)
{
	struct thread_row k;
	enum err e = thread_find_row(&k, c, linear_id);

	if (e == ERR_NOTFOUND)
		return OK;
	if (e || k.deleted || k.comment.author_kind != AUTHOR_LINEAR)
		return e;
	e = comment_link_deleted(c, k.comment.id);
	if (!e)
		e = thread_note(c, who, &k, "comment_deleted",
				k.comment.content, NULL,
				!k.comment.is_internal);
	return e ? e : follow_removal(c, who, &k.comment);
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
