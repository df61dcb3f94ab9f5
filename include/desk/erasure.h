#ifndef DESK_ERASURE_H
#define DESK_ERASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

#define ERASED_NAME "Deleted user"

/* Erases a person: ends their account, and replaces their name and address
 * everywhere in the database. What they wrote stays, and so do issue numbers.
 * ERR_CONFLICT: they are the only owner of an organization. */
enum err person_erase(struct ctx *c, const struct actor *who,
		      int64_t user_id) MUST_CHECK;

/* Replaces names in one more batch of rows; *more: there are others. */
enum err erasure_catch_up(bool *more, struct ctx *c) MUST_CHECK;

#endif
