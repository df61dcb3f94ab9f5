#ifndef DESK_ACCOUNT_MAIL_H
#define DESK_ACCOUNT_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

/* Mails about an account itself. Strangers can cause them, so there are limits
 * by address and by account, and the mails contain no text that users wrote. */

/* In the order of mail_job.kind. */
enum mail_kind {
	MAIL_PASSWORD_RESET = 1,
	MAIL_NOTICES, /* about one issue; see mail/gather.h */
	MAIL_CONFIRM_ADDRESS,
	MAIL_INVITATION,
	MAIL_ADDRESS_CHANGED,
	MAIL_PASSWORD_CHANGED,
	MAIL_DIGEST /* of many issues */
};

struct account_mail {
	enum mail_kind kind;
	int64_t user_id; /* whose account; 0: an invitation, or a reset for an
			  * address that nobody has */
	/* Where it goes, as user.email is written. Password mails go to the
	 * address that the account has when they are sent. */
	const char *address;
	int64_t organization_id; /* the inviting one; else 0 */
	int64_t about_id; /* what the link is about, by kind; 0: nothing */
};

/* Queues the mail, if mail is configured and the limits allow it: of each kind,
 * an address gets at most three an hour (the second a minute after the first,
 * the third ten minutes later), and an account causes at most ten an hour, an
 * inviting organization fifty. A mail beyond a limit is dropped, and the result
 * is OK as well. */
enum err account_mail_add(struct ctx *c,
			  const struct account_mail *m) MUST_CHECK;

/* Cancels all mails to the user that wait, of whatever kind, and deletes the
 * addresses of those that were sent. */
enum err account_mail_void(struct ctx *c, int64_t user_id) MUST_CHECK;

/* The same, and the mails belong to no user any more: for one that is to be
 * deleted. */
enum err account_mail_disown(struct ctx *c, int64_t user_id) MUST_CHECK;

/* As account_mail_void(), for mails that belong to no user, such as
 * invitations, and went to the address that this user has proved. */
enum err account_mail_void_unowned(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Deletes a batch of counts that no longer matter, and of mails to nobody, of
 * which strangers can cause any number. *more: there may be others. */
enum err account_mail_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
