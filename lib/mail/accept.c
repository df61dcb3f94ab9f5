/* Staff decide about mails that are held. Accepting one does what it would have
 * done, through the same functions; only what made it be held is left out. */
#include "base/arena.h"
#include "base/json.h"
#include "db/db.h"
#include "deed.h"
#include "desk/comment.h"
#include "mail/apply.h"
#include "mail_files.h"

struct deciding_staff {
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	const struct mail_in *mail;
	struct mail_in_outcome outcome;
	struct mail_files files; /* of the mail, to be accepted with it */
};

static enum err
take_held(struct deciding_staff *g)
{
	struct mail_in *m;
	enum err e = mail_in_get_locked(&m, g->c, g->who, g->id);

	if (e)
		return e;
	if (m->state != MAIL_IN_HELD) {
		(void)fault_add(&g->c->faults, "non_field_errors",
				"This e-mail is not held.");
		return ERR_CONFLICT;
	}
	g->mail = m;
	g->outcome = (struct mail_in_outcome){
	    .reason = m->reason,
	    .organization_id = m->organization_id,
	    .issue_id = m->issue_id,
	    .user_id = m->user_id,
	    .from = m->from,
	    .from_name = m->from_name,
	    .subject = m->subject,
	    .content = m->content,
	    .whole = m->whole == m->content ? NULL : m->whole,
	    .decided_by = g->who->user_id};
	return OK;
}

static const char *
name_of_sender(const struct mail_in *m)
{
	return m->from ? m->from : "An unknown sender";
}

/* Somebody else's words are not passed off as the customer's. */
static const char *
words_of_sender(struct deciding_staff *g, const struct correspondent *by)
{
	const struct mail_in *m = g->mail;
	const char *intro =
	    arena_printf(g->c->arena, "%s wrote:\n\n", name_of_sender(m));
	const struct mail_text text = {.content = m->content,
				       .files = &g->files};
	const char *content =
	    deed_text(g->c, &text, COMMENT_MAX - utf8_length(intro));

	if (!*content ||
	    (by && m->from && is_same_address(g->c, m->from, by->address)))
		return content;
	return arena_printf(g->c->arena, "%s%s", intro, content);
}

static enum err
accept_answer(struct deciding_staff *g)
{
	struct ctx *c = g->c;
	const int64_t issue = g->mail->issue_id;
	struct correspondent by;
	struct mail_text text = {.subject = g->mail->subject,
				 .files = &g->files};
	enum err e = g->mail->user_id
			 ? correspondent_find(&by, c, g->mail->user_id, issue)
			 : ERR_NOTFOUND;

	if (!e && by.who.role == ROLE_CUSTOMER) {
		text.content = words_of_sender(g, &by);
		e = deed_answer(&g->outcome, c, &by, &text);
	} else if (!e || e == ERR_NOTFOUND) {
		e = deed_comment(&g->outcome, c, g->who, issue,
				 words_of_sender(g, NULL), true);
		if (!e)
			e = mail_files_attach(&g->files, c, g->who, issue,
					      g->outcome.comment_id, true);
	}
	return e ? e
		 : deed_note(c, g->who, g->who->organization_id, issue,
			     "mail_accepted", name_of_sender(g->mail));
}

static enum err
refuse_raise(struct deciding_staff *g, const char *why)
{
	(void)fault_add(&g->c->faults, "non_field_errors", "%s", why);
	return ERR_CONFLICT;
}

static enum err
accept_issue(struct deciding_staff *g)
{
	const struct mail_in *m = g->mail;
	const struct mail_text text = {
	    .subject = m->subject, .content = m->content, .files = &g->files};
	struct mail_raiser raiser = {0};
	enum err e;

	if (!m->from)
		return refuse_raise(g, "This e-mail names no valid sender, so "
				       "nobody can raise an issue by it.");
	e = mail_raiser_find(&raiser, g->c, m->organization_id, m->from);
	if (!e && (raiser.is_staff || (raiser.user_id && !raiser.is_customer)))
		return refuse_raise(g, "The sender cannot raise issues here.");
	if (!e && !raiser.user_id)
		e = mail_raiser_create(&raiser, g->c, m->from,
				       m->from_name ? m->from_name : "");
	return e ? e
		 : deed_raise(&g->outcome, g->c, &raiser, m->organization_id,
			      &text);
}

static enum err
accept_within(void *arg)
{
	struct deciding_staff *g = arg;
	enum err e;

	faults_init(&g->c->faults, g->c->arena);
	e = take_held(g);
	if (!e)
		e = g->mail->issue_id ? accept_answer(g) : accept_issue(g);
	g->outcome.state = MAIL_IN_DONE;
	return e ? e : mail_in_end(g->c, g->id, &g->outcome);
}

static enum err
discard_within(void *arg)
{
	struct deciding_staff *g = arg;
	enum err e;

	faults_init(&g->c->faults, g->c->arena);
	e = take_held(g);
	g->outcome.state = MAIL_IN_DISCARDED;
	return e ? e : mail_in_end(g->c, g->id, &g->outcome);
}

static enum err
decide_by_staff(struct mail_in **out, struct ctx *c, const struct actor *who,
		int64_t id, enum err (*body)(void *))
{
	struct deciding_staff g = {.c = c, .who = who, .id = id};
	struct mail_in *m;
	enum err e = mail_in_get(&m, c, who, id);

	if (e)
		return e;
	if (body == accept_within && m->state == MAIL_IN_HELD &&
	    !mail_files_read(&g.files, c, id))
		e = ERR_DB;
	if (!e)
		e = db_transaction(c->db, body, &g);
	mail_files_drop(&g.files, c);
	return e ? e : mail_in_get(out, c, who, id);
}

enum err
mail_accept(struct mail_in **out, struct ctx *c, const struct actor *who,
	    int64_t id)
{
	return decide_by_staff(out, c, who, id, accept_within);
}

enum err
mail_discard(struct mail_in **out, struct ctx *c, const struct actor *who,
	     int64_t id)
{
	return decide_by_staff(out, c, who, id, discard_within);
}
