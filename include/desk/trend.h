#ifndef DESK_TREND_H
#define DESK_TREND_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* What an organization's dashboard shows: how many issues were raised and
 * resolved on each day of its time zone, and how long answers and resolutions
 * took. Counted soon after the changes (lib/events), so that reading them reads
 * no issues. */

#define TREND_DAYS_MAX 366

/* What is to be counted, of any number of issues: most of them are of the same
 * day, so that few rows change. */
struct trend_changes;
struct trend_changes *trend_changes_new(struct ctx *c);

/* An issue was raised, or resolved, at that time. Reads its organization and
 * created_at. */
void trend_raised(struct trend_changes *t, const struct issue *issue,
		  usec_t at);
void trend_resolved(struct trend_changes *t, const struct issue *issue,
		    usec_t at);

/* The time of its first answer was `was` and is now `is` (texts; NULL: there is
 * none). */
void trend_answered(struct trend_changes *t, const struct issue *issue,
		    const char *was, const char *is);

/* Inside a transaction: counts them. */
enum err trend_write(struct ctx *c, struct trend_changes *t) MUST_CHECK;

/* Corrects the counts, also while others work; *n: how many were wrong. For
 * docketctl: it reads all of the history. */
enum err trend_repair(int64_t *n, struct ctx *c) MUST_CHECK;

struct trend_day {
	const char *day; /* "2026-11-23" */
	int64_t raised, resolved;
};

struct trend {
	const char *time_zone;	/* of the days; UTC if the system has not the
				 * one of the organization any more */
	struct trend_day *days; /* oldest first, without gaps */
	size_t n;
	/* Medians in seconds, exact to 9 %; -1: there were none. They begin
	 * with the first day in UTC that has a part of the period. */
	int64_t first_answer_s, resolution_s;
};

/* The last `days` (1 to TREND_DAYS_MAX) of the actor's organization, today
 * included. */
enum err trend_get(struct trend *out, struct ctx *c, const struct actor *who,
		   int64_t days) MUST_CHECK;

#endif
