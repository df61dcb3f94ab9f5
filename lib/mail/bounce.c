#include "bounce.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "deed.h"
#include "desk/mail_job.h"
#include "desk/user.h"
#include "mail/return_address.h"
#include "sender.h"

#define DAY (86400 * USEC_PER_SEC)

enum { FIND, STATEMENTS };

static struct stmt sql[] = {
    [FIND] = {"SELECT j.user_id, COALESCE(j.address, u.email), j.issue_id, "
	      "i.organization_id FROM mail_job j "
	      "LEFT JOIN user u ON u.id = j.user_id "
	      "LEFT JOIN issue i ON i.id = j.issue_id WHERE j.id = ?"},
};

const struct statements mail_bounce_statements = {sql, STATEMENTS};

/* The mail that came back. */
struct returned {
	int64_t id, user_id, issue_id, organization_id;
	const char *address;
};

static enum err
find_returned(struct returned *out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[FIND], ARGS(arg_int(id)));

	if (e)
		return e;
	*out = (struct returned){.id = id, .user_id = col_int(&rows)};
	out->address = col_text(&rows);
	out->issue_id = col_int(&rows);
	out->organization_id = col_int(&rows);
	return OK;
}

/* Whether the report is about that mail, and not about another one whose report
 * somebody sent to its address. */
static enum err
is_about(bool *out, struct ctx *c, const struct returned *r,
	 const struct incoming_bounce *b)
{
	int64_t issue, mail;
	enum err e;

	*out = r->address && *b->recipient &&
	       is_same_address(c, b->recipient, r->address);
	if (*out)
		return OK;
	e = return_message_id_read(&issue, &mail, c, b->message_id);
	*out = !e && mail == r->id;
	return e == ERR_NOTFOUND ? OK : e;
}

/* "The address does not exist", not "the mailbox is full": only the former is
 * for ever. */
static bool
is_for_good(const struct incoming_mail *m)
{
	return m->is_report && strcmp(m->bounce.action, "failed") == 0 &&
	       m->bounce.status[0] == '5';
}

static const char *
diagnostic(struct ctx *c, const struct incoming_bounce *b)
{
	return *b->diagnostic ? b->diagnostic
			      : arena_printf(c->arena, "Status %s", b->status);
}

/* Counts this one, too. */
static enum err
pause_person(struct ctx *c, const struct returned *r, const char *why)
{
	bool first = false;
	int64_t before = 0;
	enum err e =
	    mail_in_count(&before, c, MAIL_IN_OF_USER, r->user_id,
			  MAIL_IN_BOUNCED, c->now - BOUNCES_DAYS * DAY);

	if (e || before + 1 < BOUNCES_MAX)
		return e;
	e = user_mail_bounced(&first, c, r->user_id);
	if (e || !first || !r->issue_id)
		return e;
	return deed_note(c, NULL, r->organization_id, r->issue_id,
			 "mail_bounced",
			 arena_printf(c->arena, "%s: %s", r->address, why));
}

static enum err
end_returned(struct mail_in_outcome *out, struct ctx *c,
	     const struct returned *r, const struct incoming_mail *m)
{
	const char *why = diagnostic(c, &m->bounce);
	bool was_sent = false;
	enum err e = mail_job_bounced(&was_sent, c, r->id, why);

	out->reason = why;
	if (e || !was_sent)
		return e;
	out->deed = MAIL_IN_BOUNCED;
	return r->user_id ? pause_person(c, r, why) : OK;
}

enum err
bounce_take(struct mail_in_outcome *out, struct ctx *c, int64_t mail_id,
	    const struct incoming_mail *m)
{
	struct returned r;
	bool about = false;
	enum err e = find_returned(&r, c, mail_id);

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	out->user_id = r.user_id;
	out->issue_id = r.issue_id;
	out->organization_id = r.organization_id;
	e = is_about(&about, c, &r, &m->bounce);
	if (e)
		return e;
	if (!about)
		out->reason = "A report about another e-mail.";
	else if (!is_for_good(m))
		out->reason = "A report of a delay.";
	else
		e = end_returned(out, c, &r, m);
	return e;
}
