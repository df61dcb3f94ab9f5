/* The files of issues: who sees which. Staff see those of their organization's
 * issues; customers those of their own issues that are not internal; everybody
 * their own uploads that are not bound yet. What is deleted, nobody sees. Rows
 * are written by attachment_row.c; files are attached in attachment_add.c and
 * attachment_bind.c, and deleted in attachment_change.c. */

#include "desk/attachment.h"

#include "attachment_row.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "issue_row.h"

enum { LIST, OF_COMMENT, TOGETHER, GET, FIND, WAITING, STATEMENTS };

#define SELECT "SELECT " ATTACHMENT_COLUMNS " FROM attachment a "

/* Takes time, user, organization (NULL: a customer) twice, and user. */
#define MAY_SEE                                                            \
	"a.deleted_at IS NULL AND ((a.issue_id IS NULL AND a.user_id = ? " \
	"AND a.remove_at > ?) OR (i.deleted_at IS NULL AND "               \
	"(a.organization_id = ? OR (? IS NULL AND NOT a.is_internal "      \
	"AND " ISSUE_OF_RAISER "))))"

static struct stmt sql[] = {
    [LIST] = {SELECT "WHERE a.issue_id = ? AND a.organization_id = ? "
		     "AND a.deleted_at IS NULL AND (NOT a.is_internal OR ?) "
		     "ORDER BY a.id LIMIT ?"},
    [OF_COMMENT] = {SELECT "WHERE a.comment_id = ? AND a.deleted_at IS NULL "
			   "ORDER BY a.id LIMIT ?"},
    [TOGETHER] = {SELECT "JOIN attachment f ON f.id = ? "
			 "AND f.user_id = a.user_id "
			 "AND f.created_at = a.created_at "
			 "AND f.issue_id <=> a.issue_id "
			 "WHERE a.user_id = ? AND a.id >= f.id "
			 "AND a.deleted_at IS NULL ORDER BY a.id LIMIT ?"},
    [GET] = {SELECT "LEFT JOIN issue i ON i.id = a.issue_id "
		    "WHERE a.id = ? AND " MAY_SEE},
    [FIND] = {SELECT "WHERE a.id = ? AND a.deleted_at IS NULL"},
    [WAITING] = {SELECT "WHERE a.state = ? AND a.id > ? "
			"AND a.deleted_at IS NULL AND (a.sha256 IS NULL) = ? "
			"ORDER BY a.id LIMIT ?"},
};

const struct statements attachment_statements = {sql, STATEMENTS};

const struct enum_name attachment_source_words[] = {
    {"upload", ATTACHMENT_UPLOAD},
    {"mail", ATTACHMENT_MAIL},
    {"linear", ATTACHMENT_LINEAR},
    {NULL, 0}};

const struct enum_name attachment_state_words[] = {
    {"checking", ATTACHMENT_CHECKING}, {"ready", ATTACHMENT_READY},
    {"infected", ATTACHMENT_INFECTED}, {"unchecked", ATTACHMENT_UNCHECKED},
    {"gone", ATTACHMENT_GONE},	       {NULL, 0}};

static enum err
list_files(struct attachment **out, size_t *n, struct ctx *c, struct stmt *s,
	   const struct arg *args, size_t n_args)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, s, args, n_args);

	if (!e)
		attachment_read_all(out, n, c, &rows);
	return e;
}

static enum err
one_file(struct attachment **out, struct ctx *c, struct stmt *s,
	 const struct arg *args, size_t n_args)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, s, args, n_args);

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	attachment_read(*out, &rows);
	return OK;
}

enum err
attachment_list(struct attachment **out, size_t *n, struct ctx *c,
		const struct actor *who, const struct issue *issue)
{
	*out = NULL;
	*n = 0;
	if (!issue->attachment_count)
		return OK;
	return list_files(
	    out, n, c, &sql[LIST],
	    ARGS(arg_int(issue->id), arg_int(issue->kind.organization_id),
		 arg_int(actor_is_staff(who)), arg_int(ATTACHMENTS_MAX)));
}

enum err
attachment_list_of_comment(struct attachment **out, size_t *n, struct ctx *c,
			   int64_t comment_id)
{
	return list_files(out, n, c, &sql[OF_COMMENT],
			  ARGS(arg_int(comment_id), arg_int(ATTACHMENTS_MAX)));
}

enum err
attachment_list_together(struct attachment **out, size_t *n, struct ctx *c,
			 const struct actor *who, int64_t id)
{
	return list_files(out, n, c, &sql[TOGETHER],
			  ARGS(arg_int(id), arg_int(who->user_id),
			       arg_int(ATTACHED_AT_ONCE)));
}

enum err
attachment_get(struct attachment **out, struct ctx *c, const struct actor *who,
	       int64_t id)
{
	const struct arg user = arg_int(who->user_id);
	const struct arg org = arg_id(who->organization_id);

	return one_file(out, c, &sql[GET],
			ARGS(arg_int(id), user, arg_time(c->now), org, org,
			     who->role == ROLE_CUSTOMER ? user : arg_id(0)));
}

enum err
attachment_find(struct attachment **out, struct ctx *c, int64_t id)
{
	return one_file(out, c, &sql[FIND], ARGS(arg_int(id)));
}

enum err
attachment_waiting(struct attachment **out, size_t *n, struct ctx *c,
		   enum attachment_state state, bool is_here, int64_t behind,
		   int64_t limit)
{
	return list_files(out, n, c, &sql[WAITING],
			  ARGS(arg_int(state), arg_int(behind),
			       arg_int(!is_here), arg_int(limit)));
}
