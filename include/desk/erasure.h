#ifndef DESK_ERASURE_H
#define DESK_ERASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Erasing a person: the account ends, and their name and address are replaced
 * everywhere here, by ERASED_NAME; what they wrote and its numbers stay.
 * Comments, history and notifications keep names of their own: those are
 * replaced in batches, the rest of many in the background. */

#define ERASED_NAME "Deleted user"

/* ERR_CONFLICT: they are the only owner of an organization. */
enum err person_erase(struct ctx *c, const struct actor *who,
		      int64_t user_id) MUST_CHECK;

/* One more batch of names; *more: there are others. */
enum err erasure_catch_up(bool *more, struct ctx *c) MUST_CHECK;

#endif
