#ifndef DESK_TREND_H
#define DESK_TREND_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* An organization's days: what was raised and resolved, and how long it took.
 * Kept in the transactions that do it, read without a look at the issues. */

#define TREND_DAYS_MAX 366

/* Inside a transaction: an issue was raised; its customer got a first answer;
 * it was resolved. */
enum err trend_raised(struct ctx *c, const struct issue *issue) MUST_CHECK;
enum err trend_answered(struct ctx *c, const struct issue *issue) MUST_CHECK;
enum err trend_resolved(struct ctx *c, const struct issue *issue) MUST_CHECK;

/* The same of an answer that was withdrawn: the first one came at `now` (NULL:
 * there is none), and not at issue->first_answered_at. */
enum err trend_answered_again(struct ctx *c, const struct issue *issue,
			      const char *now) MUST_CHECK;

struct trend_day {
	const char *day; /* "2026-11-23" */
	int64_t raised, resolved;
};

struct trend {
	struct trend_day *days; /* oldest first, none left out */
	size_t n;
	/* medians in seconds, within 9 %; -1: there were none */
	int64_t first_answer_s, resolution_s;
};

/* The last `days` (1 to TREND_DAYS_MAX) of the actor's organization, today
 * included. */
enum err trend_get(struct trend *out, struct ctx *c, const struct actor *who,
		   int64_t days) MUST_CHECK;

#endif
