#ifndef MAIL_DECIDE_H
#define MAIL_DECIDE_H

#include "base/ctx.h"
#include "desk/mail_in.h"
#include "mail/incoming.h"
#include "mail/recipient.h"
#include "sender.h"

/* What is to be done about a mail. Nothing is changed here: apply.c does it. */

enum mail_action {
	MAIL_KEEP,   /* nothing: the mail is kept in its state */
	MAIL_ANSWER, /* a comment on `by`'s issue */
	MAIL_RAISE,  /* an issue of `raiser` */
	MAIL_RETURN  /* a mail of ours that came back: `bounced_id` */
};

struct verdict {
	enum mail_action action;
	enum mail_in_state state; /* of MAIL_KEEP */
	const char *reason;	  /* the same: a sentence for staff */
	int64_t organization_id;  /* whose staff see it; 0: nobody's */
	int64_t issue_id, user_id;
	struct correspondent by;
	struct mail_raiser raiser;
	int64_t bounced_id; /* a mail_job */
};

/* A mail, with what is known of it: `result` says whether `mail` was read. */
struct mail_seen {
	const struct mail_in_job *job;
	enum incoming_result result;
	const char *why; /* it was not */
	const struct incoming_mail *mail;
};

enum err mail_decide(struct verdict *out, struct ctx *c,
		     const struct mail_seen *seen) MUST_CHECK;

#endif
