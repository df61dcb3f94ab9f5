#ifndef DESK_TREND_CELL_H
#define DESK_TREND_CELL_H

#include "base/ctx.h"

/* How the trend is stored, for trend.c and trend_read.c: see there. */

#define TREND_DAY		   (86400 * USEC_PER_SEC)
#define TREND_QUARTER		   (900 * USEC_PER_SEC)
#define TREND_QUARTERS_A_DAY	   96
#define TREND_BUCKETS_PER_DOUBLING 8.0

/* In the order of the enum trend_duration.kind. */
enum trend_kind { TREND_ANSWER = 1, TREND_RESOLUTION };

/* "2026-11-23", in the arena. */
const char *trend_day_text(struct ctx *c, usec_t t);

#endif
