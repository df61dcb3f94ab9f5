#ifndef DESK_HANDOVER_H
#define DESK_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* What becomes of the open issues of staff who leave (table handover). That
 * somebody left, and to whom their issues go, commits with their deactivation;
 * the issues follow one by one, each in a transaction of its own, however many
 * there are. What a process leaves undone, docket-sync does. */

/* Inside a transaction: the open and in_progress issues of a staff profile of
 * the actor's organization go to `successor`, another one (0: to nobody).
 * ERR_INVALID (successor): that is no active staff of the organization. */
enum err handover_begin(struct ctx *c, const struct actor *who,
			int64_t profile_id, int64_t successor) MUST_CHECK;

/* The same of all staff profiles of a user, to nobody. `name`: who says so. */
enum err handover_begin_all(struct ctx *c, const char *name,
			    int64_t user_id) MUST_CHECK;

/* Inside a transaction: who comes back keeps what is still theirs, and gets
 * nothing back. Of one profile, or of all of a user. */
enum err handover_end(struct ctx *c, int64_t profile_id) MUST_CHECK;
enum err handover_end_all(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Hands some issues over, of that profile or (0) of anyone's; *more: there may
 * be more. Any number of processes may do it at once. */
enum err handover_some(bool *more, struct ctx *c,
		       int64_t profile_id) MUST_CHECK;

#endif
