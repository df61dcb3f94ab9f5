/* Binding uploads to the issue or the comment that a request creates. Their
 * content moves from the uploads that belong to no organization into the
 * issue's organization, so that it is there once, and counts for its quota. */

#include "attachment_row.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"

enum { TAKE, STATEMENTS };

static struct stmt sql[] = {
    [TAKE] = {"SELECT " ATTACHMENT_COLUMNS " FROM attachment a "
	      "WHERE a.id IN " ATTACHED_IDS " AND a.user_id = ? "
	      "AND a.issue_id IS NULL AND a.deleted_at IS NULL "
	      "AND a.remove_at > ? ORDER BY a.id FOR UPDATE"},
};

const struct statements attachment_bind_statements = {sql, STATEMENTS};

static enum err
lock_uploads(struct attachment **out, size_t *n, struct ctx *c,
	     const struct actor *who, const struct attaching *a)
{
	struct arg args[ATTACHED_AT_ONCE + 2];
	struct rows rows;
	enum err e;

	for (size_t i = 0; i < ATTACHED_AT_ONCE; i++)
		args[i] = arg_int(a->ids[i < a->n ? i : a->n - 1]);
	args[ATTACHED_AT_ONCE] = arg_int(who->user_id);
	args[ATTACHED_AT_ONCE + 1] = arg_time(c->now);
	e = db_query(&rows, c->db, &sql[TAKE], args, ATTACHED_AT_ONCE + 2);
	if (!e)
		attachment_read_all(out, n, c, &rows);
	return e;
}

static enum err
check_uploads(struct ctx *c, const struct attachment *list, size_t n,
	      const struct attaching *a)
{
	if (n != a->n)
		return fault_add(&c->faults, "attachments",
				 "Each must be an upload of yours that is not "
				 "attached yet.");
	for (size_t i = 0; i < n; i++)
		if (list[i].state == ATTACHMENT_INFECTED)
			return fault_add(&c->faults, "attachments",
					 "The file %s contains malware, and "
					 "cannot be attached.",
					 list[i].filename);
	return OK;
}

enum err
attachment_take(struct ctx *c, const struct actor *who, int64_t organization_id,
		const struct attaching *a)
{
	struct attachment *list;
	size_t n = 0;
	enum err e;

	if (!a || !a->n)
		return OK;
	e = lock_uploads(&list, &n, c, who, a);
	if (!e)
		e = check_uploads(c, list, n, a);
	for (size_t i = 0; !e && i < n; i++)
		e = stored_file_use(c, organization_id, list[i].sha256,
				    list[i].size, a->keep, a->arg);
	return e;
}

enum err
attachment_bind(struct ctx *c, const struct actor *who, int64_t organization_id,
		int64_t issue_id, int64_t comment_id, bool is_internal,
		const struct attaching *a)
{
	const struct attachment_place at = {.organization_id = organization_id,
					    .issue_id = issue_id,
					    .comment_id = comment_id,
					    .is_internal = is_internal};
	struct attachment *list;
	size_t n = 0;
	enum err e;

	if (!a || !a->n)
		return OK;
	e = lock_uploads(&list, &n, c, who, a);
	for (size_t i = 0; !e && i < n; i++) {
		e = attachment_move(c, who, list[i].id, &at);
		if (!e)
			e = stored_file_unused(c, 0, list[i].sha256);
	}
	return e;
}
