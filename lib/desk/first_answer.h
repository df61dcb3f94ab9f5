#ifndef DESK_FIRST_ANSWER_H
#define DESK_FIRST_ANSWER_H

#include "base/actor.h"
#include "base/ctx.h"

struct issue;

/* When the customer of an issue got the first answer: the first public comment
 * by staff or from Linear (issue.first_answered_at, and the trend). */

/* Inside a transaction: `who` has just added a public comment to the issue.
 * Changes issue->first_answered_at, too. */
enum err first_answer_added(struct ctx *c, const struct actor *who,
			    struct issue *issue) MUST_CHECK;

#endif
