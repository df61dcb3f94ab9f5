#ifndef DESK_TREND_H
#define DESK_TREND_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* What an organization's dashboard shows: how many issues were raised and
 * resolved on each day, and how long answers and resolutions took. Counted in
 * the transactions that change an issue, so that reading them reads no issues.
 */

#define TREND_DAYS_MAX 366

/* Inside a transaction: count that an issue was raised, that its customer got a
 * first answer, that it was resolved. */
enum err trend_raised(struct ctx *c, const struct issue *issue) MUST_CHECK;
enum err trend_answered(struct ctx *c, const struct issue *issue) MUST_CHECK;
enum err trend_resolved(struct ctx *c, const struct issue *issue) MUST_CHECK;

/* Inside a transaction: the first answer was withdrawn. The first one is now
 * that of time `now` (NULL: there is none) instead of issue->first_answered_at.
 */
enum err trend_answered_again(struct ctx *c, const struct issue *issue,
			      const char *now) MUST_CHECK;

struct trend_day {
	const char *day; /* "2026-11-23" */
	int64_t raised, resolved;
};

struct trend {
	struct trend_day *days; /* oldest first, without gaps */
	size_t n;
	/* medians in seconds, exact to 9 %; -1: there were none */
	int64_t first_answer_s, resolution_s;
};

/* The last `days` (1 to TREND_DAYS_MAX) of the actor's organization, today
 * included. */
enum err trend_get(struct trend *out, struct ctx *c, const struct actor *who,
		   int64_t days) MUST_CHECK;

#endif
