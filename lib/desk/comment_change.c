/* Comments that their authors edit or withdraw. */

#include <string.h>

#include "base/arena.h"
#include "comment_row.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/outbox.h"
#include "desk/search_index.h"
#include "desk/trend.h"

enum { LOCK, EDIT, WITHDRAW, FIRST_ANSWER, ANSWERED, STATEMENTS };

/* what Linear has, or may have, of it */
#define DIRTY "linear_dirty = NOT is_internal AND linear_id IS NOT NULL"

static struct stmt sql[] = {
    [LOCK] = {"SELECT " COMMENT_COLUMNS " FROM comment m WHERE m.id = ? "
	      "AND m.issue_id = ? AND m.deleted_at IS NULL "
	      "AND (NOT m.is_internal OR ?) FOR UPDATE"},
    [EDIT] = {"UPDATE comment SET content = ?, updated_at = ?, " DIRTY
	      " WHERE id = ?"},
    [WITHDRAW] = {"UPDATE comment SET deleted_at = ?, updated_at = ?, " DIRTY
		  " WHERE id = ?"},
    [FIRST_ANSWER] = {"SELECT id, created_at FROM comment WHERE issue_id = ? "
		      "AND author_kind <> 'customer' AND NOT is_internal "
		      "AND deleted_at IS NULL ORDER BY id LIMIT 1"},
    [ANSWERED] = {"UPDATE issue SET first_answered_at = ? WHERE id = ?"},
};

const struct statements comment_change_statements = {sql, STATEMENTS};

struct changing {
	struct ctx *c;
	const struct actor *who;
	int64_t issue_id, id;
	const char *content; /* NULL: it is withdrawn */
	struct issue *issue;
	struct comment *was;
};

static enum err
lock_both(struct changing *g)
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
forbid(struct changing *g, const char *why)
{
	(void)fault_add(&g->c->faults, "non_field_errors", "%s", why);
	return ERR_FORBIDDEN;
}

static enum err
check_author(struct changing *g)
{
	const struct comment *m = g->was;
	usec_t written = 0;

	if (m->author_kind == AUTHOR_LINEAR)
		return forbid(g, "This comment came from Linear; it can only "
				 "be changed there.");
	if (m->author_id != g->who->user_id)
		return forbid(g, "Only its author can change a comment.");
	(void)clock_parse(&written, m->created_at);
	if (g->c->now - written > COMMENT_CHANGE_S * USEC_PER_SEC)
		return forbid(g, "A comment can be changed for 15 minutes; "
				 "that time is over.");
	return OK;
}

/* The first answer is another one now, or there is none. */
static enum err
forget_answer(struct ctx *c, const struct issue *issue, const struct comment *m)
{
	const char *first = NULL;
	struct rows rows;
	usec_t at = 0;
	enum err e;

	if (m->author_kind == AUTHOR_CUSTOMER || m->is_internal ||
	    !issue->first_answered_at)
		return OK;
	e = db_query(&rows, c->db, &sql[FIRST_ANSWER],
		     ARGS(arg_int(issue->id)));
	if (e)
		return e;
	if (rows_next(&rows)) {
		if (col_int(&rows) < m->id)
			return OK;
		first = col_text(&rows);
		(void)clock_parse(&at, first);
	}
	e = db_run(c->db, &sql[ANSWERED],
		   ARGS(arg_time(at), arg_int(issue->id)));
	return e ? e : trend_answered_again(c, issue, first);
}

enum err
comment_withdrawn(struct ctx *c, const struct issue *issue,
		  const struct comment *m)
{
	return forget_answer(c, issue, m);
}

static enum err
note(struct changing *g, const char *field)
{
	const struct comment *m = g->was;

	return activity_of_comment(g->c, g->who, g->issue->kind.organization_id,
				   m->issue_id, m->id, field, m->content,
				   g->content, !m->is_internal);
}

static enum err
edit(struct changing *g)
{
	struct ctx *c = g->c;
	struct comment is = *g->was;
	enum err e = db_run(
	    c->db, &sql[EDIT],
	    ARGS(arg_text(g->content), arg_time(c->now), arg_int(g->id)));

	is.content = g->content;
	if (!e)
		e = search_reindex_comment(c, g->issue->kind.organization_id,
					   &is);
	return e ? e : note(g, "comment_edited");
}

static enum err
withdraw(struct changing *g)
{
	struct ctx *c = g->c;
	enum err e =
	    db_run(c->db, &sql[WITHDRAW],
		   ARGS(arg_time(c->now), arg_time(c->now), arg_int(g->id)));

	if (!e)
		e = search_forget_comment(c, g->was);
	if (!e)
		e = note(g, "comment_deleted");
	return e ? e : comment_withdrawn(c, g->issue, g->was);
}

static enum err
change(void *arg)
{
	struct changing *g = arg;
	enum err e;

	faults_init(&g->c->faults, g->c->arena);
	e = lock_both(g);
	if (!e)
		e = check_author(g);
	if (e || (g->content && strcmp(g->content, g->was->content) == 0))
		return e;
	e = g->content ? edit(g) : withdraw(g);
	return e || g->was->is_internal ? e : outbox_mark(g->c, g->issue);
}

enum err
comment_change(struct comment **out, struct ctx *c, const struct actor *who,
	       int64_t issue_id, int64_t id, const char *content)
{
	struct changing g = {.c = c,
			     .who = who,
			     .issue_id = issue_id,
			     .id = id,
			     .content = content};
	enum err e = db_transaction(c->db, change, &g);

	if (!e)
		*out = g.was;
	return e;
}
