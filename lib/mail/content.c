/* Reads what a mail says, at the moment when it is sent: comments as they are
 * then, nothing that was withdrawn, and nothing that its reader may no longer
 * see. A mail about an account gets a link, for which a new token is made:
 * tokens are stored as hashes, so that a link cannot be built again. compose.c
 * turns the result into text. */
#include "content.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/asset_text.h"
#include "desk/auth.h"
#include "desk/email_proof.h"
#include "desk/invitation.h"
#include "desk/notification.h"
#include "desk/token.h"
#include "desk/user.h"
#include "mail/return_address.h"
#include "mail/unsubscribe.h"

#define LINK_LIFE  (24 * 3600 * USEC_PER_SEC)
#define EVENTS_MAX 51 /* one more than a mail shows */

enum { PERSON_NAME, ACCOUNT, ISSUE, TOPICS, MORE, EVENTS, STATEMENTS };

#define IS_STAFF(u, organization)                              \
	"EXISTS (SELECT 1 FROM profile p WHERE p.user_id = " u \
	" AND p.organization_id = " organization " AND p.is_active)"

/* Whether the customer of issue i, user r, has confirmed their address; true
 * for an issue from Linear, which has no customer. */
#define IS_PROVED "(r.id IS NULL OR r.email_verified)"

static struct stmt sql[] = {
    [PERSON_NAME] = {"SELECT " SQL_FULL_NAME(
	"u") ", u.email FROM user u "
	     "WHERE u.id = ? AND u.is_active AND u.wants_mail "
	     "AND u.email_verified AND NOT " SQL_MAIL_BOUNCED("u")},
    [ACCOUNT] = {"SELECT COALESCE(m.address, u.email), o.name, m.about_id "
		 "FROM mail_job m LEFT JOIN user u ON u.id = m.user_id "
		 "LEFT JOIN organization o ON o.id = m.organization_id "
		 "WHERE m.id = ? AND (u.id IS NULL OR u.is_active)"},
    /* for its customer, or for active staff of its organization */
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
    /* without replies that are withdrawn, or became internal */
    [EVENTS] = {"SELECT n.kind + 0, n.status + 0, n.actor_name, k.content "
		"FROM mail_notice m "
		"JOIN notification n ON n.id = m.notification_id "
		"LEFT JOIN comment k ON k.id = n.comment_id "
		"AND k.issue_id = n.issue_id AND NOT k.is_internal "
		"AND k.deleted_at IS NULL WHERE m.mail_id = ? "
		"AND (n.comment_id IS NULL OR k.id IS NOT NULL) "
		"ORDER BY n.id LIMIT ?"},
};

const struct statements mail_content_statements = {sql, STATEMENTS};

/* The text with links to the issue in place of files in Linear, which the
 * reader could not open. */
static const char *
linked_text(struct ctx *c, int64_t issue_id, const char *text)
{
	return asset_link(c->arena, c->conf->linear_files_url, text,
			  arena_printf(c->arena, "%s/issues/%lld/",
				       c->conf->public_url,
				       (long long)issue_id));
}

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
		e->text = linked_text(c, out->issue_id, e->text);
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
	enum err e = load_topics(out, c);

	if (!e)
		e = db_number(&out->more, c->db, &sql[MORE],
			      ARGS(arg_int(out->id)));
	if (e)
		return e;
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

/* A person with an account accepts in the portal; others set a password. */
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

/* The link of a mail about an account, with a new token. ERR_NOTFOUND: there is
 * nothing left that the link could lead to. */
static enum err
make_account_link(const char **out, struct ctx *c, const struct mail_job *job,
		  const char *address, int64_t about_id)
{
	switch (job->kind) {
	case MAIL_PASSWORD_RESET:
	case MAIL_RAISED_BY_MAIL:
		return job->user_id ? make_password_link(out, c, job->user_id)
				    : ERR_NOTFOUND;
	case MAIL_ADDRESS_CHANGED:
	case MAIL_PASSWORD_CHANGED:
	case MAIL_TEST:
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
	return e ? e : unsubscribe_link(&out->unsubscribe, c, job->user_id);
}

/* Where answers and bounces go, if mail comes in. A mail about an issue has
 * nothing that is internal, so an answer to it is public. */
static enum err
load_return_addresses(struct mail_content *out, struct ctx *c,
		      const struct mail_job *job)
{
	enum err e;

	if (!c->conf->mail_in_domain)
		return OK;
	e = return_address_of_bounce(&out->return_path, c, job->id);
	if (e || job->kind != MAIL_NOTICES)
		return e;
	e = return_address_of_reply(&out->reply_to, c, out->issue_id,
				    job->user_id);
	return e ? e
		 : return_message_id(&out->message_id, c, out->issue_id,
				     job->id);
}

enum err
mail_load(struct mail_content *out, struct ctx *c, const struct mail_job *job)
{
	enum err e;

	*out = (struct mail_content){
	    .id = job->id, .kind = job->kind, .created_at = job->created_at};
	e = job->kind == MAIL_NOTICES || job->kind == MAIL_DIGEST
		? load_person(out, c, job)
		: load_account(out, c, job);
	return e ? e : load_return_addresses(out, c, job);
}
