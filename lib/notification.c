#include "notification.h"

#include "arena.h"
#include "conf.h"
#include "db.h"
#include "statements.h"

/* A burst on one issue within a minute is one mail. */
#define BURST (60 * USEC_PER_SEC)

/* What concerns the reader: told to the person, or to all staff of the
 * organization that he acts for; never what he did himself. */
#define CONCERNS                                    \
	"(n.user_id = ? OR (n.organization_id = ? " \
	"AND NOT n.actor_id <=> ?)) "

#define IS_READ                                                      \
	"(n.id <= p.notifications_read_to OR EXISTS (SELECT 1 FROM " \
	"notification_read r WHERE r.profile_id = p.id "             \
	"AND r.notification_id = n.id))"

enum {
	ADD_FOR_USER,
	ADD_FOR_ASSIGNEE,
	ADD_FOR_STAFF,
	LIST,
	COUNT,
	READ,
	READ_ALL,
	STATEMENTS
};

#define ADD                                                              \
	"INSERT INTO notification (user_id, organization_id, issue_id, " \
	"comment_id, kind, status, actor_id, actor_name, created_at, "   \
	"mail_state, mail_due_at) "

static struct stmt sql[] = {
    [ADD_FOR_USER] = {ADD "VALUES (?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [ADD_FOR_ASSIGNEE] = {ADD "SELECT p.user_id, NULL, ?, ?, ?, ?, ?, ?, ?, "
			      "?, ? FROM profile p WHERE p.id = ? "
			      "AND NOT p.user_id <=> ?"},
    [ADD_FOR_STAFF] = {ADD "VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [LIST] = {"SELECT n.id, n.issue_id, i.issue_number, i.title, n.kind + 0, "
	      "n.status + 0, n.actor_name, n.created_at, " IS_READ
	      " FROM notification n JOIN issue i ON i.id = n.issue_id "
	      "JOIN profile p ON p.id = ? WHERE " CONCERNS
	      "AND i.deleted_at IS NULL AND (NOT ? OR NOT " IS_READ
	      ") ORDER BY n.id DESC LIMIT ? OFFSET ?"},
    [COUNT] = {"SELECT COUNT(*), COALESCE(SUM(NOT k.is_read), 0) FROM "
	       "(SELECT " IS_READ " AS is_read FROM notification n "
	       "JOIN issue i ON i.id = n.issue_id "
	       "JOIN profile p ON p.id = ? WHERE " CONCERNS
	       "AND i.deleted_at IS NULL ORDER BY n.id DESC LIMIT ?) k"},
    [READ] = {"INSERT INTO notification_read (notification_id, profile_id) "
	      "SELECT n.id, ? FROM notification n WHERE n.id = ? AND " CONCERNS
	      "ON DUPLICATE KEY UPDATE "
	      "profile_id = notification_read.profile_id"},
    [READ_ALL] = {"UPDATE profile SET notifications_read_to = "
		  "(SELECT COALESCE(MAX(id), 0) FROM notification) "
		  "WHERE id = ?"},
};

const struct statements notification_statements = {sql, STATEMENTS};

const struct word notice_words[] = {{"raised", NOTICE_RAISED},
				    {"replied", NOTICE_REPLIED},
				    {"status", NOTICE_STATUS},
				    {"resolved", NOTICE_RESOLVED},
				    {"reopened", NOTICE_REOPENED},
				    {"assigned", NOTICE_ASSIGNED},
				    {NULL, 0}};

enum { MAIL_NONE = 1, MAIL_DUE };

static enum err
tell_customer(struct ctx *c, const struct actor *who, const struct issue *issue,
	      enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(c->db, &sql[ADD_FOR_USER],
		      ARGS(arg_int(issue->raised_by), arg_int(issue->id),
			   arg_id(comment_id), arg_int(kind),
			   arg_int(issue->kind.status), arg_id(who->user_id),
			   arg_text(who->name), arg_time(c->now),
			   arg_int(mail ? MAIL_DUE : MAIL_NONE),
			   arg_time(mail ? c->now + BURST : 0)));
}

static enum err
tell_assignee(struct ctx *c, const struct actor *who, const struct issue *issue,
	      enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(
	    c->db, &sql[ADD_FOR_ASSIGNEE],
	    ARGS(arg_int(issue->id), arg_id(comment_id), arg_int(kind),
		 arg_int(issue->kind.status), arg_id(who->user_id),
		 arg_text(who->name), arg_time(c->now),
		 arg_int(mail ? MAIL_DUE : MAIL_NONE),
		 arg_time(mail ? c->now + BURST : 0),
		 arg_int(issue->kind.assigned_to), arg_id(who->user_id)));
}

static enum err
tell_staff(struct ctx *c, const struct actor *who, const struct issue *issue,
	   enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(
	    c->db, &sql[ADD_FOR_STAFF],
	    ARGS(arg_int(issue->kind.organization_id), arg_int(issue->id),
		 arg_id(comment_id), arg_int(kind), arg_int(issue->kind.status),
		 arg_id(who->user_id), arg_text(who->name), arg_time(c->now),
		 arg_int(mail ? MAIL_DUE : MAIL_NONE),
		 arg_time(mail ? c->now + BURST : 0)));
}

enum err
notify(struct ctx *c, const struct actor *who, const struct issue *issue,
       enum notice kind, int64_t comment_id)
{
	if (kind == NOTICE_ASSIGNED)
		return issue->kind.assigned_to
			   ? tell_assignee(c, who, issue, kind, comment_id)
			   : OK;
	if (who->role == ROLE_CUSTOMER)
		return issue->kind.assigned_to
			   ? tell_assignee(c, who, issue, kind, comment_id)
			   : tell_staff(c, who, issue, kind, comment_id);
	if (!issue->raised_by || issue->raised_by == who->user_id)
		return OK;
	return tell_customer(c, who, issue, kind, comment_id);
}

enum err
notification_list(struct notification_page *out, struct ctx *c,
		  const struct actor *who, bool unread_only, int64_t limit,
		  int64_t offset)
{
	struct rows rows, count;
	struct notification *n;
	enum err e = db_query(
	    &rows, c->db, &sql[LIST],
	    ARGS(arg_int(who->profile_id), arg_int(who->user_id),
		 arg_id(who->organization_id), arg_int(who->user_id),
		 arg_int(unread_only), arg_int(limit), arg_int(offset)));

	if (!e)
		e = db_one(&count, c->db, &sql[COUNT],
			   ARGS(arg_int(who->profile_id), arg_int(who->user_id),
				arg_id(who->organization_id),
				arg_int(who->user_id), arg_int(COUNT_CAP)));
	if (e)
		return e;
	out->n = rows.count;
	out->list = n = arena_alloc(c->arena, (rows.count + 1) * sizeof(*n));
	for (; rows_next(&rows); n++) {
		n->id = col_int(&rows);
		n->issue_id = col_int(&rows);
		n->issue_number = col_text(&rows);
		n->issue_title = col_text(&rows);
		n->kind = (enum notice)col_int(&rows);
		n->status = (enum status)col_int(&rows);
		n->actor_name = col_text(&rows);
		n->created_at = col_text(&rows);
		n->is_read = col_bool(&rows);
	}
	out->count = col_int(&count);
	out->unread = col_int(&count);
	return OK;
}

enum err
notification_read(struct ctx *c, const struct actor *who, int64_t id)
{
	enum err e = db_run(
	    c->db, &sql[READ],
	    ARGS(arg_int(who->profile_id), arg_int(id), arg_int(who->user_id),
		 arg_id(who->organization_id), arg_int(who->user_id)));

	/* CLIENT_FOUND_ROWS: a row that was there counts too */
	return !e && db_affected(c->db) == 0 ? ERR_NOTFOUND : e;
}

enum err
notification_read_all(struct ctx *c, const struct actor *who)
{
	return db_run(c->db, &sql[READ_ALL], ARGS(arg_int(who->profile_id)));
}
