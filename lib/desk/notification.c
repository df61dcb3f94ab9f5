/* Notifications: who gets one, and which are mailed.
 *
 * A row is for one person, or for the whole staff of an organization, so that a
 * large staff costs one row. What a person has read is kept apart
 * (notification_read.c), and so are the counters of what they have not
 * (notification_count.c). Where mail is configured, rows are marked as due;
 * mail/gather.c turns them into mails. Lists are in notification_list.c. */

#include "desk/notification.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "base/json_writer.h"
#include "db/many.h"
#include "db/statements.h"
#include "notification_count.h"

enum {
	ADD,
	ADD_LAST = ADD + MANY_WIDTHS - 1,
	PRESENT,
	IS_TOLD,
	RENAME_ACTOR,
	RELEASE_MAILS,
	MARK_MAILED,
	HOLD_DUE,
	HOLD_LATE,
	RELEASE_HELD,
	STATEMENTS
};

static struct stmt sql[] = {
    INSERT_MANY(ADD,
		"INSERT INTO notification (user_id, organization_id, issue_id, "
		"comment_id, kind, status, actor_id, actor_name, created_at, "
		"mail_state, mail_due_at) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?, LEFT(?, 255), ?, ?, ?)", ""),
    /* those of a list of staff profiles who are still there */
    [PRESENT] = {"SELECT p.id, p.user_id FROM JSON_TABLE(?, '$[*]' "
		 "COLUMNS (id BIGINT PATH '$')) j "
		 "JOIN profile p ON p.id = j.id AND p.is_active "
		 "JOIN user u ON u.id = p.user_id AND u.is_active"},
    /* by the same person, of the same kind, for the same reader */
    [IS_TOLD] =
	{"SELECT 1 FROM notification n WHERE n.issue_id = ? AND n.kind = ? "
	 "AND n.actor_id <=> ? AND n.user_id <=> ? "
	 "AND n.organization_id <=> ? AND n.created_at > ? "
	 "AND (SELECT 1 FROM mail_notice m WHERE m.notification_id = n.id "
	 "LIMIT 1) IS NULL AND (SELECT 1 FROM profile p "
	 "LEFT JOIN notification_read r ON r.profile_id = p.id "
	 "AND r.notification_id = n.id WHERE (p.user_id = ? "
	 "OR p.organization_id = ?) AND (p.notifications_read_to >= n.id "
	 "OR r.notification_id IS NOT NULL) LIMIT 1) IS NULL LIMIT 1"},
    [RENAME_ACTOR] = {"UPDATE notification SET actor_name = ? "
		      "WHERE id > ? AND id <= ? AND actor_id = ?"},
    [RELEASE_MAILS] = {"UPDATE notification SET mail_due_at = ? "
		       "WHERE mail_state = 'due' AND mail_due_at > ?"},
    [MARK_MAILED] = {"UPDATE JSON_TABLE(?, '$[*]' "
		     "COLUMNS (id BIGINT PATH '$')) j "
		     "STRAIGHT_JOIN notification n ON n.id = j.id "
		     "SET n.mail_state = 'done'"},
    [HOLD_DUE] = {"UPDATE notification SET mail_state = 'held' "
		  "WHERE mail_state = 'due'"},
    /* A comment has the time of its creation in Linear; for other changes
     * there, the issue's last one is the latest that it can be. Those that
     * were released are due before they were made. */
    [HOLD_LATE] =
	{"UPDATE notification n LEFT JOIN comment m ON m.id = n.comment_id "
	 "LEFT JOIN linear_base b ON b.issue_id = n.issue_id "
	 "SET n.mail_state = 'held' WHERE n.mail_state = 'due' "
	 "AND n.mail_due_at >= n.created_at AND (n.created_at <= ? "
	 "OR COALESCE(m.created_at, IF(n.actor_id IS NULL, "
	 "b.linear_updated_at, NULL)) <= ?)"},
    [RELEASE_HELD] = {"UPDATE notification SET mail_state = ?, "
		      "mail_due_at = created_at - INTERVAL 1 SECOND "
		      "WHERE mail_state = 'held'"},
};

const struct statements notification_statements = {sql, STATEMENTS};

const struct enum_name notice_words[] = {{"raised", NOTICE_RAISED},
					 {"replied", NOTICE_REPLIED},
					 {"status", NOTICE_STATUS},
					 {"resolved", NOTICE_RESOLVED},
					 {"reopened", NOTICE_REOPENED},
					 {"assigned", NOTICE_ASSIGNED},
					 {"attached", NOTICE_ATTACHED},
					 {"infected", NOTICE_INFECTED},
					 {NULL, 0}};

enum { MAIL_NONE = 1, MAIL_DUE, MAIL_DONE };

/* A notification to be added: to that person; or to the assignee, if that is
 * somebody else who is still there; or else to the staff. 0: not to them. */
struct new_notice {
	struct notice_cause cause;
	int64_t user_id, assignee, staff_of;
	size_t place;
};

struct notices {
	struct arena *arena;
	struct new_notice *list;
	size_t n, max;
};

struct notices *
notices_new(struct ctx *c)
{
	struct notices *t = arena_alloc(c->arena, sizeof(*t));

	*t = (struct notices){.arena = c->arena};
	return t;
}

static void
add_notice(struct notices *t, const struct notice_cause *n, int64_t user_id,
	   int64_t assignee, int64_t staff_of)
{
	struct new_notice *more;

	if (t->n == t->max) {
		t->max = t->max ? 2 * t->max : 16;
		more = arena_alloc(t->arena, t->max * sizeof(*more));
		if (t->n)
			memcpy(more, t->list, t->n * sizeof(*more));
		t->list = more;
	}
	t->list[t->n] = (struct new_notice){.cause = *n,
					    .user_id = user_id,
					    .assignee = assignee,
					    .staff_of = staff_of,
					    .place = t->n};
	t->n++;
}

void
notify(struct notices *t, const struct notice_cause *n)
{
	const int64_t org = n->issue->kind.organization_id;

	if (n->kind == NOTICE_INFECTED) {
		add_notice(t, n, 0, 0, org);
		if (n->is_public && n->issue->raised_by)
			add_notice(t, n, n->issue->raised_by, 0, 0);
		return;
	}
	if (n->kind == NOTICE_ASSIGNED) {
		if (n->assigned_to)
			add_notice(t, n, 0, n->assigned_to, 0);
		return;
	}
	if (n->who->role == ROLE_CUSTOMER) {
		add_notice(t, n, 0, n->assigned_to, org);
		return;
	}
	if (n->kind == NOTICE_RAISED) /* for a customer */
		add_notice(t, n, 0, 0, org);
	if (n->issue->raised_by && n->issue->raised_by != n->who->user_id)
		add_notice(t, n, n->issue->raised_by, 0, 0);
}

/* The profile and the user of each assignee who is still there. */
static enum err
find_assignees(struct rows *out, struct ctx *c, const struct notices *t)
{
	struct jsonout j;
	struct buf ids;
	bool any = false;
	enum err e = OK;

	*out = (struct rows){0};
	buf_init(&ids, t->n * 24 + 16);
	json_begin(&j, &ids);
	json_array(&j, NULL);
	for (size_t i = 0; i < t->n; i++) {
		if (!t->list[i].assignee)
			continue;
		json_integer(&j, NULL, t->list[i].assignee);
		any = true;
	}
	json_end(&j);
	if (any)
		e = db_query(out, c->db, &sql[PRESENT],
			     ARGS(arg_bytes(ids.data, ids.len)));
	buf_release(&ids);
	return e;
}

/* Sets who is notified: the assignee, or the staff in their place. False: there
 * is nobody. */
static bool
choose_reader(struct new_notice *n, const struct rows *present)
{
	struct rows rows = *present;

	while (n->assignee && !n->user_id && rows_next(&rows)) {
		const int64_t profile = col_int(&rows), user = col_int(&rows);

		if (profile == n->assignee && user != n->cause.who->user_id)
			n->user_id = user;
	}
	if (n->user_id)
		n->staff_of = 0;
	return n->user_id || n->staff_of;
}

/* Whether there is a notification that says as much. */
static enum err
is_told_already(bool *out, struct ctx *c, const struct new_notice *n)
{
	const struct notice_cause *k = &n->cause;
	const usec_t burst = c->conf->mail_burst_s * USEC_PER_SEC;
	const struct arg user = arg_id(n->user_id), staff = arg_id(n->staff_of);

	*out = false;
	if (k->kind != NOTICE_ATTACHED && k->kind != NOTICE_INFECTED)
		return OK;
	return db_exists(out, c->db, &sql[IS_TOLD],
			 ARGS(arg_int(k->issue->id), arg_int(k->kind),
			      arg_id(k->who->user_id), user, staff,
			      arg_time(k->at - burst), user, staff));
}

static int
by_time(const void *a, const void *b)
{
	const struct new_notice *x = a, *y = b;

	if (x->cause.at != y->cause.at)
		return x->cause.at < y->cause.at ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

#define NOTICE_COLUMNS 11

static void
fill_notice(struct arg *a, const struct conf *conf, const struct new_notice *n)
{
	const struct notice_cause *k = &n->cause;
	const bool mail = conf->smtp_url != NULL;

	a[0] = arg_id(n->user_id);
	a[1] = arg_id(n->staff_of);
	a[2] = arg_int(k->issue->id);
	a[3] = arg_id(k->comment_id);
	a[4] = arg_int(k->kind);
	a[5] = arg_int(k->status);
	a[6] = arg_id(k->who->user_id);
	a[7] = arg_text(k->who->name);
	a[8] = arg_time(k->at);
	a[9] = arg_int(mail ? MAIL_DUE : MAIL_NONE);
	/* until then, notifications about an issue go into one mail */
	a[10] = arg_time(mail ? k->at + conf->mail_burst_s * USEC_PER_SEC : 0);
}

static struct notice_added
counted_notice(const struct new_notice *n)
{
	const struct issue *issue = n->cause.issue;

	return (struct notice_added){.user_id = n->user_id,
				     .staff_of = n->staff_of,
				     .actor_id = n->cause.who->user_id,
				     .organization_id =
					 issue->kind.organization_id,
				     .raised_by = issue->raised_by};
}

enum err
notices_write(struct ctx *c, struct notices *t)
{
	struct arg *args =
	    arena_alloc(c->arena, (t->n + 1) * NOTICE_COLUMNS * sizeof(*args));
	struct notice_added *added =
	    arena_alloc(c->arena, (t->n + 1) * sizeof(*added));
	struct rows present;
	size_t n = 0;
	bool told;
	enum err e = find_assignees(&present, c, t);

	if (e)
		return e;
	if (t->n)
		qsort(t->list, t->n, sizeof(*t->list), by_time);
	for (size_t i = 0; !e && i < t->n; i++) {
		if (!choose_reader(&t->list[i], &present))
			continue;
		e = is_told_already(&told, c, &t->list[i]);
		if (e || told)
			continue;
		added[n] = counted_notice(&t->list[i]);
		fill_notice(&args[n++ * NOTICE_COLUMNS], c->conf, &t->list[i]);
	}
	if (!e)
		e = unread_add(c, added, n);
	return e ? e
		 : db_run_many(NULL, c->db, &sql[ADD], args, NOTICE_COLUMNS, n);
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

enum err
notification_hold_mails(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[HOLD_DUE], NO_ARGS);

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
notification_hold_late(struct ctx *c, usec_t restored_at)
{
	return db_run(c->db, &sql[HOLD_LATE],
		      ARGS(arg_time(restored_at), arg_time(restored_at)));
}

enum err
notification_release_held(int64_t *n, struct ctx *c, bool discard)
{
	enum err e = db_run(c->db, &sql[RELEASE_HELD],
			    ARGS(arg_int(discard ? MAIL_DONE : MAIL_DUE)));

	*n = e ? 0 : db_affected(c->db);
	return e;
}
