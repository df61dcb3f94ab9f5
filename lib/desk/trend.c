/* Counts and durations by organization and day.
 *
 * A duration is counted in a logarithmic histogram: bucket floor(8 log2(1 + s))
 * for s seconds, so a bucket's bounds differ by 9 %. A median over a year then
 * reads a few hundred rows, however many issues there are. */

#include "desk/trend.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

#define DAY		     (86400 * USEC_PER_SEC)
#define BUCKETS_PER_DOUBLING 8.0

/* In the order of the enum trend_duration.kind. */
enum trend_kind { TREND_ANSWER = 1, TREND_RESOLUTION };

enum { COUNT_DAY, COUNT_DURATION, DAYS, DURATIONS, STATEMENTS };

static struct stmt sql[] = {
    [COUNT_DAY] = {"INSERT INTO trend_day (organization_id, day, raised, "
		   "resolved) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
		   "raised = raised + VALUES(raised), "
		   "resolved = resolved + VALUES(resolved)"},
    [COUNT_DURATION] = {"INSERT INTO trend_duration (organization_id, day, "
			"kind, bucket, n) VALUES (?, ?, ?, ?, ?) "
			"ON DUPLICATE KEY UPDATE n = n + VALUES(n)"},
    [DAYS] = {"SELECT CAST(day AS CHAR), raised, resolved FROM trend_day "
	      "WHERE organization_id = ? AND day >= ? ORDER BY day"},
    [DURATIONS] = {"SELECT bucket, SUM(n) FROM trend_duration "
		   "WHERE organization_id = ? AND day >= ? AND kind = ? "
		   "GROUP BY bucket ORDER BY bucket"},
};

const struct statements trend_statements = {sql, STATEMENTS};

/* "2026-11-23", in the arena. */
static const char *
day_of(struct ctx *c, usec_t t)
{
	char text[CLOCK_TEXT];

	return arena_memdup(c->arena, clock_sql(text, t), 10);
}

static enum err
count_day(struct ctx *c, const struct issue *issue, int raised, int resolved)
{
	return db_run(c->db, &sql[COUNT_DAY],
		      ARGS(arg_int(issue->kind.organization_id),
			   arg_text(day_of(c, c->now)), arg_int(raised),
			   arg_int(resolved)));
}

/* Adds `by` (1 or -1) to the bucket of what was done at that time. */
static enum err
count_duration(struct ctx *c, const struct issue *issue, enum trend_kind kind,
	       usec_t at, int by)
{
	usec_t since = at;
	double seconds;
	int bucket;

	(void)clock_parse(&since, issue->created_at);
	seconds = (double)(at - since) / (double)USEC_PER_SEC;
	bucket = (int)(BUCKETS_PER_DOUBLING *
		       log2(1.0 + (seconds > 0 ? seconds : 0)));
	return db_run(c->db, &sql[COUNT_DURATION],
		      ARGS(arg_int(issue->kind.organization_id),
			   arg_text(day_of(c, at)), arg_int(kind),
			   arg_int(bucket), arg_int(by)));
}

enum err
trend_raised(struct ctx *c, const struct issue *issue)
{
	return count_day(c, issue, 1, 0);
}

enum err
trend_answered(struct ctx *c, const struct issue *issue)
{
	return count_duration(c, issue, TREND_ANSWER, c->now, 1);
}

enum err
trend_answered_again(struct ctx *c, const struct issue *issue, const char *now)
{
	usec_t was = c->now, is = was;
	enum err e;

	(void)clock_parse(&was, issue->first_answered_at);
	e = count_duration(c, issue, TREND_ANSWER, was, -1);
	if (e || !now)
		return e;
	(void)clock_parse(&is, now);
	return count_duration(c, issue, TREND_ANSWER, is, 1);
}

enum err
trend_resolved(struct ctx *c, const struct issue *issue)
{
	enum err e = count_day(c, issue, 0, 1);

	return e ? e : count_duration(c, issue, TREND_RESOLUTION, c->now, 1);
}

/* Every day of the period, also those without a row. */
static void
fill_days(struct trend *t, struct ctx *c, struct rows *rows, usec_t first)
{
	bool left = rows_next(rows);
	const char *day = left ? col_text(rows) : NULL;

	for (size_t i = 0; i < t->n; i++) {
		struct trend_day *d = &t->days[i];

		d->day = day_of(c, first + (usec_t)i * DAY);
		if (!left || strcmp(day, d->day) != 0)
			continue;
		d->raised = col_int(rows);
		d->resolved = col_int(rows);
		left = rows_next(rows);
		day = left ? col_text(rows) : NULL;
	}
}

static enum err
median(int64_t *out, struct ctx *c, const struct actor *who, const char *since,
       enum trend_kind kind)
{
	int64_t total = 0, seen = 0, bucket;
	struct rows rows, again;
	enum err e = db_query(&rows, c->db, &sql[DURATIONS],
			      ARGS(arg_int(who->organization_id),
				   arg_text(since), arg_int(kind)));

	if (e)
		return e;
	*out = -1;
	for (again = rows; rows_next(&again);) {
		(void)col_int(&again);
		total += col_int(&again);
	}
	while (*out < 0 && rows_next(&rows)) {
		bucket = col_int(&rows);
		seen += col_int(&rows);
		if (seen * 2 >= total)
			*out = (int64_t)exp2(((double)bucket + 0.5) /
					     BUCKETS_PER_DOUBLING) -
			       1;
	}
	return OK;
}

enum err
trend_get(struct trend *out, struct ctx *c, const struct actor *who,
	  int64_t days)
{
	const usec_t first = c->now - (days - 1) * DAY;
	const char *since = day_of(c, first);
	struct trend t = {.n = (size_t)days};
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[DAYS],
		     ARGS(arg_int(who->organization_id), arg_text(since)));

	if (e)
		return e;
	t.days = arena_alloc(c->arena, t.n * sizeof(*t.days));
	fill_days(&t, c, &rows, first);
	e = median(&t.first_answer_s, c, who, since, TREND_ANSWER);
	if (!e)
		e = median(&t.resolution_s, c, who, since, TREND_RESOLUTION);
	if (!e)
		*out = t;
	return e;
}
