/* Notifications: who gets one, and which of them a person sees.
 *
 * A row is for one person, or for the whole staff of an organization, so that a
 * large staff costs one row. What a person has read is a mark in their profile
 * (everything up to an id) and rows of notification_read. Lists read only the
 * newest thousand rows of each kind, so that their cost has a bound. Where mail
 * is configured, rows are marked as due; mail/gather.c turns them into mails.
 */

#include "desk/notification.h"
#include "base/enum_name.h"

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/profile.h"
#include "notification_row.h"

/* The newest rows for the reader and for the staff of the organization that
 * they act for, except those about what they did themselves. The limits keep
 * the cost independent of how many there are. */
#define RECENT                                                          \
	"((SELECT n.id FROM notification n WHERE n.user_id = ? "        \
	"ORDER BY n.id DESC LIMIT 1000) UNION ALL "                     \
	"(SELECT n.id FROM notification n WHERE n.organization_id = ? " \
	"AND NOT n.actor_id <=> ? ORDER BY n.id DESC LIMIT 1000))"

/* Shown to a reader who acts for that organization; NULL: as a customer. */
#define MAY_SEE                                                       \
	NOTIFICATION_MAY_SEE                                          \
	"AND (i.organization_id = ? OR (? IS NULL AND i.raised_by = " \
	"n.user_id)) "

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
	RENAME_ACTOR,
	RELEASE_MAILS,
	MARK_MAILED,
	STATEMENTS
};

#define ADD                                                              \
	"INSERT INTO notification (user_id, organization_id, issue_id, " \
	"comment_id, kind, status, actor_id, actor_name, created_at, "   \
	"mail_state, mail_due_at) "

static struct stmt sql[] = {
    [ADD_FOR_USER] = {ADD "VALUES (?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [ADD_FOR_ASSIGNEE] = {ADD "SELECT p.user_id, NULL, ?, ?, ?, ?, ?, ?, ?, "
			      "?, ? FROM profile p "
			      "JOIN user u ON u.id = p.user_id "
			      "WHERE p.id = ? AND NOT p.user_id <=> ? "
			      "AND p.is_active AND u.is_active"},
    [ADD_FOR_STAFF] = {ADD "VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [LIST] = {"SELECT n.id, n.issue_id, i.issue_number, i.title, n.kind + 0, "
	      "n.status + 0, n.actor_name, n.created_at, " IS_READ
	      " FROM " RECENT " k JOIN notification n ON n.id = k.id "
	      "JOIN issue i ON i.id = n.issue_id "
	      "JOIN profile p ON p.id = ? WHERE " MAY_SEE
	      "AND (NOT ? OR NOT " IS_READ ") "
	      "ORDER BY n.id DESC LIMIT ? OFFSET ?"},
    [COUNT] = {"SELECT COUNT(*), COALESCE(SUM(NOT " IS_READ "), 0) "
	       "FROM " RECENT " k JOIN notification n ON n.id = k.id "
	       "JOIN issue i ON i.id = n.issue_id "
	       "JOIN profile p ON p.id = ? WHERE " MAY_SEE},
    [READ] = {"INSERT INTO notification_read (notification_id, profile_id) "
	      "SELECT n.id, ? FROM notification n "
	      "JOIN issue i ON i.id = n.issue_id WHERE n.id = ? "
	      "AND (n.user_id = ? OR (n.organization_id = ? "
	      "AND NOT n.actor_id <=> ?)) AND " MAY_SEE
	      "ON DUPLICATE KEY UPDATE "
	      "profile_id = notification_read.profile_id"},
    [RENAME_ACTOR] = {"UPDATE notification SET actor_name = ? "
		      "WHERE id > ? AND id <= ? AND actor_id = ?"},
    [RELEASE_MAILS] = {"UPDATE notification SET mail_due_at = ? "
		       "WHERE mail_state = 'due' AND mail_due_at > ?"},
    [MARK_MAILED] = {"UPDATE JSON_TABLE(?, '$[*]' "
		     "COLUMNS (id BIGINT PATH '$')) j "
		     "STRAIGHT_JOIN notification n ON n.id = j.id "
		     "SET n.mail_state = 'done'"},
};

const struct statements notification_statements = {sql, STATEMENTS};

const struct enum_name notice_words[] = {{"raised", NOTICE_RAISED},
					 {"replied", NOTICE_REPLIED},
					 {"status", NOTICE_STATUS},
					 {"resolved", NOTICE_RESOLVED},
					 {"reopened", NOTICE_REOPENED},
					 {"assigned", NOTICE_ASSIGNED},
					 {NULL, 0}};

enum { MAIL_NONE = 1, MAIL_DUE };

/* Until then, notifications about the same issue go into the same mail. */
static usec_t
notification_mail_due(const struct ctx *c)
{
	return c->now + c->conf->mail_burst_s * USEC_PER_SEC;
}

static enum err
notify_customer(struct ctx *c, const struct actor *who,
		const struct issue *issue, enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(c->db, &sql[ADD_FOR_USER],
		      ARGS(arg_int(issue->raised_by), arg_int(issue->id),
			   arg_id(comment_id), arg_int(kind),
			   arg_int(issue->kind.status), arg_id(who->user_id),
			   arg_text(who->name), arg_time(c->now),
			   arg_int(mail ? MAIL_DUE : MAIL_NONE),
			   arg_time(mail ? notification_mail_due(c) : 0)));
}

static enum err
notify_assignee(struct ctx *c, const struct actor *who,
		const struct issue *issue, enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(
	    c->db, &sql[ADD_FOR_ASSIGNEE],
	    ARGS(arg_int(issue->id), arg_id(comment_id), arg_int(kind),
		 arg_int(issue->kind.status), arg_id(who->user_id),
		 arg_text(who->name), arg_time(c->now),
		 arg_int(mail ? MAIL_DUE : MAIL_NONE),
		 arg_time(mail ? notification_mail_due(c) : 0),
		 arg_int(issue->kind.assigned_to), arg_id(who->user_id)));
}

static enum err
notify_staff(struct ctx *c, const struct actor *who, const struct issue *issue,
	     enum notice kind, int64_t comment_id)
{
	bool mail = c->conf->smtp_url != NULL;

	return db_run(
	    c->db, &sql[ADD_FOR_STAFF],
	    ARGS(arg_int(issue->kind.organization_id), arg_int(issue->id),
		 arg_id(comment_id), arg_int(kind), arg_int(issue->kind.status),
		 arg_id(who->user_id), arg_text(who->name), arg_time(c->now),
		 arg_int(mail ? MAIL_DUE : MAIL_NONE),
		 arg_time(mail ? notification_mail_due(c) : 0)));
}

/* All staff, when there is no assignee or they have left. */
static enum err
notify_assignee_or_staff(struct ctx *c, const struct actor *who,
			 const struct issue *issue, enum notice kind,
			 int64_t comment_id)
{
	enum err e = OK;

	if (issue->kind.assigned_to)
		e = notify_assignee(c, who, issue, kind, comment_id);
	if (e || (issue->kind.assigned_to && db_affected(c->db) > 0))
		return e;
	return notify_staff(c, who, issue, kind, comment_id);
}

enum err
notify(struct ctx *c, const struct actor *who, const struct issue *issue,
       enum notice kind, int64_t comment_id)
{
	enum err e;

	if (kind == NOTICE_ASSIGNED)
		return issue->kind.assigned_to
			   ? notify_assignee(c, who, issue, kind, comment_id)
			   : OK;
	if (who->role == ROLE_CUSTOMER)
		return notify_assignee_or_staff(c, who, issue, kind,
						comment_id);
	if (kind == NOTICE_RAISED) { /* for a customer */
		e = notify_staff(c, who, issue, kind, comment_id);
		if (e)
			return e;
	}
	if (!issue->raised_by || issue->raised_by == who->user_id)
		return OK;
	return notify_customer(c, who, issue, kind, comment_id);
}

enum err
notification_list(struct notification_page *out, struct ctx *c,
		  const struct actor *who, bool unread_only, int64_t limit,
		  int64_t offset)
{
	const struct arg org = arg_id(who->organization_id);
	struct rows rows, count;
	struct notification *n;
	enum err e = db_query(
	    &rows, c->db, &sql[LIST],
	    ARGS(arg_int(who->user_id), org, arg_int(who->user_id),
		 arg_int(who->profile_id), org, org, arg_int(unread_only),
		 arg_int(limit), arg_int(offset)));

	if (!e)
		e = db_one(&count, c->db, &sql[COUNT],
			   ARGS(arg_int(who->user_id), org,
				arg_int(who->user_id), arg_int(who->profile_id),
				org, org));
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
	const struct arg org = arg_id(who->organization_id);
	enum err e = db_run(c->db, &sql[READ],
			    ARGS(arg_int(who->profile_id), arg_int(id),
				 arg_int(who->user_id), org,
				 arg_int(who->user_id), org, org));

	/* With CLIENT_FOUND_ROWS, a row that was there already counts too. */
	return !e && db_affected(c->db) == 0 ? ERR_NOTFOUND : e;
}

enum err
notification_read_all(struct ctx *c, const struct actor *who)
{
	return profile_read_notifications(c, who->profile_id);
}

enum err
notification_rename_actor(struct ctx *c, int64_t user_id, const char *name,
			  int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME_ACTOR],
		      ARGS(arg_text(name), arg_int(behind), arg_int(to),
			   arg_int(user_id)));
}

enum err
notification_release_mails(struct ctx *c, usec_t latest)
{
	return db_run(c->db, &sql[RELEASE_MAILS],
		      ARGS(arg_time(c->now), arg_time(latest)));
}

enum err
notification_mark_mailed(struct ctx *c, const char *ids)
{
	return db_run(c->db, &sql[MARK_MAILED], ARGS(arg_text(ids)));
}
