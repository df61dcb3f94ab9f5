#ifndef ADMIN_AFTER_RESTORE_H
#define ADMIN_AFTER_RESTORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

/* What after_restore() did. */
struct restored {
	bool left_gap;	    /* the marks may be too old, or there were none */
	int64_t first_id;   /* new ids begin here */
	int64_t mails_held; /* mails, and notifications to be mailed */
	int64_t mails_in_held;
	int64_t logins_ended;
	int64_t erased;	       /* people who were erased again */
	int64_t erased_failed; /* they own an organization alone */
	bool had_linear;
	int64_t adopted, customerless; /* see sync/adopt.h */
};

/* Once a database: writes marks of what it gave out before into the high-water
 * file (base/high_water.h), which is new, or was lost. ERR_CONFLICT: the file
 * cannot be written. */
enum err high_water_begin(struct ctx *c) MUST_CHECK;

/* Prepares a database that was set back to an older state, before anything else
 * uses it: numbers and ids continue behind the highest that was ever given out,
 * mails that may have been sent, or applied, are held, logins are ended, people
 * who were erased are erased again, jobs read Linear before they write, and
 * issues that only Linear knows are adopted. `marks`: the high-water file
 * (base/high_water.h); `current`: it is not only a copy from the time of the
 * backup. Can be repeated. ERR_UPSTREAM: Linear did not answer; all else is
 * done. */
enum err after_restore(struct restored *out, struct ctx *c, const char *marks,
		       bool current) MUST_CHECK;

#endif
