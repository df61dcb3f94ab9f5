/* Files and Linear: which of an issue's files Linear is to have, which came
 * from there, and the job that a file needs once it may be sent. How they get
 * there and back is lib/sync's. */

#include "attachment_row.h"
#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/sync_job.h"
#include "issue_store.h"

enum { FOR_LINEAR, OF_COMMENT, FROM_LINEAR, OWNER, STATEMENTS };

#define SELECT "SELECT " ATTACHMENT_COLUMNS " FROM attachment a "

static struct stmt sql[] = {
    [FOR_LINEAR] = {SELECT "LEFT JOIN comment m ON m.id = a.comment_id "
			   "WHERE a.issue_id = ? AND a.source <> ? "
			   "AND NOT a.is_internal "
			   "AND (a.deleted_at IS NULL OR a.sent_to_linear) "
			   "AND (a.comment_id IS NULL OR (NOT m.is_internal "
			   "AND m.deleted_at IS NULL AND m.synced_to_linear)) "
			   "ORDER BY a.id"},
    [OF_COMMENT] = {SELECT "WHERE a.comment_id = ? ORDER BY a.id"},
    [FROM_LINEAR] = {SELECT "WHERE a.issue_id = ? AND a.comment_id <=> ? "
			    "AND a.source = ? "
			    "AND a.linear_asset_hash IS NOT NULL"},
    [OWNER] = {"SELECT a.issue_id, a.organization_id FROM attachment a "
	       "JOIN issue i ON i.id = a.issue_id "
	       "JOIN organization o ON o.id = a.organization_id "
	       "WHERE a.id = ? AND a.source <> ? AND NOT a.is_internal "
	       "AND COALESCE(i.linear_team_id, o.linear_team_id) IS NOT NULL"},
};

const struct statements attachment_linear_statements = {sql, STATEMENTS};

enum err
attachment_list_for_linear(struct attachment **out, size_t *n, struct ctx *c,
			   int64_t issue_id)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[FOR_LINEAR],
		     ARGS(arg_int(issue_id), arg_int(ATTACHMENT_LINEAR)));

	if (!e)
		attachment_read_all(out, n, c, &rows);
	return e;
}

enum err
attachment_all_of_comment(struct attachment **out, size_t *n, struct ctx *c,
			  int64_t comment_id)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[OF_COMMENT], ARGS(arg_int(comment_id)));

	if (!e)
		attachment_read_all(out, n, c, &rows);
	return e;
}

enum err
attachment_list_from_linear(struct attachment **out, size_t *n, struct ctx *c,
			    int64_t issue_id, int64_t comment_id)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[FROM_LINEAR],
			      ARGS(arg_int(issue_id), arg_id(comment_id),
				   arg_int(ATTACHMENT_LINEAR)));

	if (!e)
		attachment_read_all(out, n, c, &rows);
	return e;
}

enum err
attachment_set_sent(struct ctx *c, const struct attachment *a, bool sent)
{
	enum err e = attachment_store_sent(c, a->id, sent);

	return e ? e : issue_store_attached(c, a->issue_id);
}

enum err
attachment_mark_job(struct ctx *c, int64_t id)
{
	struct rows rows;
	int64_t issue_id, organization_id;
	enum err e = db_one(&rows, c->db, &sql[OWNER],
			    ARGS(arg_int(id), arg_int(ATTACHMENT_LINEAR)));

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	issue_id = col_int(&rows);
	organization_id = col_int(&rows);
	return job_mark(c, issue_id, organization_id);
}

static enum asset_shown
shown_as(enum attachment_state state)
{
	switch (state) {
	case ATTACHMENT_CHECKING:
		return ASSET_AWAITED;
	case ATTACHMENT_READY:
	case ATTACHMENT_UNCHECKED:
		return ASSET_READY;
	case ATTACHMENT_INFECTED:
	case ATTACHMENT_GONE:
		break;
	}
	return ASSET_MISSING;
}

enum asset_shown
attachment_find_asset(int64_t *id, const void *arg, const char *url)
{
	const struct attachment_assets *f = arg;

	for (size_t i = 0; i < f->n; i++) {
		const struct attachment *a = &f->list[i];

		if (a->comment_id != f->comment_id || a->is_deleted ||
		    a->source != ATTACHMENT_LINEAR ||
		    strcmp(a->linear_asset_url, url) != 0)
			continue;
		*id = a->id;
		return shown_as(a->state);
	}
	return ASSET_UNKNOWN;
}
