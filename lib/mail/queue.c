#include "mail/queue.h"
#include "db/lease.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/auth.h"
#include "desk/email_proof.h"
#include "desk/invitation.h"
#include "desk/notification.h"
#include "desk/token.h"
#include "desk/user.h"
#include "mail/unsubscribe.h"

#define MAIL_LEASE (180 * USEC_PER_SEC)
#define LINK_LIFE  (24 * 3600 * USEC_PER_SEC)
#define EVENTS_MAX 51 /* one more than a mail shows */
#define PURGE_MAX  100

enum {
	DUE,
	LEASE_MAIL,
	PERSON_NAME,
	ACCOUNT,
	ISSUE,
	TOPICS,
	MORE,
	EVENTS,
	END,
	RELEASE,
	OWNERS,
	BREAK,
	HURRY,
	RECALL,
	TAKE_BACK,
	OLD,
	FORGET_NOTICES,
	FORGET_MAIL,
	STATEMENTS
};

#define IS_STAFF(u, organization)                              \
	"EXISTS (SELECT 1 FROM profile p WHERE p.user_id = " u \
	" AND p.organization_id = " organization " AND p.is_active)"

/* Of who raised issue i: r. Of one that came from Linear, too. */
#define IS_PROVED "(r.id IS NULL OR r.email_verified)"

static struct stmt sql[] = {
    [DUE] = {"SELECT id, user_id, kind + 0, attempts, created_at "
	     "FROM mail_job WHERE state = 'due' AND due_at <= ? "
	     "AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED"},
    [LEASE_MAIL] = {"UPDATE mail_job SET lease_owner = ?, lease_until = ? "
		    "WHERE id = ?"},
    [PERSON_NAME] = {"SELECT " SQL_FULL_NAME(
	"u") ", u.email FROM user u "
	     "WHERE u.id = ? AND u.is_active AND u.wants_mail "
	     "AND u.email_verified"},
    [ACCOUNT] = {"SELECT COALESCE(m.address, u.email), o.name, m.about_id "
		 "FROM mail_job m LEFT JOIN user u ON u.id = m.user_id "
		 "LEFT JOIN organization o ON o.id = m.organization_id "
		 "WHERE m.id = ? AND (u.id IS NULL OR u.is_active)"},
    /* for whoever raised it or still is staff there */
    [ISSUE] =
	{"SELECT i.id, i.issue_number, LEFT(i.title, 255), "
	 "i.description, "
	 "IF(i.status = 'resolved', i.resolution_notes, NULL), o.name, "
	 "NOT i.raised_by <=> j.user_id, " IS_PROVED " FROM mail_job j "
	 "JOIN issue i ON i.id = j.issue_id "
	 "JOIN organization o ON o.id = i.organization_id "
	 "LEFT JOIN user r ON r.id = i.raised_by "
	 "WHERE j.id = ? AND i.deleted_at IS NULL "
	 "AND ((i.raised_by = j.user_id AND NOT i.is_withdrawn) OR " IS_STAFF(
	     "j.user_id", "i.organization_id") ")"},
    [TOPICS] =
	{"SELECT i.id, i.issue_number, "
	 "IF(" IS_PROVED ", LEFT(i.title, 255), NULL), g.updates FROM "
	 "(SELECT m.user_id, n.issue_id, COUNT(*) updates, MIN(n.id) first_id "
	 "FROM mail_notice m JOIN notification n ON n.id = m.notification_id "
	 "LEFT JOIN comment k ON k.id = n.comment_id WHERE m.mail_id = ? "
	 "AND (n.comment_id IS NULL OR "
	 "(NOT k.is_internal AND k.deleted_at IS NULL)) "
	 "GROUP BY m.user_id, n.issue_id) g JOIN issue i ON i.id = g.issue_id "
	 "LEFT JOIN user r ON r.id = i.raised_by WHERE i.deleted_at IS NULL "
	 "AND ((i.raised_by = g.user_id AND NOT i.is_withdrawn) OR " IS_STAFF(
	     "g.user_id", "i.organization_id") ") ORDER BY g.first_id"},
    [MORE] = {"SELECT more FROM mail_job WHERE id = ?"},
    /* a reply that is gone, or internal, is not told of */
    [EVENTS] = {"SELECT n.kind + 0, n.status + 0, n.actor_name, k.content "
		"FROM mail_notice m "
		"JOIN notification n ON n.id = m.notification_id "
		"LEFT JOIN comment k ON k.id = n.comment_id "
		"AND k.issue_id = n.issue_id AND NOT k.is_internal "
		"AND k.deleted_at IS NULL WHERE m.mail_id = ? "
		"AND (n.comment_id IS NULL OR k.id IS NOT NULL) "
		"ORDER BY n.id LIMIT ?"},
    [END] = {"UPDATE mail_job SET state = ?, error = LEFT(?, 500), "
	     "sent_at = ?, lease_owner = NULL, lease_until = NULL "
	     "WHERE id = ? AND lease_owner = ?"},
    [RELEASE] = {"UPDATE mail_job SET due_at = ?, attempts = attempts + ?, "
		 "error = LEFT(?, 500), lease_owner = NULL, "
		 "lease_until = NULL WHERE id = ? AND lease_owner = ?"},
    [OWNERS] = {"SELECT DISTINCT lease_owner FROM mail_job "
		"WHERE state = 'due' AND lease_until > ?"},
    [BREAK] = {"UPDATE mail_job SET lease_until = ? WHERE state = 'due' "
	       "AND lease_owner = ?"},
    [HURRY] = {"UPDATE mail_job SET due_at = ? WHERE state = 'due' "
	       "AND attempts > 0 AND due_at > ?"},
    [RECALL] = {"UPDATE mail_job SET due_at = ? WHERE state = 'due' "
		"AND due_at > ?"},
    [TAKE_BACK] = {"UPDATE mail_job SET lease_until = ? "
		   "WHERE state = 'due' AND lease_until > ?"},
    [OLD] = {"SELECT id FROM mail_job WHERE state IN ('sent', 'void') "
	     "AND due_at < ? LIMIT ?"},
    [FORGET_NOTICES] = {"DELETE FROM mail_notice WHERE mail_id = ?"},
    [FORGET_MAIL] = {"DELETE FROM mail_job WHERE id = ?"},
};

const struct statements mail_queue_statements = {sql, STATEMENTS};

/* In the order of mail_job.state. */
enum { MAIL_DUE = 1, MAIL_SENT, MAIL_DEAD, MAIL_VOID };

/* --- leases -------------------------------------------------------------- */

struct leasing {
	struct ctx *c;
	const char *owner;
	struct mail_job *out;
	size_t count, n;
};

static enum err
lease_mails(void *arg)
{
	struct leasing *l = arg;
	struct ctx *c = l->c;
	struct rows rows;
	enum err e = db_query(
	    &rows, c->db, &sql[DUE],
	    ARGS(arg_time(c->now), arg_time(c->now), arg_int((int64_t)l->n)));

	l->count = 0;
	while (!e && rows_next(&rows)) {
		struct mail_job *j = &l->out[l->count++];

		j->id = col_int(&rows);
		j->user_id = col_int(&rows);
		j->kind = (enum mail_kind)col_int(&rows);
		j->attempts = col_int(&rows);
		(void)clock_parse(&j->created_at, col_text(&rows));
		e = db_run(c->db, &sql[LEASE_MAIL],
			   ARGS(arg_text(l->owner),
				arg_time(c->now + MAIL_LEASE), arg_int(j->id)));
	}
	return e;
}

enum err
mail_lease(struct mail_job *out, size_t *count, struct ctx *c,
	   const char *owner, size_t n)
{
	struct leasing l = {.c = c, .owner = owner, .out = out, .n = n};
	enum err e = db_transaction(c->db, lease_mails, &l);

	*count = e ? 0 : l.count;
	return e;
}

static enum err
mail_end(struct ctx *c, const char *owner, int64_t id, int state,
	 const char *error)
{
	return db_run(c->db, &sql[END],
		      ARGS(arg_int(state), arg_text(error),
			   arg_time(state == MAIL_SENT ? clock_now() : 0),
			   arg_int(id), arg_text(owner)));
}

enum err
mail_sent(struct ctx *c, const char *owner, int64_t id)
{
	return mail_end(c, owner, id, MAIL_SENT, NULL);
}

enum err
mail_void(struct ctx *c, const char *owner, int64_t id)
{
	return mail_end(c, owner, id, MAIL_VOID, NULL);
}

enum err
mail_bury(struct ctx *c, const char *owner, int64_t id, const char *error)
{
	return mail_end(c, owner, id, MAIL_DEAD, error);
}

enum err
mail_release(struct ctx *c, const char *owner, int64_t id, usec_t due_at,
	     const char *error)
{
	return db_run(c->db, &sql[RELEASE],
		      ARGS(arg_time(due_at), arg_int(error != NULL),
			   arg_text(error), arg_int(id), arg_text(owner)));
}

/* The owner stays in the row: the mail may have gone out. */
enum err
mail_break_leases(struct ctx *c, const char *host)
{
	struct rows rows;
	const char *owner;
	enum err e =
	    db_query(&rows, c->db, &sql[OWNERS], ARGS(arg_time(c->now)));

	while (!e && rows_next(&rows)) {
		owner = col_text(&rows);
		if (lease_is_dead(owner, host))
			e = db_run(c->db, &sql[BREAK],
				   ARGS(arg_time(c->now - 1), arg_text(owner)));
	}
	return e;
}

enum err
mail_hurry(struct ctx *c)
{
	return db_run(c->db, &sql[HURRY],
		      ARGS(arg_time(c->now), arg_time(c->now)));
}

/* As in mail_break_leases, the owner stays. */
enum err
mail_recall(struct ctx *c, usec_t after)
{
	const usec_t burst = c->conf->mail_burst_s * USEC_PER_SEC;
	enum err e = notification_release_mails(c, after + burst);

	if (!e)
		e = db_run(c->db, &sql[RECALL],
			   ARGS(arg_time(c->now), arg_time(after)));
	return e ? e
		 : db_run(c->db, &sql[TAKE_BACK],
			  ARGS(arg_time(c->now - 1), arg_time(after)));
}

/* What it told of is older, and not told again (see mail_gather.c). */
static enum err
mail_forget(struct ctx *c, int64_t id)
{
	enum err e = db_run(c->db, &sql[FORGET_NOTICES], ARGS(arg_int(id)));

	return e ? e : db_run(c->db, &sql[FORGET_MAIL], ARGS(arg_int(id)));
}

enum err
mail_purge(bool *more, struct ctx *c, usec_t before)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[OLD],
			      ARGS(arg_time(before), arg_int(PURGE_MAX)));

	*more = !e && rows.count == PURGE_MAX;
	while (!e && rows_next(&rows))
		e = mail_forget(c, col_int(&rows));
	return e;
}

/* --- what they say ------------------------------------------------------- */

static enum err
load_events(struct mail_content *out, struct ctx *c, const char *description,
	    const char *notes)
{
	struct mail_event *e;
	struct rows rows;
	enum err err = db_query(&rows, c->db, &sql[EVENTS],
				ARGS(arg_int(out->id), arg_int(EVENTS_MAX)));

	if (err || !rows.count)
		return err ? err : ERR_NOTFOUND;
	out->n = rows.count;
	out->events = e = arena_alloc(c->arena, rows.count * sizeof(*e));
	for (; rows_next(&rows); e++) {
		e->kind = (enum notice)col_int(&rows);
		e->status = (enum status)col_int(&rows);
		e->actor = col_text(&rows);
		e->text = col_text(&rows);
		if (e->kind == NOTICE_RAISED)
			e->text = description;
		else if (e->kind == NOTICE_RESOLVED)
			e->text = notes;
	}
	return OK;
}

static enum err
load_notices(struct mail_content *out, struct ctx *c)
{
	const char *description, *notes;
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[ISSUE], ARGS(arg_int(out->id)));

	if (e)
		return e;
	out->issue_id = col_int(&rows);
	out->number = col_text(&rows);
	out->title = col_text(&rows);
	description = col_text(&rows);
	notes = col_text(&rows);
	out->organization = col_text(&rows);
	out->to_staff = col_bool(&rows);
	out->is_proved = col_bool(&rows);
	return load_events(out, c, description, notes);
}

static enum err
load_topics(struct mail_content *out, struct ctx *c)
{
	struct mail_topic *t;
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[TOPICS], ARGS(arg_int(out->id)));

	if (e)
		return e;
	out->n_topics = rows.count;
	out->topics = t = arena_alloc(c->arena, (rows.count + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->issue_id = col_int(&rows);
		t->number = col_text(&rows);
		t->title = col_text(&rows);
		t->updates = col_int(&rows);
	}
	return OK;
}

static enum err
load_digest(struct mail_content *out, struct ctx *c)
{
	struct rows rows;
	enum err e = load_topics(out, c);

	if (!e)
		e = db_one(&rows, c->db, &sql[MORE], ARGS(arg_int(out->id)));
	if (e)
		return e;
	out->more = col_int(&rows);
	return out->n_topics || out->more ? OK : ERR_NOTFOUND;
}

static enum err
make_password_link(const char **out, struct ctx *c, int64_t user_id)
{
	char token[TOKEN_TEXT];
	enum err e = token_issue(token, NULL, c, user_id, 0, TOKEN_PASSWORD, "",
				 c->now + LINK_LIFE);

	if (!e)
		*out = auth_password_link(c, token);
	return e;
}

/* Who has an account accepts there; others set a password for one. */
static enum err
make_invitation_link(const char **out, struct ctx *c, int64_t id)
{
	struct invitation_target t;
	char token[TOKEN_TEXT];
	enum err e = invitation_target(&t, c, id);

	if (e)
		return e;
	if (t.has_account) {
		*out = arena_printf(c->arena, "%s/invitations/",
				    c->conf->public_url);
		return OK;
	}
	e = token_issue(token, NULL, c, t.user_id, t.profile_id, TOKEN_PASSWORD,
			"invitation", t.expires);
	if (!e)
		*out = auth_password_link(c, token);
	return e;
}

/* The link of a mail about an account, with a token that this makes.
 * ERR_NOTFOUND: there is nothing any more that it could lead to. */
static enum err
make_account_link(const char **out, struct ctx *c, const struct mail_job *job,
		  const char *address, int64_t about_id)
{
	switch (job->kind) {
	case MAIL_PASSWORD_RESET:
		return job->user_id ? make_password_link(out, c, job->user_id)
				    : ERR_NOTFOUND;
	case MAIL_ADDRESS_CHANGED:
	case MAIL_PASSWORD_CHANGED:
		return OK;
	case MAIL_CONFIRM_ADDRESS:
		return email_proof_link(out, c, job->user_id, address);
	case MAIL_INVITATION:
		return make_invitation_link(out, c, about_id);
	case MAIL_NOTICES:
	case MAIL_DIGEST:
		break;
	}
	return ERR_NOTFOUND;
}

static enum err
load_account(struct mail_content *out, struct ctx *c,
	     const struct mail_job *job)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[ACCOUNT], ARGS(arg_int(job->id)));

	if (e)
		return e;
	out->to_address = col_text(&rows);
	out->organization = col_text(&rows);
	return make_account_link(&out->link, c, job, out->to_address,
				 col_int(&rows));
}

static enum err
load_person(struct mail_content *out, struct ctx *c, const struct mail_job *job)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[PERSON_NAME],
			    ARGS(arg_int(job->user_id)));

	if (e)
		return e;
	out->to_name = col_text(&rows);
	out->to_address = col_text(&rows);
	e = job->kind == MAIL_DIGEST ? load_digest(out, c)
				     : load_notices(out, c);
	return e ? e : optout_link(&out->unsubscribe, c, job->user_id);
}

enum err
mail_load(struct mail_content *out, struct ctx *c, const struct mail_job *job)
{
	*out = (struct mail_content){
	    .id = job->id, .kind = job->kind, .created_at = job->created_at};
	return job->kind == MAIL_NOTICES || job->kind == MAIL_DIGEST
		   ? load_person(out, c, job)
		   : load_account(out, c, job);
}
