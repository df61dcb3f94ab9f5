#ifndef DESK_ACCOUNT_MAIL_H
#define DESK_ACCOUNT_MAIL_H

#include <stdbool.h>

#include "base/ctx.h"
#include "desk/mail_job.h"

/* Mails about an account itself. Strangers can cause them, so there are limits
 * by address and by account, and the mails contain no text that users wrote. */

/* Queues the mail, if mail is configured and the limits allow it: of each kind,
 * an address gets at most three an hour (the second a minute after the first,
 * the third ten minutes later), and an account causes at most ten an hour, an
 * inviting organization fifty. An address gets a fourth confirmation if another
 * network asks for it, and the clients of one network cause at most 200
 * confirmations and resets an hour. A mail beyond a limit is dropped, and the
 * result is OK as well. */
enum err account_mail_add(struct ctx *c,
			  const struct account_mail *m) MUST_CHECK;

/* Deletes a batch of counts that no longer matter, and of mails to nobody, of
 * which strangers can cause any number. *more: there may be others. */
enum err account_mail_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
