/* Counts by organization and quarter of an hour, durations by day. What they
 * are for, and reading them, is in trend_read.c. */

#include "desk/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/many.h"
#include "db/statements.h"
#include "trend_cell.h"
#include "trend_repair.h"

enum {
	COUNT_DAY,
	COUNT_DURATION = COUNT_DAY + MANY_WIDTHS,
	COUNT_DURATION_LAST = COUNT_DURATION + MANY_WIDTHS - 1,
	HOW_WRONG,
	REPAIR_DAYS,
	REPAIR_DURATIONS,
	STATEMENTS
};

static struct stmt sql[] = {
    INSERT_MANY(COUNT_DAY,
		"INSERT INTO trend_day (organization_id, day, quarter, "
		"raised, resolved) VALUES ",
		"(?, ?, ?, ?, ?)",
		" ON DUPLICATE KEY UPDATE raised = raised + VALUES(raised), "
		"resolved = resolved + VALUES(resolved)"),
    INSERT_MANY(COUNT_DURATION,
		"INSERT INTO trend_duration (organization_id, day, kind, "
		"bucket, n) VALUES ",
		"(?, ?, ?, ?, ?)",
		" ON DUPLICATE KEY UPDATE n = n + VALUES(n)"),
    [HOW_WRONG] = {"SELECT (SELECT COUNT(*) FROM " TREND_DAYS_WRONG
		   " d) + (SELECT COUNT(*) FROM " TREND_DURATIONS_WRONG " h)"},
    [REPAIR_DAYS] = {"INSERT INTO trend_day (organization_id, day, quarter, "
		     "raised, resolved) SELECT * FROM " TREND_DAYS_WRONG
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

const char *
trend_day_text(struct ctx *c, usec_t t)
{
	char text[CLOCK_TEXT];

	return arena_memdup(c->arena, clock_sql(text, t), 10);
}

/* Of the day (UTC). */
static int
quarter_of(usec_t t)
{
	return (int)(t / TREND_QUARTER % TREND_QUARTERS_A_DAY);
}

/* Of a cell of trend_day (kind 0), whose place is the quarter of an hour, or of
 * trend_duration, whose place is the bucket. */
struct trend_change {
	int64_t organization_id;
	const char *day;
	int kind, place;
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
	return order ? order : x->place - y->place;
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
					    .day = trend_day_text(t->c, at),
					    .place = quarter_of(at),
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
				      .day = trend_day_text(t->c, at),
				      .kind = (int)kind,
				      .n = by};
	usec_t since = at;
	double seconds;

	(void)clock_parse(&since, issue->created_at);
	seconds = (double)(at - since) / (double)USEC_PER_SEC;
	change.place = (int)(TREND_BUCKETS_PER_DOUBLING *
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

#define DAY_COLUMNS	 5
#define DURATION_COLUMNS 5

static size_t
fill_day(struct arg *a, const struct trend_change *k)
{
	a[0] = arg_int(k->organization_id);
	a[1] = arg_text(k->day);
	a[2] = arg_int(k->place);
	a[3] = arg_int(k->raised);
	a[4] = arg_int(k->resolved);
	return DAY_COLUMNS;
}

static size_t
fill_duration(struct arg *a, const struct trend_change *k)
{
	a[0] = arg_int(k->organization_id);
	a[1] = arg_text(k->day);
	a[2] = arg_int(k->kind);
	a[3] = arg_int(k->place);
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
	enum err e = db_number(n, c->db, &sql[HOW_WRONG], NO_ARGS);

	if (e)
		return e;
	return *n ? db_transaction(c->db, repair_within, c) : OK;
}
