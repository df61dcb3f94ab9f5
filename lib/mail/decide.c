/* Decides what a mail that came in does. The rules are a list, of which the
 * first one that fits decides; each leaves a reason that staff can read:
 *
 *   unreadable     it is not a mail, or beyond the limits
 *   bounce         a mail of ours came back
 *   automated      a program wrote it: kept, and it never does anything, so
 *                  that two programs that answer each other stop
 *   spam           the mail server takes it for spam: held
 *   reply          to the address in a mail of ours, which names issue and user
 *   thread         it refers to a Message-ID of ours
 *   organization   it is for an organization: an issue
 *   nobody         refused
 *
 * From alone proves nothing: anybody can write it. What does is an address or a
 * Message-ID that only the receiver of a mail of ours has, together with From;
 * and the receiving server's verdict about the sender's domain (DMARC), where
 * there is one. A number in the subject means nothing. */
#include "decide.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "deed.h"
#include "desk/user.h"
#include "thread_find.h"

#define HOUR (3600 * USEC_PER_SEC)

/* Within an hour; what is beyond is held. */
#define COMMENTS_MAX 30
#define ALL_MAX	     500

/* The date of a mail may be this much before its organization took mails. */
#define CLOCKS_DIFFER HOUR

struct deciding {
	struct ctx *c;
	const struct mail_in_job *job;
	const struct mail_seen *seen;
	const struct incoming_mail *mail;
	bool has_recipient; /* it is still one of ours */
	struct recipient to;
	struct verdict *v;
};

/* --- verdicts ------------------------------------------------------------ */

static enum err
keep(bool *hit, struct deciding *g, enum mail_in_state state,
     const char *reason)
{
	g->v->action = MAIL_KEEP;
	g->v->state = state;
	g->v->reason = reason;
	*hit = true;
	return OK;
}

static enum err
is_over(bool *over, struct deciding *g, enum mail_in_owner which, int64_t id,
	enum mail_in_deed deed, int64_t max)
{
	int64_t n = 0;
	enum err e = mail_in_count(&n, g->c, which, id, deed, g->c->now - HOUR);

	*over = !e && n >= max;
	return e;
}

/* Whose mails are counted; 0: they have sent none yet. */
static int64_t
counted_user(const struct verdict *v)
{
	return v->user_id ? v->user_id : v->raiser.stranger_id;
}

/* Holds what is beyond the limits, else lets it act. */
static enum err
act_within_limits(bool *hit, struct deciding *g, enum mail_action action)
{
	const bool raises = action == MAIL_RAISE;
	bool person = false, all = false;
	enum err e = OK;

	if (counted_user(g->v))
		e = is_over(&person, g, MAIL_IN_OF_USER, counted_user(g->v),
			    raises ? MAIL_IN_ISSUE : MAIL_IN_COMMENT,
			    raises ? MAIL_ISSUES_MAX : COMMENTS_MAX);
	if (!e)
		e = is_over(&all, g, MAIL_IN_OF_ORGANIZATION,
			    g->v->organization_id, 0, ALL_MAX);
	if (e)
		return e;
	if (person)
		return keep(hit, g, MAIL_IN_HELD,
			    "The sender has written too many e-mails within "
			    "an hour.");
	if (all)
		return keep(hit, g, MAIL_IN_HELD,
			    "There were too many e-mails within an hour.");
	g->v->action = action;
	*hit = true;
	return OK;
}

/* --- what is no person's mail -------------------------------------------- */

static enum err
rule_unreadable(bool *hit, struct deciding *g)
{
	if (g->seen->result == INCOMING_PARSED)
		return OK;
	return keep(hit, g,
		    g->seen->result == INCOMING_REFUSED ? MAIL_IN_REFUSED
							: MAIL_IN_FAILED,
		    g->seen->why);
}

static enum err
rule_bounce(bool *hit, struct deciding *g)
{
	const bool ours = g->has_recipient && g->to.kind == RECIPIENT_BOUNCE;

	if (!ours && !g->mail->is_report)
		return OK;
	*hit = true;
	g->v->action = ours ? MAIL_RETURN : MAIL_KEEP;
	g->v->state = MAIL_IN_BOUNCE;
	g->v->bounced_id = ours ? g->to.tag.mail_id : 0;
	g->v->reason = "A report of a mail server.";
	return OK;
}

static enum err
rule_automated(bool *hit, struct deciding *g)
{
	const char *why = g->mail->automated;

	if (!why && g->job->sender && !*g->job->sender)
		why = "nobody is the sender of its envelope";
	if (!why && *g->mail->from &&
	    is_same_address(g->c, g->mail->from, g->c->conf->mail_from))
		why = "it is from Docket's own address";
	if (!why)
		return OK;
	return keep(hit, g, MAIL_IN_AUTO,
		    arena_printf(g->c->arena, "Sent by a program: %s.", why));
}

static enum err
rule_spam(bool *hit, struct deciding *g)
{
	if (!g->mail->spam)
		return OK;
	return keep(hit, g, MAIL_IN_HELD,
		    arena_printf(g->c->arena,
				 "The mail server takes it for spam: %s.",
				 g->mail->spam));
}

/* --- answers ------------------------------------------------------------- */

static enum err
hold_forgery(bool *hit, struct deciding *g)
{
	return keep(
	    hit, g, MAIL_IN_HELD,
	    arena_printf(g->c->arena,
			 "It may be forged: the domain of %s says that "
			 "it did not send it (DMARC).",
			 *g->mail->from ? g->mail->from : "the sender"));
}

static enum err
hold_foreign(bool *hit, struct deciding *g)
{
	return keep(
	    hit, g, MAIL_IN_HELD,
	    arena_printf(g->c->arena,
			 "%s answered an e-mail that was sent to "
			 "somebody else.",
			 *g->mail->from ? g->mail->from : "An unknown sender"));
}

/* The issue and the person that a mail is about: staff see it there. */
static void
note_correspondent(struct deciding *g, const struct correspondent *by)
{
	g->v->by = *by;
	g->v->user_id = by->user_id;
	g->v->issue_id = by->issue_id;
	g->v->organization_id = by->organization_id;
}

static enum err
rule_reply(bool *hit, struct deciding *g)
{
	const char *from = g->mail->from;
	const struct correspondent *by = &g->v->by;

	if (!g->has_recipient || g->to.kind != RECIPIENT_REPLY)
		return OK;
	if (!by->issue_id)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "The issue that it answers was deleted.");
	if (by->who.role == ROLE_NONE)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "The receiver of the e-mail that it answers "
			    "can no longer see the issue.");
	if (g->mail->dmarc == DMARC_FAIL)
		return hold_forgery(hit, g);
	if (!*from || !is_same_address(g->c, from, by->address))
		return hold_foreign(hit, g);
	return act_within_limits(hit, g, MAIL_ANSWER);
}

static enum err
rule_thread(bool *hit, struct deciding *g)
{
	const struct incoming_mail *m = g->mail;
	struct correspondent by;
	struct user *user;
	bool is_receiver = false;
	enum err e;

	if (!*m->from || !m->n_references)
		return OK;
	e = user_find_proved(&user, g->c, m->from);
	if (!e)
		e = thread_find(&by, &is_receiver, g->c, user->id,
				m->references, m->n_references);
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	note_correspondent(g, &by);
	if (m->dmarc == DMARC_FAIL)
		return hold_forgery(hit, g);
	if (!is_receiver)
		return hold_foreign(hit, g);
	return act_within_limits(hit, g, MAIL_ANSWER);
}

/* --- issues -------------------------------------------------------------- */

/* A mailbox that is fetched for the first time may be full of old mails. */
static bool
is_before_switch(const struct deciding *g)
{
	const usec_t at = g->mail->date ? g->mail->date : g->job->received_at;

	return at < g->to.mail_in_since - CLOCKS_DIFFER;
}

static enum err
raise_as(bool *hit, struct deciding *g)
{
	const struct mail_raiser *r = &g->v->raiser;

	if (r->is_staff)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "Staff cannot raise issues by e-mail.");
	if (r->user_id && !r->is_customer)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "The sender's account is not a customer's.");
	if (!r->user_id && g->to.mail_in != MAIL_IN_ANYONE)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "No account has confirmed the sender's address.");
	return act_within_limits(hit, g, MAIL_RAISE);
}

static enum err
rule_organization(bool *hit, struct deciding *g)
{
	enum err e;

	if (!g->has_recipient || g->to.kind != RECIPIENT_ORGANIZATION)
		return OK;
	if (is_before_switch(g))
		return keep(hit, g, MAIL_IN_REFUSED,
			    "It is older than the setting by which e-mails "
			    "raise issues.");
	if (!*g->mail->from)
		return keep(hit, g, MAIL_IN_REFUSED,
			    "It does not name one valid sender.");
	e = mail_raiser_find(&g->v->raiser, g->c, g->to.organization_id,
			     g->mail->from);
	if (e)
		return e;
	g->v->user_id = g->v->raiser.user_id;
	return g->mail->dmarc == DMARC_FAIL ? hold_forgery(hit, g)
					    : raise_as(hit, g);
}

static enum err
rule_nobody(bool *hit, struct deciding *g)
{
	return keep(hit, g, MAIL_IN_REFUSED,
		    g->has_recipient ? "It answers nothing, and is for no "
				       "organization."
				     : "Its recipient takes no e-mail any "
				       "more.");
}

/* --- all of it ----------------------------------------------------------- */

/* Whose mail it is, whatever is decided. */
static enum err
find_place(struct deciding *g)
{
	struct correspondent by;
	enum err e = recipient_find(&g->to, g->c, g->job->recipient);

	g->has_recipient = !e;
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	if (g->to.kind == RECIPIENT_ORGANIZATION)
		g->v->organization_id = g->to.organization_id;
	if (g->to.kind != RECIPIENT_REPLY)
		return OK;
	e = correspondent_find(&by, g->c, g->to.tag.user_id,
			       g->to.tag.issue_id);
	if (!e)
		note_correspondent(g, &by);
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
mail_decide(struct verdict *out, struct ctx *c, const struct mail_seen *seen)
{
	static enum err (*const rules[])(bool *, struct deciding *) = {
	    rule_unreadable, rule_bounce, rule_automated,    rule_spam,
	    rule_reply,	     rule_thread, rule_organization, rule_nobody};
	struct deciding g = {.c = c,
			     .job = seen->job,
			     .seen = seen,
			     .mail = seen->mail,
			     .v = out};
	bool hit = false;
	enum err e;

	*out = (struct verdict){0};
	e = find_place(&g);
	for (size_t i = 0; !e && !hit && i < sizeof(rules) / sizeof(rules[0]);
	     i++)
		e = rules[i](&hit, &g);
	return e;
}
