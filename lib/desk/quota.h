#ifndef DESK_QUOTA_H
#define DESK_QUOTA_H

#include <stdint.h>

#include "base/actor.h"
#include "base/conf.h"
#include "base/ctx.h"

/* Limits by the hour on what people may do (table quota). A request beyond a
 * limit is refused; account_mail.c, which drops mails silently, is different.
 */

/* In the order of quota.kind. */
enum quota {
	QUOTA_COMMENTS = 2,    /* of a user, with what they edit */
	QUOTA_UNPROVED_RAISES, /* of an organization: of all unproved accounts
				*/
	QUOTA_UPLOADS	       /* of a user */
};

/* Inside the transaction that does it: counts one more for the subject. max:
 * how many are allowed within an hour from the first one (0: any number; then
 * no statement is run). A request that is rolled back, and so one that is
 * refused, does not count. Simultaneous requests of one subject wait for each
 * other, so that they cannot exceed the limit together. ERR_LIMITED, with
 * c->retry_after_s. */
enum err quota_take(struct ctx *c, enum quota kind, int64_t subject,
		    long max) MUST_CHECK;

/* The limit on the issues that a user raises within any hour, which is kept by
 * counting them: inside the transaction that raises one. `near` is false where
 * as many as there are processes could raise at the same moment without
 * reaching the limit: then it costs nothing. Else simultaneous requests of the
 * user wait for each other. ERR_LIMITED, with c->retry_after_s. */
enum err quota_check_raises(struct ctx *c, int64_t user_id,
			    bool near) MUST_CHECK;

/* Whether a statement that runs before the transaction can tell that: a column
 * that is not NULL when the user is near the limit. It takes the user's id, the
 * time an hour ago (QUOTA_SINCE), and quota_raises_far(). */
bool quota_can_be_far(const struct conf *conf);
int64_t quota_raises_far(const struct conf *conf);

#define QUOTA_NEAR_COLUMN                               \
	"(SELECT 1 FROM issue q WHERE q.raised_by = ? " \
	"AND q.created_at > ? LIMIT 1 OFFSET ?)"
#define QUOTA_SINCE(c) ((c)->now - 3600 * USEC_PER_SEC)

/* The same of QUOTA_COMMENTS for a text that `who` writes or edits, since the
 * history keeps each of them. Only customers have a limit. */
enum err quota_take_text(struct ctx *c, const struct actor *who) MUST_CHECK;

#endif
