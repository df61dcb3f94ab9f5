#ifndef SYNC_ASSIGNEE_H
#define SYNC_ASSIGNEE_H

#include <stdint.h>

#include "base/ctx.h"

/* The staff profiles that correspond to Linear's users, by e-mail address. */

/* The active staff profile of an organization with that address; 0: none. */
enum err profile_by_email(int64_t *out, struct ctx *c, int64_t organization_id,
			  const char *email) MUST_CHECK;

/* The name of a staff profile, as the history shows it; NULL: none. */
enum err profile_name(const char **out, struct ctx *c,
		      int64_t profile_id) MUST_CHECK;

/* The address of a staff profile; NULL: none. */
enum err profile_email(const char **out, struct ctx *c,
		       int64_t profile_id) MUST_CHECK;

#endif
