/* Lists of notifications. They go along an index from the newest row on and
 * stop when the page is full, and never go beyond the newest thousand rows of
 * each kind; how many there are in all is counted up to COUNTED behind the
 * page. So a page costs the same however many rows there are. The counters
 * (notification_count.c) tell how many are unread, and of which kind: a kind
 * that has none is not read. */

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/notification.h"
#include "notification_count.h"
#include "notification_row.h"

/* Counts stop so far behind the page. */
#define COUNTED 100

/* Of each kind, lists end behind so many. */
#define LISTED	    1000
#define LAST_LISTED "999"

#define IS_READ \
	"(n.id <= p.notifications_read_to OR " NOTICE_HAS_MARK " IS NOT NULL)"
#define IS_UNREAD "AND " NOTICE_IS_UNREAD

/* The ids of the newest rows that a reader is shown, of their own or of the
 * staff: the index's name is that of the column. */
#define NEWEST_BY(column, not_by, unread)                                  \
	"(SELECT n.id FROM profile p STRAIGHT_JOIN notification n "        \
	"FORCE INDEX (" column ") STRAIGHT_JOIN issue i "                  \
	"ON i.id = n.issue_id WHERE p.id = ? AND n." column " = ? " not_by \
	"AND n.id >= COALESCE((SELECT x.id FROM notification x "           \
	"WHERE x." column                                                  \
	" = ? ORDER BY x.id DESC LIMIT 1 OFFSET " LAST_LISTED "), 0)"      \
	" AND " NOTIFICATION_MAY_READ unread "ORDER BY n.id DESC LIMIT ?)"

/* The kinds: those for the person alone, those for the staff, both. Nobody is
 * told what they did themselves. */
enum { KIND_OWN, KIND_STAFF, KIND_BOTH, KINDS };
#define OF_OWN(unread) NEWEST_BY("user_id", "", unread)
#define OF_STAFF(unread) \
	NEWEST_BY("organization_id", "AND NOT n.actor_id <=> ? ", unread)
#define OF_BOTH(unread)	   OF_OWN(unread) " UNION ALL " OF_STAFF(unread)
#define NEWEST(of, unread) "(" of(unread) ") k "
#define NEWEST_ARGS	   13 /* at most */

#define PAGE_OF(newest)                                                       \
	"SELECT n.id, n.issue_id, i.issue_number, i.title, n.kind + 0, "      \
	"n.status + 0, n.actor_name, n.created_at, " IS_READ " FROM " newest  \
	"JOIN notification n ON n.id = k.id JOIN issue i "                    \
	"ON i.id = n.issue_id JOIN profile p ON p.id = ? ORDER BY n.id DESC " \
	"LIMIT ? OFFSET ?"

enum {
	LIST,
	LIST_UNREAD = LIST + KINDS,
	COUNT = LIST_UNREAD + KINDS,
	STATEMENTS = COUNT + KINDS
};

#define COUNT_OF(of) \
	"SELECT " UNREAD_COLUMNS ", (SELECT COUNT(*) FROM " NEWEST(of, "") ")"

static struct stmt sql[] = {
    [LIST + KIND_OWN] = {PAGE_OF(NEWEST(OF_OWN, ""))},
    [LIST + KIND_STAFF] = {PAGE_OF(NEWEST(OF_STAFF, ""))},
    [LIST + KIND_BOTH] = {PAGE_OF(NEWEST(OF_BOTH, ""))},
    [LIST_UNREAD + KIND_OWN] = {PAGE_OF(NEWEST(OF_OWN, IS_UNREAD))},
    [LIST_UNREAD + KIND_STAFF] = {PAGE_OF(NEWEST(OF_STAFF, IS_UNREAD))},
    [LIST_UNREAD + KIND_BOTH] = {PAGE_OF(NEWEST(OF_BOTH, IS_UNREAD))},
    [COUNT + KIND_OWN] = {COUNT_OF(OF_OWN)},
    [COUNT + KIND_STAFF] = {COUNT_OF(OF_STAFF)},
    [COUNT + KIND_BOTH] = {COUNT_OF(OF_BOTH)},
};

const struct statements notification_list_statements = {sql, STATEMENTS};

/* The arguments of NEWEST, which finds at most `limit` of each kind. */
static size_t
newest_args(struct arg out[NEWEST_ARGS], int kind, const struct actor *who,
	    int64_t limit)
{
	const struct arg org = arg_id(who->organization_id);
	const struct arg profile = arg_int(who->profile_id);
	const struct arg user = arg_int(who->user_id), most = arg_int(limit);
	const struct arg own[] = {profile, user, user, org, org, most};
	const struct arg staff[] = {profile, org, user, org, org, org, most};
	size_t n = 0;

	if (kind != KIND_STAFF) {
		memcpy(out, own, sizeof(own));
		n += sizeof(own) / sizeof(own[0]);
	}
	if (kind != KIND_OWN) {
		memcpy(out + n, staff, sizeof(staff));
		n += sizeof(staff) / sizeof(staff[0]);
	}
	return n;
}

enum err
notification_count_unread(int64_t *out, struct ctx *c, const struct actor *who)
{
	struct unread unread;
	enum err e = unread_of_actor(&unread, c, who);

	if (!e)
		*out = unread.own + unread.staff;
	return e;
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

/* The part of a list that was asked for. */
struct notices_asked {
	const struct actor *who;
	bool unread_only;
	int kind;
	int64_t limit, offset;
};

/* *more: others follow. Sets the count to that of a list that ends with the
 * page, or goes on with one more. */
static enum err
read_notifications(struct notification_page *out, bool *more, struct ctx *c,
		   const struct notices_asked *asked)
{
	const int first = asked->unread_only ? LIST_UNREAD : LIST;
	const int64_t limit = asked->limit + 1; /* one more tells */
	struct arg args[NEWEST_ARGS + 3];
	struct rows rows;
	size_t n =
	    newest_args(args, asked->kind, asked->who, asked->offset + limit);
	enum err e;

	args[n++] = arg_int(asked->who->profile_id);
	args[n++] = arg_int(limit);
	args[n++] = arg_int(asked->offset);
	e = db_query(&rows, c->db, &sql[first + asked->kind], args, n);
	if (e)
		return e;
	*more = rows.count == (size_t)limit;
	out->n = rows.count - *more;
	out->count = rows.count ? asked->offset + (int64_t)rows.count : 0;
	take_notifications(out, c, &rows);
	return OK;
}

/* The count of a list of all that goes on behind the page, and what is unread.
 */
static enum err
count_all(struct notification_page *out, struct unread *unread, struct ctx *c,
	  const struct notices_asked *asked)
{
	const int64_t most = asked->offset + asked->limit + 1 + COUNTED;
	struct arg args[UNREAD_ARGS + NEWEST_ARGS];
	struct rows rows;
	size_t n = UNREAD_ARGS;
	enum err e;

	unread_args(args, asked->who);
	n += newest_args(args + n, asked->kind, asked->who, most);
	e = db_one(&rows, c->db, &sql[COUNT + asked->kind], args, n);
	if (e)
		return e;
	unread_read(unread, &rows);
	out->count = col_int(&rows);
	return OK;
}

/* How many unread ones a list can have at most. */
static int64_t
listed(const struct unread *unread)
{
	return (unread->own < LISTED ? unread->own : LISTED) +
	       (unread->staff < LISTED ? unread->staff : LISTED);
}

static enum err
list_unread(struct notification_page *out, struct unread *unread, struct ctx *c,
	    struct notices_asked *asked)
{
	bool more = false;
	enum err e = unread_of_actor(unread, c, asked->who);

	if (e || !(unread->own + unread->staff))
		return e;
	asked->kind = !unread->staff ? KIND_OWN
		      : !unread->own ? KIND_STAFF
				     : KIND_BOTH;
	e = read_notifications(out, &more, c, asked);
	if (!e && more && out->count < listed(unread))
		out->count = listed(unread);
	return e;
}

static enum err
list_all(struct notification_page *out, struct unread *unread, struct ctx *c,
	 struct notices_asked *asked)
{
	bool more = false;
	enum err e;

	asked->kind = asked->who->role == ROLE_CUSTOMER ? KIND_OWN : KIND_BOTH;
	e = read_notifications(out, &more, c, asked);
	if (e)
		return e;
	return more ? count_all(out, unread, c, asked)
		    : unread_of_actor(unread, c, asked->who);
}

enum err
notification_list(struct notification_page *out, struct ctx *c,
		  const struct actor *who, bool unread_only, int64_t limit,
		  int64_t offset)
{
	struct notices_asked asked = {.who = who,
				      .unread_only = unread_only,
				      .limit = limit,
				      .offset = offset};
	struct unread unread = {.own = 0};
	enum err e;

	*out = (struct notification_page){.n = 0};
	e = (unread_only ? list_unread : list_all)(out, &unread, c, &asked);
	if (!e)
		out->unread = unread.own + unread.staff;
	return e;
}
