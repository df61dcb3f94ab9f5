/* Lists and counts of notifications. They go along an index from the newest row
 * on and stop when the page is full, and counts stop at COUNTED behind it;
 * neither goes beyond the newest thousand rows of each kind. So both cost the
 * same however many rows there are. */

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/list_page.h"
#include "desk/notification.h"
#include "notification_row.h"

/* Counts stop so far behind the page. */
#define COUNTED 100

#define HAS_MARK                                                   \
	"(SELECT 1 FROM notification_read r WHERE r.profile_id = " \
	"p.id AND r.notification_id = n.id LIMIT 1)"
#define IS_READ	  "(n.id <= p.notifications_read_to OR " HAS_MARK " IS NOT NULL)"
#define IS_UNREAD "AND n.id > p.notifications_read_to AND " HAS_MARK " IS NULL "

/* The ids of the newest rows that a reader is shown, of their own or of the
 * staff: the index's name is that of the column. */
#define NEWEST_BY(column, not_by, unread)                                   \
	"(SELECT n.id FROM profile p STRAIGHT_JOIN notification n "         \
	"FORCE INDEX (" column ") STRAIGHT_JOIN issue i "                   \
	"ON i.id = n.issue_id WHERE p.id = ? AND n." column " = ? " not_by  \
	"AND n.id >= COALESCE((SELECT x.id FROM notification x "            \
	"WHERE x." column " = ? ORDER BY x.id DESC LIMIT 1 OFFSET 999), 0)" \
	" AND " NOTIFICATION_MAY_READ unread "ORDER BY n.id DESC LIMIT ?)"

/* Nobody is told what they did themselves. */
#define NEWEST(unread)                                                \
	"(" NEWEST_BY("user_id", "", unread) " UNION ALL " NEWEST_BY( \
	    "organization_id", "AND NOT n.actor_id <=> ? ", unread) ") k "
#define NEWEST_ARGS 13

#define PAGE_OF(newest)                                                       \
	"SELECT n.id, n.issue_id, i.issue_number, i.title, n.kind + 0, "      \
	"n.status + 0, n.actor_name, n.created_at, " IS_READ " FROM " newest  \
	"JOIN notification n ON n.id = k.id JOIN issue i "                    \
	"ON i.id = n.issue_id JOIN profile p ON p.id = ? ORDER BY n.id DESC " \
	"LIMIT ? OFFSET ?"

enum { LIST, LIST_UNREAD, COUNT, COUNT_UNREAD, STATEMENTS };

static struct stmt sql[] = {
    [LIST] = {PAGE_OF(NEWEST(""))},
    [LIST_UNREAD] = {PAGE_OF(NEWEST(IS_UNREAD))},
    [COUNT] = {"SELECT (SELECT COUNT(*) FROM " NEWEST(
	"") "), (SELECT COUNT(*) FROM " NEWEST(IS_UNREAD) ")"},
    [COUNT_UNREAD] = {"SELECT COUNT(*) FROM " NEWEST(IS_UNREAD)},
};

const struct statements notification_list_statements = {sql, STATEMENTS};

/* The arguments of NEWEST, which finds at most `limit` of each kind. */
static void
newest_args(struct arg out[NEWEST_ARGS], const struct actor *who, int64_t limit)
{
	const struct arg org = arg_id(who->organization_id);
	const struct arg profile = arg_int(who->profile_id);
	const struct arg user = arg_int(who->user_id), most = arg_int(limit);
	const struct arg args[NEWEST_ARGS] = {profile, user,	user, org,  org,
					      most,    profile, org,  user, org,
					      org,     org,	most};

	memcpy(out, args, sizeof(args));
}

enum err
notification_count_unread(int64_t *out, struct ctx *c, const struct actor *who)
{
	struct arg args[NEWEST_ARGS];

	newest_args(args, who, COUNTED);
	return list_count(out, c, &sql[COUNT_UNREAD], args, NEWEST_ARGS);
}

static enum err
count_notifications(struct notification_page *out, struct ctx *c,
		    const struct actor *who, bool unread_only, int64_t most)
{
	struct arg args[2 * NEWEST_ARGS];
	struct rows rows;
	enum err e;

	newest_args(args, who, most);
	if (unread_only) {
		e = list_count(&out->count, c, &sql[COUNT_UNREAD], args,
			       NEWEST_ARGS);
		out->unread = out->count;
		return e;
	}
	newest_args(args + NEWEST_ARGS, who, COUNTED);
	e = db_one(&rows, c->db, &sql[COUNT], args, 2 * NEWEST_ARGS);
	if (e)
		return e;
	out->count = col_int(&rows);
	out->unread = col_int(&rows);
	return OK;
}

static void
take_notifications(struct notification_page *out, struct ctx *c,
		   struct rows *rows)
{
	struct notification *n;

	out->list = n = arena_alloc(c->arena, (rows->count + 1) * sizeof(*n));
	for (; rows_next(rows); n++) {
		n->id = col_int(rows);
		n->issue_id = col_int(rows);
		n->issue_number = col_text(rows);
		n->issue_title = col_text(rows);
		n->kind = (enum notice)col_int(rows);
		n->status = (enum status)col_int(rows);
		n->actor_name = col_text(rows);
		n->created_at = col_text(rows);
		n->is_read = col_bool(rows);
	}
}

enum err
notification_list(struct notification_page *out, struct ctx *c,
		  const struct actor *who, bool unread_only, int64_t limit,
		  int64_t offset)
{
	struct arg args[NEWEST_ARGS + 3];
	struct rows rows;
	enum err e;

	newest_args(args, who, offset + limit);
	args[NEWEST_ARGS] = arg_int(who->profile_id);
	args[NEWEST_ARGS + 1] = arg_int(limit);
	args[NEWEST_ARGS + 2] = arg_int(offset);
	e = db_query(&rows, c->db, &sql[unread_only ? LIST_UNREAD : LIST], args,
		     NEWEST_ARGS + 3);
	if (!e)
		e = count_notifications(out, c, who, unread_only,
					offset + limit + COUNTED);
	if (e)
		return e;
	out->n = rows.count;
	take_notifications(out, c, &rows);
	return OK;
}
