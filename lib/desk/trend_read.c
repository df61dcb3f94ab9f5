/* Reads the trend for a dashboard.
 *
 * Days are those of the organization's time zone, which may change at any time.
 * So counts are stored by quarters of an hour, of which every zone's midnight
 * is a boundary, and the database sums them up for the days of a zone: a month
 * reads at most 3,000 short rows.
 *
 * A duration is counted in a logarithmic histogram: bucket floor(8 log2(1 + s))
 * for s seconds, so a bucket's bounds differ by 9 %. A median over a year then
 * reads a few hundred rows, however many issues there are. These are stored by
 * days in UTC: quarters of an hour would be as many rows as there are issues.
 */

#include "desk/trend.h"

#include <math.h>

#include "base/arena.h"
#include "base/time_zone.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/organization.h"
#include "trend_cell.h"

#define SPANS_MAX 16 /* a year has 2 to 4 changes of a zone's offset */

enum { DAYS, DURATIONS, STATEMENTS };

/* The day of a row, from 1970-01-01. */
#define DAY_NUMBER "(TO_DAYS(day) - 719528)"

static struct stmt sql[] = {
    /* Of a span of the zone: days of local time, from 1970-01-01. */
    [DAYS] = {"SELECT " DAY_NUMBER " + FLOOR((quarter * 900 + ?) / 86400) "
	      "AS local_day, SUM(raised), SUM(resolved) FROM trend_day "
	      "WHERE organization_id = ? AND day >= ? "
	      "AND " DAY_NUMBER " * 96 + quarter >= ? "
	      "AND " DAY_NUMBER " * 96 + quarter < ? "
	      "GROUP BY local_day ORDER BY local_day"},
    [DURATIONS] = {"SELECT kind + 0 AS k, bucket, SUM(n) FROM trend_duration "
		   "WHERE organization_id = ? AND day >= ? "
		   "GROUP BY k, bucket ORDER BY k, bucket"},
};

const struct statements trend_read_statements = {sql, STATEMENTS};

/* The next bucket of a kind, and how many are in it; false at the end. */
static bool
next_bucket(int64_t *bucket, int64_t *n, struct rows *rows,
	    enum trend_kind kind)
{
	while (rows_next(rows)) {
		const bool fits = col_int(rows) == (int64_t)kind;

		*bucket = col_int(rows);
		*n = col_int(rows);
		if (fits)
			return true;
	}
	return false;
}

/* In seconds; -1: there are none. */
static int64_t
median(const struct rows *durations, enum trend_kind kind)
{
	int64_t total = 0, seen = 0, bucket, n;
	struct rows rows = *durations;

	while (next_bucket(&bucket, &n, &rows, kind))
		total += n;
	rows = *durations;
	while (next_bucket(&bucket, &n, &rows, kind)) {
		seen += n;
		if (seen * 2 >= total)
			return (int64_t)exp2(((double)bucket + 0.5) /
					     TREND_BUCKETS_PER_DOUBLING) -
			       1;
	}
	return -1;
}

static enum err
read_medians(struct trend *t, struct ctx *c, const struct actor *who,
	     const char *since)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[DURATIONS],
		     ARGS(arg_int(who->organization_id), arg_text(since)));

	if (e)
		return e;
	t->first_answer_s = median(&rows, TREND_ANSWER);
	t->resolution_s = median(&rows, TREND_RESOLUTION);
	return OK;
}

/* Reads one span of the zone into the days, of which the first has this number.
 */
static enum err
read_days(struct trend *t, struct ctx *c, const struct actor *who,
	  const struct zone_span *span, int64_t first)
{
	struct rows rows;
	enum err e = db_query(
	    &rows, c->db, &sql[DAYS],
	    ARGS(arg_int(span->offset_s), arg_int(who->organization_id),
		 arg_text(trend_day_text(c, span->from)),
		 arg_int(span->from / TREND_QUARTER),
		 arg_int((span->to - 1) / TREND_QUARTER + 1)));

	while (!e && rows_next(&rows)) {
		const int64_t day = col_int(&rows) - first;

		if (day < 0 || day >= (int64_t)t->n)
			continue;
		/* a change of the offset may be in the middle of a day */
		t->days[day].raised += col_int(&rows);
		t->days[day].resolved += col_int(&rows);
	}
	return e;
}

/* Every day of the period, also those without a row. *since: the first day in
 * UTC that has a part of it. */
static enum err
fill_days(struct trend *t, const char **since, struct ctx *c,
	  const struct actor *who)
{
	struct zone_span spans[SPANS_MAX];
	const usec_t length = (usec_t)t->n * TREND_DAY;
	/* local time differs from UTC by less than a day */
	const size_t n =
	    time_zone_spans(spans, SPANS_MAX, t->time_zone,
			    c->now - length - TREND_DAY, c->now + 1);
	const int64_t first =
	    time_zone_day(&spans[n - 1], c->now) - (int64_t)t->n + 1;
	enum err e = OK;

	t->days = arena_alloc(c->arena, t->n * sizeof(*t->days));
	for (size_t i = 0; i < t->n; i++)
		t->days[i] = (struct trend_day){
		    .day = trend_day_text(c, (first + (int64_t)i) * TREND_DAY)};
	*since = trend_day_text(c, first * TREND_DAY -
				       spans[0].offset_s * USEC_PER_SEC);
	for (size_t i = 0; !e && i < n; i++)
		e = read_days(t, c, who, &spans[i], first);
	return e;
}

enum err
trend_get(struct trend *out, struct ctx *c, const struct actor *who,
	  int64_t days)
{
	struct trend t = {.n = (size_t)days};
	struct organization *o;
	const char *since;
	enum err e = organization_get(&o, c, who->organization_id);

	if (e)
		return e;
	t.time_zone = time_zone_is_known(o->time_zone) ? o->time_zone : "UTC";
	e = fill_days(&t, &since, c, who);
	if (!e)
		e = read_medians(&t, c, who, since);
	if (!e)
		*out = t;
	return e;
}
