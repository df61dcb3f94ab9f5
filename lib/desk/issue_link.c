#include "desk/issue_link.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"
#include "issue_store.h"

enum { BY_LINEAR_ID, STATEMENTS };

static struct stmt sql[] = {
    [BY_LINEAR_ID] = {"SELECT id, organization_id, deleted_at IS NOT NULL "
		      "FROM issue WHERE linear_id = ?"},
};

const struct statements issue_link_statements = {sql, STATEMENTS};

enum err
issue_set_link(struct ctx *c, struct issue *issue,
	       const struct issue_link *link)
{
	const struct issue_kind was = issue->kind;
	enum err e = issue_store_link(c, issue->id, link);

	if (e)
		return e;
	issue->linear_identifier = link->identifier;
	issue->linear_url = link->url;
	issue->linear_team_id = link->team_id;
	issue->kind.synced_to_linear = link->synced;
	issue->sync_state = link->state;
	return count_move(c, &was, &issue->kind);
}

enum err
issue_set_linear_id(struct ctx *c, int64_t issue_id, const char *linear_id)
{
	return issue_store_linear_id(c, issue_id, linear_id);
}

enum err
issue_set_pending(struct ctx *c, int64_t issue_id)
{
	return issue_store_pending(c, issue_id);
}

enum err
issue_insert_linked(struct ctx *c, struct issue *i)
{
	i->kind.synced_to_linear = true;
	i->sync_state = SYNC_SYNCED;
	i->version = 1;
	return issue_store_new(c, i);
}

enum err
issue_by_linear_id(int64_t *id, int64_t *organization_id, bool *deleted,
		   struct ctx *c, const char *linear_id)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[BY_LINEAR_ID], ARGS(arg_text(linear_id)));

	if (e)
		return e;
	*id = col_int(&rows);
	*organization_id = col_int(&rows);
	*deleted = col_bool(&rows);
	return OK;
}
