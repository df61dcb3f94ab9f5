/* What a person has read: a mark in their profile (everything up to an id), and
 * rows of notification_read. */

#include "db/db.h"
#include "db/statements.h"
#include "desk/notification.h"
#include "notification_count.h"
#include "notification_row.h"

enum { FIND, MARK, MARK_HIDDEN, MARK_ALL_HIDDEN, STATEMENTS };

#define MARK_ALL(hidden)                                          \
	"INSERT IGNORE INTO notification_read (notification_id, " \
	"profile_id) SELECT k.notice_id, k.scope_id FROM (" hidden ") k"

static struct stmt sql[] = {
    [FIND] = {"SELECT n.user_id IS NOT NULL, " NOTICE_IS_UNREAD
	      "FROM notification n "
	      "JOIN issue i ON i.id = n.issue_id JOIN profile p ON p.id = ? "
	      "WHERE n.id = ? AND (n.user_id = ? OR (n.organization_id = ? "
	      "AND NOT n.actor_id <=> ?)) AND " NOTIFICATION_MAY_READ},
    [MARK] = {"INSERT IGNORE INTO notification_read "
	      "(profile_id, notification_id) SELECT p.id, ? FROM profile p "
	      "WHERE p.id = ? AND p.notifications_read_to < ?"},
    [MARK_HIDDEN] = {MARK_ALL(NOTICES_HIDDEN(NOTICE_OF_ISSUE))},
    [MARK_ALL_HIDDEN] = {MARK_ALL(NOTICES_HIDDEN(""))},
};

const struct statements notification_read_statements = {sql, STATEMENTS};

/* The arguments of mark_within(). */
struct marking {
	struct ctx *c;
	int64_t profile_id, id;
	bool own; /* it is for the person alone */
};

/* ERR_CONFLICT: it has been read meanwhile. */
static enum err
mark_within(void *arg)
{
	const struct marking *m = arg;
	enum err e = unread_take(m->c, m->profile_id, m->own);

	if (!e)
		e = db_run(m->c->db, &sql[MARK],
			   ARGS(arg_int(m->id), arg_int(m->profile_id),
				arg_int(m->id)));
	return !e && db_affected(m->c->db) == 0 ? ERR_CONFLICT : e;
}

enum err
notification_read(struct ctx *c, const struct actor *who, int64_t id)
{
	const struct arg org = arg_id(who->organization_id);
	struct marking m = {.c = c, .profile_id = who->profile_id, .id = id};
	struct rows rows;
	bool unread;
	enum err e = db_one(&rows, c->db, &sql[FIND],
			    ARGS(arg_int(who->profile_id), arg_int(id),
				 arg_int(who->user_id), org,
				 arg_int(who->user_id), org, org));

	if (e)
		return e;
	m.own = col_bool(&rows);
	unread = col_bool(&rows);
	if (unread)
		e = db_transaction(c->db, mark_within, &m);
	return e == ERR_CONFLICT ? OK : e;
}

enum err
notification_read_all(struct ctx *c, const struct actor *who)
{
	return unread_end(c, who->profile_id);
}

enum err
notices_mark_hidden(struct ctx *c, int64_t issue_id)
{
	const struct arg id = arg_int(issue_id);

	return db_run(c->db, &sql[MARK_HIDDEN], ARGS(id, id));
}

enum err
notices_mark_all_hidden(struct ctx *c)
{
	return db_run(c->db, &sql[MARK_ALL_HIDDEN], NO_ARGS);
}
