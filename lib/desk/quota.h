#ifndef DESK_QUOTA_H
#define DESK_QUOTA_H

#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Limits by the hour on what people may do (table quota). A request beyond a
 * limit is refused; account_mail.c, which drops mails silently, is different.
 */

/* In the order of quota.kind. */
enum quota {
	QUOTA_RAISES = 1,     /* of a user */
	QUOTA_COMMENTS,	      /* of a user, with what they edit */
	QUOTA_UNPROVED_RAISES /* of an organization: of all unproved accounts */
};

/* Inside the transaction that does it: counts one more for the subject. max:
 * how many are allowed within an hour from the first one (0: any number; then
 * no statement is run). A request that is rolled back, and so one that is
 * refused, does not count. Simultaneous requests of one subject wait for each
 * other, so that they cannot exceed the limit together. ERR_LIMITED, with
 * c->retry_after_s. */
enum err quota_take(struct ctx *c, enum quota kind, int64_t subject,
		    long max) MUST_CHECK;

/* The same of QUOTA_COMMENTS for a text that `who` writes or edits, since the
 * history keeps each of them. Only customers have a limit. */
enum err quota_take_text(struct ctx *c, const struct actor *who) MUST_CHECK;

#endif
