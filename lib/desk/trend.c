/* Counts and durations by organization and day.
 *
 * A duration is counted in a logarithmic histogram: bucket floor(8 log2(1 + s))
 * for s seconds, so a bucket's bounds differ by 9 %. A median over a year then
 * reads a few hundred rows, however many issues there are. */

#include "desk/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/many.h"
#include "db/statements.h"
#include "trend_repair.h"

#define DAY		     (86400 * USEC_PER_SEC)
#define BUCKETS_PER_DOUBLING 8.0

/* In the order of the enum trend_duration.kind. */
enum trend_kind { TREND_ANSWER = 1, TREND_RESOLUTION };

enum {
	COUNT_DAY,
	COUNT_DURATION = COUNT_DAY + MANY_WIDTHS,
	DAYS = COUNT_DURATION + MANY_WIDTHS,
	DURATIONS,
	HOW_WRONG,
	REPAIR_DAYS,
	REPAIR_DURATIONS,
	STATEMENTS
};

static struct stmt sql[] = {
    INSERT_MANY(COUNT_DAY,
		"INSERT INTO trend_day (organization_id, day, raised, "
		"resolved) VALUES ",
		"(?, ?, ?, ?)",
		" ON DUPLICATE KEY UPDATE raised = raised + VALUES(raised), "
		"resolved = resolved + VALUES(resolved)"),
    INSERT_MANY(COUNT_DURATION,
		"INSERT INTO trend_duration (organization_id, day, kind, "
		"bucket, n) VALUES ",
		"(?, ?, ?, ?, ?)",
		" ON DUPLICATE KEY UPDATE n = n + VALUES(n)"),
    [DAYS] = {"SELECT CAST(day AS CHAR), raised, resolved FROM trend_day "
	      "WHERE organization_id = ? AND day >= ? ORDER BY day"},
    [DURATIONS] = {"SELECT bucket, SUM(n) FROM trend_duration "
		   "WHERE organization_id = ? AND day >= ? AND kind = ? "
		   "GROUP BY bucket ORDER BY bucket"},
    [HOW_WRONG] = {"SELECT (SELECT COUNT(*) FROM " TREND_DAYS_WRONG
		   " d) + (SELECT COUNT(*) FROM " TREND_DURATIONS_WRONG " h)"},
    [REPAIR_DAYS] = {"INSERT INTO trend_day (organization_id, day, raised, "
		     "resolved) SELECT * FROM " TREND_DAYS_WRONG
		     " w ON DUPLICATE KEY UPDATE "
		     "trend_day.raised = trend_day.raised + VALUES(raised), "
		     "trend_day.resolved = trend_day.resolved + "
		     "VALUES(resolved)"},
    [REPAIR_DURATIONS] =
	{"INSERT INTO trend_duration (organization_id, day, kind, bucket, n) "
	 "SELECT * FROM " TREND_DURATIONS_WRONG " w ON DUPLICATE KEY UPDATE "
	 "trend_duration.n = trend_duration.n + VALUES(n)"},
};

const struct statements trend_statements = {sql, STATEMENTS};

/* "2026-11-23", in the arena. */
static const char *
day_of(struct ctx *c, usec_t t)
{
	char text[CLOCK_TEXT];

	return arena_memdup(c->arena, clock_sql(text, t), 10);
}

/* Of a cell of trend_day (kind 0) or trend_duration. */
struct trend_change {
	int64_t organization_id;
	const char *day;
	int kind, bucket;
	int64_t raised, resolved, n;
};

struct trend_changes {
	struct ctx *c;
	struct trend_change *list;
	size_t n, max;
};

struct trend_changes *
trend_changes_new(struct ctx *c)
{
	struct trend_changes *t = arena_alloc(c->arena, sizeof(*t));

	*t = (struct trend_changes){.c = c};
	return t;
}

static int
by_cell(const void *a, const void *b)
{
	const struct trend_change *x = a, *y = b;
	int order;

	if (x->organization_id != y->organization_id)
		return x->organization_id < y->organization_id ? -1 : 1;
	order = strcmp(x->day, y->day);
	if (!order)
		order = x->kind - y->kind;
	return order ? order : x->bucket - y->bucket;
}

static void
add_change(struct trend_changes *t, const struct trend_change *change)
{
	struct trend_change *more;

	for (size_t i = 0; i < t->n; i++) {
		struct trend_change *known = &t->list[i];

		if (by_cell(known, change) != 0)
			continue;
		known->raised += change->raised;
		known->resolved += change->resolved;
		known->n += change->n;
		return;
	}
	if (t->n == t->max) {
		t->max = t->max ? 2 * t->max : 8;
		more = arena_alloc(t->c->arena, t->max * sizeof(*more));
		if (t->n)
			memcpy(more, t->list, t->n * sizeof(*more));
		t->list = more;
	}
	t->list[t->n++] = *change;
}

static void
add_day(struct trend_changes *t, const struct issue *issue, usec_t at,
	int raised, int resolved)
{
	const struct trend_change change = {.organization_id =
						issue->kind.organization_id,
					    .day = day_of(t->c, at),
					    .raised = raised,
					    .resolved = resolved};

	add_change(t, &change);
}

/* Adds `by` (1 or -1) to the bucket of what was done at that time. */
static void
add_duration(struct trend_changes *t, const struct issue *issue,
	     enum trend_kind kind, usec_t at, int by)
{
	struct trend_change change = {.organization_id =
					  issue->kind.organization_id,
				      .day = day_of(t->c, at),
				      .kind = (int)kind,
				      .n = by};
	usec_t since = at;
	double seconds;

	(void)clock_parse(&since, issue->created_at);
	seconds = (double)(at - since) / (double)USEC_PER_SEC;
	change.bucket = (int)(BUCKETS_PER_DOUBLING *
			      log2(1.0 + (seconds > 0 ? seconds : 0)));
	add_change(t, &change);
}

void
trend_raised(struct trend_changes *t, const struct issue *issue, usec_t at)
{
	add_day(t, issue, at, 1, 0);
}

void
trend_resolved(struct trend_changes *t, const struct issue *issue, usec_t at)
{
	add_day(t, issue, at, 0, 1);
	add_duration(t, issue, TREND_RESOLUTION, at, 1);
}

static void
add_answer(struct trend_changes *t, const struct issue *issue, const char *time,
	   int by)
{
	usec_t at;

	if (time && clock_parse(&at, time))
		add_duration(t, issue, TREND_ANSWER, at, by);
}

void
trend_answered(struct trend_changes *t, const struct issue *issue,
	       const char *was, const char *is)
{
	add_answer(t, issue, was, -1);
	add_answer(t, issue, is, 1);
}

#define DAY_COLUMNS	 4
#define DURATION_COLUMNS 5

static size_t
fill_day(struct arg *a, const struct trend_change *k)
{
	a[0] = arg_int(k->organization_id);
	a[1] = arg_text(k->day);
	a[2] = arg_int(k->raised);
	a[3] = arg_int(k->resolved);
	return DAY_COLUMNS;
}

static size_t
fill_duration(struct arg *a, const struct trend_change *k)
{
	a[0] = arg_int(k->organization_id);
	a[1] = arg_text(k->day);
	a[2] = arg_int(k->kind);
	a[3] = arg_int(k->bucket);
	a[4] = arg_int(k->n);
	return DURATION_COLUMNS;
}

/* In the order of their keys, so that transactions do not deadlock. */
enum err
trend_write(struct ctx *c, struct trend_changes *t)
{
	const size_t most = (t->n + 1) * DURATION_COLUMNS;
	struct arg *days = arena_alloc(c->arena, most * sizeof(*days));
	struct arg *durations =
	    arena_alloc(c->arena, most * sizeof(*durations));
	size_t n_days = 0, n_durations = 0;
	enum err e;

	if (t->n)
		qsort(t->list, t->n, sizeof(*t->list), by_cell);
	for (size_t i = 0; i < t->n; i++) {
		if (t->list[i].kind)
			n_durations +=
			    fill_duration(durations + n_durations, &t->list[i]);
		else
			n_days += fill_day(days + n_days, &t->list[i]);
	}
	e = db_run_many(NULL, c->db, &sql[COUNT_DAY], days, DAY_COLUMNS,
			n_days / DAY_COLUMNS);
	return e ? e
		 : db_run_many(NULL, c->db, &sql[COUNT_DURATION], durations,
			       DURATION_COLUMNS,
			       n_durations / DURATION_COLUMNS);
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

static enum err
repair_within(void *arg)
{
	struct ctx *c = arg;
	enum err e = db_run(c->db, &sql[REPAIR_DAYS], NO_ARGS);

	return e ? e : db_run(c->db, &sql[REPAIR_DURATIONS], NO_ARGS);
}

enum err
trend_repair(int64_t *n, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[HOW_WRONG], NO_ARGS);

	if (e)
		return e;
	*n = col_int(&rows);
	return *n ? db_transaction(c->db, repair_within, c) : OK;
}
