#include "desk/issue_link.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"

enum { SET_LINK, SET_ID, SET_PENDING, INSERT, BY_LINEAR_ID, STATEMENTS };

static struct stmt sql[] = {
    [SET_LINK] = {"UPDATE issue SET linear_identifier = LEFT(?, 32), "
		  "linear_url = LEFT(?, 500), "
		  "linear_state = COALESCE(LEFT(?, 100), linear_state), "
		  "linear_team_id = ?, synced_to_linear = ?, sync_state = ?, "
		  "last_synced_at = COALESCE(?, last_synced_at) WHERE id = ?"},
    [SET_ID] = {"UPDATE issue SET linear_id = ? WHERE id = ? "
		"AND linear_id IS NULL"},
    [SET_PENDING] = {"UPDATE issue SET sync_state = ? WHERE id = ?"},
    [INSERT] = {"INSERT INTO issue (organization_id, issue_number, title, "
		"description, status, priority, category, assigned_to, "
		"is_client_issue, resolved_at, linear_id, synced_to_linear, "
		"sync_state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, "
		"?, ?, FALSE, ?, ?, TRUE, ?, ?, ?)"},
    [BY_LINEAR_ID] = {"SELECT id, organization_id, deleted_at IS NOT NULL "
		      "FROM issue WHERE linear_id = ?"},
};

const struct statements issue_link_statements = {sql, STATEMENTS};

enum err
issue_set_link(struct ctx *c, struct issue *issue,
	       const struct issue_link *link)
{
	const struct issue_kind was = issue->kind;
	enum err e = db_run(
	    c->db, &sql[SET_LINK],
	    ARGS(arg_text(link->identifier), arg_text(link->url),
		 arg_text(link->state_name), arg_text(link->team_id),
		 arg_int(link->synced), arg_int(link->state),
		 arg_time(link->touched ? c->now : 0), arg_int(issue->id)));

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
	return db_run(c->db, &sql[SET_ID],
		      ARGS(arg_text(linear_id), arg_int(issue_id)));
}

enum err
issue_set_pending(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[SET_PENDING],
		      ARGS(arg_int(SYNC_PENDING), arg_int(issue_id)));
}

enum err
issue_insert_linked(struct ctx *c, struct issue *i, const char *linear_id,
		    usec_t created_at, usec_t resolved_at)
{
	const struct issue_kind *k = &i->kind;
	enum err e = db_run(c->db, &sql[INSERT],
			    ARGS(arg_int(k->organization_id),
				 arg_text(i->issue_number), arg_text(i->title),
				 arg_text(i->description), arg_int(k->status),
				 arg_int(k->priority), arg_int(k->category),
				 arg_id(k->assigned_to), arg_time(resolved_at),
				 arg_text(linear_id), arg_int(SYNC_SYNCED),
				 arg_time(created_at), arg_time(c->now)));

	if (!e)
		i->id = db_insert_id(c->db);
	return e;
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
