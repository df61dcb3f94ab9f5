#include "admin/reindex.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/issue_count.h"
#include "desk/notification.h"
#include "desk/outbox.h"
#include "desk/search_index.h"
#include "desk/trend.h"

enum { ISSUES, NOTICES, STATEMENTS };

/* What customers do is told to staff. What others do is told to the customer,
 * if the issue has one, and unless they did it themselves. */
#define IS_TOLD                                                   \
	"(a.actor_kind = 'customer' OR (i.raised_by IS NOT NULL " \
	"AND NOT i.raised_by <=> a.actor_id))"
#define KIND_OF_STATUS                                                \
	"CASE WHEN a.new_value = 'resolved' THEN 'resolved' "         \
	"WHEN a.old_value IN ('resolved', 'closed') "                 \
	"AND a.new_value IN ('open', 'in_progress') THEN 'reopened' " \
	"ELSE 'status' END"

/* How many notifications must follow from each entry of the history, at least
 * and at most: an assignee may have left, or have taken it themselves, and of
 * files that come in a burst people are notified once. */
#define WANTED                                                             \
	"SELECT a.issue_id, a.created_at AS at, CASE a.field "             \
	"WHEN 'created' THEN 'raised' WHEN 'comment' THEN 'replied' "      \
	"WHEN 'assigned_to' THEN 'assigned' WHEN 'attachment' "            \
	"THEN 'attached' WHEN 'attachment_infected' THEN 'infected' "      \
	"ELSE " KIND_OF_STATUS " END "                                     \
	"AS kind, CASE a.field WHEN 'created' THEN 1 + (a.actor_kind = "   \
	"'staff' AND " IS_TOLD ") WHEN 'status' THEN " IS_TOLD             \
	" WHEN 'comment' THEN " IS_TOLD " ELSE 0 END AS least, "           \
	"CASE a.field WHEN 'attachment_infected' THEN 1 + a.is_public "    \
	"ELSE a.field IN ('assigned_to', 'attachment') END AS more, "      \
	"0 AS n "                                                          \
	"FROM activity a JOIN issue i ON i.id = a.issue_id WHERE ("        \
	"a.field = 'created' AND a.actor_kind <> 'linear' "                \
	"OR a.field IN ('comment', 'attachment') AND a.is_public "         \
	"OR a.field IN ('status', 'assigned_to', 'attachment_infected')) " \
	"AND " OUTBOX_IS_DERIVED("a", "notices")

static struct stmt sql[] = {
    [ISSUES] = {"SELECT COUNT(*) FROM issue WHERE deleted_at IS NULL"},
    [NOTICES] = {"SELECT COALESCE(SUM(GREATEST(least - n, 0)), 0), "
		 "COALESCE(SUM(GREATEST(n - least - more, 0)), 0) FROM ("
		 "SELECT SUM(w.least) AS least, SUM(w.more) AS more, "
		 "SUM(w.n) AS n FROM (" WANTED
		 " UNION ALL SELECT issue_id, created_at, kind, 0, 0, 1 "
		 "FROM notification) w GROUP BY w.issue_id, w.at, w.kind) k"},
};

const struct statements reindex_statements = {sql, STATEMENTS};

static enum err
index_all(struct ctx *c)
{
	bool more = true;
	enum err e = search_all_changed(c);

	while (!e && more)
		e = search_catch_up(&more, c);
	if (!e)
		e = directory_all_changed(c);
	for (more = true; !e && more;)
		e = directory_catch_up(&more, c);
	return e;
}

enum err
reindex_all(struct reindexed *out, struct ctx *c)
{
	struct rows rows;
	int64_t unread = 0;
	enum err e = count_repair(&out->counters, c);

	if (!e)
		e = unread_repair(&unread, c);
	out->counters += unread;
	if (!e)
		e = trend_repair(&out->trend, c);
	if (!e)
		e = index_all(c);
	if (!e)
		e = db_one(&rows, c->db, &sql[ISSUES], NO_ARGS);
	if (e)
		return e;
	out->issues = col_int(&rows);
	e = db_one(&rows, c->db, &sql[NOTICES], NO_ARGS);
	if (e)
		return e;
	out->missing_notices = col_int(&rows);
	out->surplus_notices = col_int(&rows);
	return OK;
}
