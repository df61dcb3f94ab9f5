/* Applies mails that came in: what decide.c says is done, and the state of the
 * mail is written, in one transaction. So a mail acts once, whatever process
 * dies. If the deed is refused (a limit, an issue that was closed meanwhile),
 * that transaction is rolled back, and the mail is held or refused with that
 * reason in another one. */
#include "mail/apply.h"

#include "base/arena.h"
#include "bounce.h"
#include "db/db.h"
#include "db/lease.h"
#include "decide.h"
#include "deed.h"
#include "desk/email_proof.h"
#include "desk/security_log.h"
#include "desk/user.h"
#include "mail/return_address.h"
#include "mail_files.h"

/* How often a mail whose child died is parsed. */
#define TRIES 3

struct mail_applying {
	struct ctx *c;
	const char *owner;
	struct mail_seen seen;
	struct verdict verdict;
	struct mail_in_outcome outcome;
	/* instead of the deed, which was refused */
	enum mail_in_state instead;
	const char *reason;
	struct mail_files files;
};

/* --- the outcome --------------------------------------------------------- */

/* What is kept of what the mail says. */
static void
begin_outcome(struct mail_applying *a)
{
	const struct incoming_mail *m = a->seen.mail;
	const struct verdict *v = &a->verdict;
	struct mail_in_outcome *o = &a->outcome;

	*o = (struct mail_in_outcome){.state = v->state,
				      .reason = v->reason,
				      .organization_id = v->organization_id,
				      .issue_id = v->issue_id,
				      .user_id = v->user_id};
	if (a->seen.result != INCOMING_PARSED)
		return;
	o->from = *m->from ? m->from : NULL;
	o->from_name = *m->from_name ? m->from_name : NULL;
	o->subject = m->subject;
	o->content = m->text;
	o->whole = m->whole;
}

/* What of the mail did not get where it should: staff find it in the mail. */
static void
note_problems(struct mail_applying *a)
{
	const struct incoming_mail *m = a->seen.mail;
	const size_t left_out = a->files.left_out + a->files.refused;
	struct mail_in_outcome *o = &a->outcome;
	struct arena *arena = a->c->arena;
	const char *text = "";

	if (o->state != MAIL_IN_DONE)
		return;
	for (size_t i = 0; i < m->n_problems; i++)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "",
				    m->problems[i]);
	if (left_out)
		text = arena_printf(
		    arena, "%s%sFiles that could not be attached: %zu.", text,
		    *text ? " " : "", left_out);
	o->reason = *text ? text : NULL;
}

/* --- deeds --------------------------------------------------------------- */

/* Who answers a mail that was sent to their address can read what is sent
 * there. */
static enum err
prove_address(struct ctx *c, const struct correspondent *by)
{
	enum err e;

	if (by->is_proved)
		return OK;
	e = user_prove_email(c, by->user_id, NULL);
	if (e)
		return e == ERR_CONFLICT ? OK : e;
	e = email_proof_forget(c, by->user_id);
	return e ? e
		 : security_log_add(c, SECURITY_EMAIL_PROVED, &by->who,
				    by->user_id, NULL);
}

static struct mail_text
text_of(struct mail_applying *a)
{
	const struct incoming_mail *m = a->seen.mail;

	return (struct mail_text){
	    .subject = m->subject, .content = m->text, .files = &a->files};
}

static enum err
answer_by_mail(struct mail_applying *a)
{
	const struct mail_text text = text_of(a);
	enum err e = prove_address(a->c, &a->verdict.by);

	a->outcome.state = MAIL_IN_DONE;
	return e ? e : deed_answer(&a->outcome, a->c, &a->verdict.by, &text);
}

static enum err
raise_by_mail(struct mail_applying *a)
{
	const struct incoming_mail *m = a->seen.mail;
	const struct mail_text text = text_of(a);
	struct mail_raiser raiser = a->verdict.raiser;
	enum err e = OK;

	a->outcome.state = MAIL_IN_DONE;
	if (!raiser.user_id)
		e = mail_raiser_create(&raiser, a->c, m->from, m->from_name);
	return e ? e
		 : deed_raise(&a->outcome, a->c, &raiser,
			      a->verdict.organization_id, &text);
}

/* What is held about an issue is also in its history, for staff. */
static enum err
keep_mail(struct mail_applying *a)
{
	const struct mail_in_outcome *o = &a->outcome;

	if (o->state != MAIL_IN_HELD || !o->issue_id)
		return OK;
	return deed_note(a->c, NULL, o->organization_id, o->issue_id,
			 "mail_held", o->reason);
}

static enum err
do_deed(struct mail_applying *a)
{
	switch (a->verdict.action) {
	case MAIL_ANSWER:
		return answer_by_mail(a);
	case MAIL_RAISE:
		return raise_by_mail(a);
	case MAIL_RETURN:
		return bounce_take(&a->outcome, a->c, a->verdict.bounced_id,
				   a->seen.mail);
	case MAIL_KEEP:
		break;
	}
	return keep_mail(a);
}

/* --- the transaction ----------------------------------------------------- */

static enum err
apply_within(void *arg)
{
	struct mail_applying *a = arg;
	struct ctx *c = a->c;
	enum err e = mail_in_lock(c, a->owner, a->seen.job->id);

	if (e)
		return e;
	faults_init(&c->faults, c->arena);
	e = mail_decide(&a->verdict, c, &a->seen);
	if (e)
		return e;
	if (a->instead) {
		a->verdict.action = MAIL_KEEP;
		a->verdict.state = a->instead;
		a->verdict.reason = a->reason;
	}
	begin_outcome(a);
	e = do_deed(a);
	if (!e)
		note_problems(a);
	if (!e)
		e = mail_in_end(c, a->seen.job->id, &a->outcome);
	/* not the mail itself, which is locked */
	return e == ERR_NOTFOUND ? ERR_FORBIDDEN : e;
}

/* What becomes of a mail whose deed was refused with that error. 0: it may work
 * later. */
static enum mail_in_state
state_after_refusal(enum err e)
{
	switch (e) {
	case ERR_LIMITED:
		return MAIL_IN_HELD;
	case ERR_INVALID:
	case ERR_FORBIDDEN:
	case ERR_CONFLICT:
		return MAIL_IN_REFUSED;
	case ERR_VALUE:
		return MAIL_IN_FAILED;
	case OK:
	case ERR_CREDENTIALS:
	case ERR_NOTFOUND:
	case ERR_STALE:
	case ERR_REUSED:
	case ERR_UPSTREAM:
	case ERR_FULL:
	case ERR_DB:
	case ERR_AGAIN:
	case ERR_MAX:
		break;
	}
	return 0;
}

static enum err
apply_instead(struct mail_applying *a, enum err e)
{
	const struct fault *f = a->c->faults.first;

	a->instead = state_after_refusal(e);
	if (!a->instead)
		return e;
	a->reason = f ? arena_strdup(a->c->arena, f->text)
		      : "The sender can no longer do this.";
	return db_transaction(a->c->db, apply_within, a);
}

/* Those of a mail that may act. If the disk fails, the mail waits, as if the
 * database did. */
static enum err
write_files_of_mail(struct mail_applying *a)
{
	const struct mail_seen *seen = &a->seen;

	if (seen->result != INCOMING_PARSED || seen->mail->automated ||
	    seen->mail->is_report || seen->mail->spam)
		return OK;
	return mail_files_write(&a->files, a->c, seen->mail) ? OK : ERR_DB;
}

static bool
is_to_be_tried_again(const struct mail_in_job *job, enum incoming_result r)
{
	return r == INCOMING_FAILED && job->attempts + 1 < TRIES;
}

/* What the mail quotes of ours goes to others. */
static void
hide_addresses(struct incoming_mail *m, struct arena *a)
{
	const bool is_whole = m->whole == m->text;

	m->text = return_address_hide(a, m->text);
	m->whole = is_whole ? m->text : return_address_hide(a, m->whole);
}

enum err
mail_apply(enum mail_in_state *state, struct ctx *c, const char *owner,
	   const struct mail_in_job *job, enum incoming_result result,
	   const char *why, const struct incoming_mail *mail)
{
	struct mail_applying a = {
	    .c = c, .owner = owner, .seen = {job, result, why, mail}};
	struct incoming_mail shown;
	enum err e;

	*state = MAIL_IN_NEW;
	if (is_to_be_tried_again(job, result))
		return mail_in_release(c, owner, job->id,
				       c->now + lease_backoff(job->attempts),
				       true);
	if (result == INCOMING_PARSED) {
		shown = *mail;
		hide_addresses(&shown, c->arena);
		a.seen.mail = &shown;
	}
	e = write_files_of_mail(&a);
	if (!e)
		e = db_transaction(c->db, apply_within, &a);
	if (e && e != ERR_NOTFOUND)
		e = apply_instead(&a, e);
	mail_files_drop(&a.files, c);
	*state = e ? 0 : a.outcome.state;
	return e == ERR_NOTFOUND ? OK : e;
}
