/* Authors edit or withdraw their own comments, for COMMENT_CHANGE_S after they
 * were written. Comments from Linear are changed in Linear (sync/thread.c). The
 * old text stays in the history, which only staff read in full. */

#include <string.h>

#include "base/arena.h"
#include "comment_row.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "quota.h"

enum { LOCK, STATEMENTS };

static struct stmt sql[] = {
    [LOCK] = {"SELECT " COMMENT_COLUMNS " FROM comment m WHERE m.id = ? "
	      "AND m.issue_id = ? AND m.deleted_at IS NULL "
	      "AND (NOT m.is_internal OR ?) FOR UPDATE"},
};

const struct statements comment_change_statements = {sql, STATEMENTS};

/* The arguments of change_comment_within(). */
struct comment_edit {
	struct ctx *c;
	const struct actor *who;
	int64_t issue_id, id;
	const char *content; /* NULL: withdraw it */
	struct issue *issue;
	struct comment *was;
};

static enum err
lock_comment(struct comment_edit *g)
{
	struct ctx *c = g->c;
	struct rows rows;
	enum err e = issue_lock(&g->issue, c, g->who, g->issue_id);

	if (!e)
		e = db_one(&rows, c->db, &sql[LOCK],
			   ARGS(arg_int(g->id), arg_int(g->issue_id),
				arg_int(actor_is_staff(g->who))));
	if (e)
		return e;
	g->was = arena_alloc(c->arena, sizeof(*g->was));
	comment_read(g->was, &rows);
	return OK;
}

static enum err
forbid_change(struct comment_edit *g, const char *why)
{
	(void)fault_add(&g->c->faults, "non_field_errors", "%s", why);
	return ERR_FORBIDDEN;
}

static enum err
check_author(struct comment_edit *g)
{
	const struct comment *m = g->was;
	usec_t written = 0;

	if (m->author_kind == AUTHOR_LINEAR)
		return forbid_change(
		    g, "This comment came from Linear; it can only "
		       "be changed there.");
	if (m->author_id != g->who->user_id)
		return forbid_change(g,
				     "Only its author can change a comment.");
	(void)clock_parse(&written, m->created_at);
	if (g->c->now - written > COMMENT_CHANGE_S * USEC_PER_SEC)
		return forbid_change(g,
				     "A comment can be changed for 15 minutes; "
				     "that time is over.");
	return OK;
}

static enum err
log_comment(struct comment_edit *g, const char *field)
{
	const struct comment *m = g->was;

	return activity_of_comment(g->c, g->who, g->issue->kind.organization_id,
				   m->issue_id, m->id, field, m->content,
				   g->content, !m->is_internal);
}

static enum err
edit_comment(struct comment_edit *g)
{
	enum err e = comment_set_content(g->c, g->id, g->content);

	return e ? e : log_comment(g, "comment_edited");
}

static enum err
withdraw_comment(struct comment_edit *g)
{
	enum err e = comment_set_deleted(g->c, g->id);

	if (!e)
		e = log_comment(g, "comment_deleted");
	return e ? e : comment_withdrawn(g->c, g->who, g->issue, g->was);
}

static enum err
change_comment_within(void *arg)
{
	struct comment_edit *g = arg;
	enum err e;

	faults_init(&g->c->faults, g->c->arena);
	e = lock_comment(g);
	if (!e)
		e = check_author(g);
	if (e || (g->content && strcmp(g->content, g->was->content) == 0))
		return e;
	if (g->content)
		e = quota_take_text(g->c, g->who);
	if (e)
		return e;
	return g->content ? edit_comment(g) : withdraw_comment(g);
}

enum err
comment_change(struct comment **out, struct ctx *c, const struct actor *who,
	       int64_t issue_id, int64_t id, const char *content)
{
	struct comment_edit g = {.c = c,
				 .who = who,
				 .issue_id = issue_id,
				 .id = id,
				 .content = content};
	enum err e = db_transaction(c->db, change_comment_within, &g);

	if (!e)
		*out = g.was;
	return e;
}
