#include "first_answer.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "issue_store.h"

enum { FIND, STATEMENTS };

static struct stmt sql[] = {
    [FIND] = {"SELECT id, created_at FROM comment WHERE issue_id = ? "
	      "AND author_kind <> 'customer' AND NOT is_internal "
	      "AND deleted_at IS NULL ORDER BY id LIMIT 1"},
};

const struct statements first_answer_statements = {sql, STATEMENTS};

enum err
first_answer_added(struct ctx *c, const struct actor *who, struct issue *issue)
{
	enum err e;

	if (who->role == ROLE_CUSTOMER || !issue->raised_by ||
	    issue->first_answered_at)
		return OK;
	e = issue_store_answered(c, issue, c->now);
	issue->first_answered_at = clock_text(c->arena, c->now);
	return e ? e
		 : activity_of_first_answer(c, who, issue->kind.organization_id,
					    issue->id, NULL,
					    issue->first_answered_at);
}

enum err
comment_withdrawn(struct ctx *c, const struct actor *who,
		  const struct issue *issue, const struct comment *m)
{
	const char *first = NULL;
	struct rows rows;
	usec_t at = 0;
	enum err e = attachment_comment_withdrawn(c, issue, m->id);

	if (e || m->author_kind == AUTHOR_CUSTOMER || m->is_internal ||
	    !issue->first_answered_at)
		return e;
	e = db_query(&rows, c->db, &sql[FIND], ARGS(arg_int(issue->id)));
	if (e)
		return e;
	if (rows_next(&rows)) {
		if (col_int(&rows) < m->id)
			return OK;
		first = col_text(&rows);
		(void)clock_parse(&at, first);
	}
	e = issue_store_answered(c, issue, at);
	return e ? e
		 : activity_of_first_answer(c, who, issue->kind.organization_id,
					    issue->id, issue->first_answered_at,
					    first);
}
