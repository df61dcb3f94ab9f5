#ifndef DESK_HANDOVER_H
#define DESK_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Hands over the open issues of staff who leave (table handover). That somebody
 * left, and who gets their issues, is committed with their deactivation. The
 * issues follow one by one, each in a transaction of its own, however many
 * there are: the first ones within the request, the others in docket-sync. */

/* Inside a transaction: the open and in_progress issues of a staff profile of
 * the actor's organization go to `successor`, another profile (0: to nobody).
 * ERR_INVALID (successor): it is not another active member of its staff. */
enum err handover_begin(struct ctx *c, const struct actor *who,
			int64_t profile_id, int64_t successor) MUST_CHECK;

/* The same for all staff profiles of a user, to nobody. `name`: who appears in
 * the history as the one who did it. */
enum err handover_begin_all(struct ctx *c, const char *name,
			    int64_t user_id) MUST_CHECK;

/* Inside a transaction: stops the handover of a profile, or of all profiles of
 * a user, that is active again. It keeps the issues that have not been handed
 * over; the others do not come back. */
enum err handover_end(struct ctx *c, int64_t profile_id) MUST_CHECK;
enum err handover_end_all(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Hands over a batch of the issues of that profile or (0) of any; *more: there
 * may be others. Several processes may do it at once. */
enum err handover_some(bool *more, struct ctx *c,
		       int64_t profile_id) MUST_CHECK;

#endif
