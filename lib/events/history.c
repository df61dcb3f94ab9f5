/* Reads the entries of the history from which something is to be derived, for
 * many issues at once (struct news). Consumers need to know which status an
 * issue had when something happened; only changes of the status are in the
 * history, so this is worked out backwards from the present one. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/outbox.h"
#include "desk/user.h"

enum { NEWS, BETWEEN = NEWS + 2, STATUS_AT, STATEMENTS };

/* The texts of entries are not read, since consumers use the present texts. No
 * ORDER BY: sorting would copy every text. */
#define EVENTS                                                           \
	"SELECT a.issue_id, a.id, a.actor_id, a.actor_name, "            \
	"a.actor_kind + 0, a.field, "                                    \
	"IF(a.field IN ('status', 'first_answer'), a.old_value, NULL), " \
	"IF(a.field IN ('status', 'first_answer'), a.new_value, NULL), " \
	"a.is_public, a.created_at, a.told_profile_id, a.comment_id, "   \
	"IF(m.deleted_at IS NULL, m.content, NULL), m.is_internal, "     \
	"IF(u.id IS NULL, NULL, " SQL_FULL_NAME("u") "), u.email "
#define JOINS                                                             \
	"LEFT JOIN comment m ON m.id = a.comment_id "                     \
	"LEFT JOIN issue i ON a.field = 'created' AND i.id = a.issue_id " \
	"LEFT JOIN user u ON u.id = i.raised_by "

static struct stmt sql[] = {
    OUTBOX_LENGTHS(NEWS,
		   EVENTS
		   "FROM outbox x STRAIGHT_JOIN activity a "
		   "ON a.issue_id = x.issue_id AND a.id > x.seen_id " JOINS
		   "WHERE x.issue_id IN ",
		   ""),
    [BETWEEN] = {EVENTS "FROM activity a " JOINS
			"WHERE a.issue_id = ? AND a.id > ? AND a.id <= ?"},
    [STATUS_AT] = {"SELECT old_value FROM activity WHERE issue_id = ? "
		   "AND id > ? AND field = 'status' ORDER BY id LIMIT 1"},
};

const struct statements news_statements = {sql, STATEMENTS};

/* A row of EVENTS. */
struct entry_row {
	int64_t issue_id;
	struct event event;
	const char *raiser_name, *raiser_email;
};

static enum role
role_of(enum author_kind kind)
{
	return kind == AUTHOR_CUSTOMER ? ROLE_CUSTOMER
	       : kind == AUTHOR_STAFF  ? ROLE_EMPLOYEE
				       : ROLE_LINEAR;
}

static void
read_entry(struct entry_row *out, struct rows *r)
{
	struct event *e = &out->event;

	*out = (struct entry_row){.issue_id = col_int(r)};
	e->id = col_int(r);
	e->who.user_id = col_int(r);
	e->who.name = col_text(r);
	e->who.role = role_of((enum author_kind)col_int(r));
	e->field = col_text(r);
	e->was = col_text(r);
	e->is = col_text(r);
	e->is_public = col_bool(r);
	e->at = col_time(r);
	e->told_profile_id = col_int(r);
	e->comment_id = col_int(r);
	e->content = col_text(r);
	e->is_internal = col_bool(r);
	out->raiser_name = col_text(r);
	out->raiser_email = col_text(r);
}

static int
by_issue_and_id(const void *a, const void *b)
{
	const struct entry_row *x = a, *y = b;

	if (x->issue_id != y->issue_id)
		return x->issue_id < y->issue_id ? -1 : 1;
	return x->event.id < y->event.id ? -1 : x->event.id > y->event.id;
}

/* The status that a name of the history means. */
static enum status
status_named(const char *name)
{
	const struct enum_name *word =
	    name ? enum_name_find(status_words, name) : NULL;

	return word ? (enum status)word->value : STATUS_OPEN;
}

/* Goes from the last event to the first: an event between two changes of the
 * status has the status from which the later one changed it. `now` is the
 * status after the last event. */
static void
fill_in_status(struct news *news, enum status now)
{
	for (size_t i = news->n; i-- > 0;) {
		struct event *e = &news->events[i];

		if (strcmp(e->field, "status") == 0) {
			e->status = status_named(e->is);
			now = status_named(e->was);
		} else {
			e->status = now;
		}
		e->status_before = now;
	}
}

/* Takes the rows that are of this issue, which come first. */
static size_t
take_entries(struct news *news, struct arena *a, const struct entry_row *rows,
	     size_t n)
{
	size_t of_it = 0;

	while (of_it < n && rows[of_it].issue_id == news->issue.id)
		of_it++;
	news->n = of_it;
	news->events = arena_alloc(a, (of_it + 1) * sizeof(*news->events));
	for (size_t i = 0; i < of_it; i++) {
		news->events[i] = rows[i].event;
		if (!rows[i].raiser_email)
			continue;
		news->issue.raiser_name = rows[i].raiser_name;
		news->issue.raiser_email = rows[i].raiser_email;
	}
	fill_in_status(news, news->issue.kind.status);
	return of_it;
}

static void
distribute(struct ctx *c, struct news *news, size_t n, struct rows *rows)
{
	struct entry_row *all =
	    arena_alloc(c->arena, (rows->count + 1) * sizeof(*all));
	size_t count = 0, used = 0;

	while (rows_next(rows))
		read_entry(&all[count++], rows);
	qsort(all, count, sizeof(*all), by_issue_and_id);
	for (size_t i = 0; i < n; i++)
		used +=
		    take_entries(&news[i], c->arena, all + used, count - used);
}

enum err
news_read_all(struct ctx *c, struct news *news, size_t n)
{
	struct arg args[OUTBOX_BATCH];
	int64_t ids[OUTBOX_BATCH];
	struct rows rows;
	enum err e;

	for (size_t i = 0; i < n; i++)
		ids[i] = news[i].issue.id;
	e = db_query(&rows, c->db, &sql[NEWS + OUTBOX_LENGTH(n)], args,
		     outbox_fill_ids(args, ids, n));
	if (!e)
		distribute(c, news, n, &rows);
	return e;
}

/* What the status was after entry `to`, if it has changed since. */
static enum err
correct_status(struct ctx *c, struct news *news, int64_t to)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[STATUS_AT],
			    ARGS(arg_int(news->issue.id), arg_int(to)));

	if (!e)
		fill_in_status(news, status_named(col_text(&rows)));
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
news_read_between(struct ctx *c, struct news *news, int64_t behind, int64_t to)
{
	struct rows rows;
	enum err e = db_query(
	    &rows, c->db, &sql[BETWEEN],
	    ARGS(arg_int(news->issue.id), arg_int(behind), arg_int(to)));

	if (e)
		return e;
	distribute(c, news, 1, &rows);
	return correct_status(c, news, to);
}
