#ifndef MAIL_BOUNCE_H
#define MAIL_BOUNCE_H

#include "base/ctx.h"
#include "desk/mail_in.h"
#include "mail/incoming.h"

/* Inside a transaction: a mail of ours, `mail_id`, came back with that report.
 * If it says that the mail can never be delivered, the mail becomes a dead
 * letter; after BOUNCES_MAX of a person within BOUNCES_DAYS, their
 * notifications are no longer mailed, and the history of the issue says so.
 * Fills in the outcome. */
#define BOUNCES_MAX  3
#define BOUNCES_DAYS 7
enum err bounce_take(struct mail_in_outcome *out, struct ctx *c,
		     int64_t mail_id,
		     const struct incoming_mail *mail) MUST_CHECK;

#endif
