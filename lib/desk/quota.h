#ifndef DESK_QUOTA_H
#define DESK_QUOTA_H

#include <stdint.h>

#include "base/ctx.h"

/* How much one may do within an hour (table quota). */

/* In the order of quota.kind. */
enum quota {
	QUOTA_RAISES = 1,     /* of a user */
	QUOTA_COMMENTS,	      /* of a user */
	QUOTA_UNPROVED_RAISES /* of an organization: of all unproved accounts */
};

/* Inside the transaction that does it: takes one of at most `most` (0: no
 * limit, and no statement), which count from the first of an hour on. What is
 * rolled back counts for nothing, so what is refused does not either; others
 * of the same subject wait for the commit, so that never more pass.
 * ERR_LIMITED: none is left; then c->retry_after_s says for how long. */
enum err quota_take(struct ctx *c, enum quota kind, int64_t subject,
		    long most) MUST_CHECK;

#endif
