/* The rows of table outbox; outbox.h says what they are for.
 *
 * The ids of history entries show the order of changes within one issue only,
 * since every change locks the issue's row. A row is locked
 * together with its issue, so that nothing is added to the history between
 * reading the news and deleting the row. Locks that others hold are skipped
 * and never waited for, so a request is never part of a deadlock with this.
 * The lease is committed, for daemons on several nodes of a cluster; should it
 * have expired while its owner still works, both delete the same row, and only
 * one of them can commit. */

#include "desk/outbox.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

/* Long enough for a batch; short, since a killed owner's issues wait for it. */
#define LEASE (5 * USEC_PER_SEC)

enum {
	ADD,
	WHOSE,
	FREE,
	TAKE,
	LOCK = TAKE + 2,
	REMOVE_ONE = LOCK + 2,
	REMOVE,
	ADVANCE = REMOVE + 2,
	STATEMENTS
};

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO outbox (issue_id, seen_id, since, organization_id) "
	     "VALUES (?, ?, ?, ?) "
	     "ON DUPLICATE KEY UPDATE seen_id = outbox.seen_id"},
    [WHOSE] = {"SELECT COALESCE(MIN(organization_id), -1), "
	       "MAX(organization_id) FROM outbox"},
    [FREE] = {"SELECT issue_id, organization_id FROM outbox "
	      "FORCE INDEX (by_turn) WHERE organization_id >= ? AND "
	      "(lease_until IS NULL OR lease_until < ? OR lease_owner = ?) "
	      "ORDER BY organization_id, since LIMIT ? "
	      "FOR UPDATE SKIP LOCKED"},
    OUTBOX_LENGTHS(TAKE,
		   "UPDATE outbox SET lease_owner = ?, lease_until = ? "
		   "WHERE issue_id IN ",
		   ""),
    OUTBOX_LENGTHS(
	LOCK,
	"SELECT " OUTBOX_ISSUE ", x.seen_id, " OUTBOX_PART_TO(
	    "x") ", (SELECT "
		 "GROUP_CONCAT(f.consumer) FROM outbox_failure f "
		 "WHERE f.issue_id = i.id) FROM outbox x STRAIGHT_JOIN issue i "
		 "ON i.id = x.issue_id WHERE x.issue_id IN ",
	" ORDER BY x.issue_id FOR UPDATE SKIP LOCKED"),
    [REMOVE_ONE] = {"DELETE FROM outbox WHERE issue_id = ?"},
    OUTBOX_LENGTHS(REMOVE, "DELETE FROM outbox WHERE issue_id IN ", ""),
    [ADVANCE] = {"UPDATE outbox SET seen_id = ? WHERE issue_id = ?"},
};

const struct statements outbox_statements = {sql, STATEMENTS};

bool
outbox_wants(const struct issue *issue)
{
	return issue->linear_team_id || issue->organization_team_id;
}

enum err
outbox_add(struct ctx *c, int64_t organization_id, int64_t issue_id,
	   int64_t activity_id)
{
	struct news_mark *m = &c->news;
	const unsigned long now = db_transactions(c->db);

	if (m->issue_id == issue_id && m->transaction == now)
		return OK;
	m->others = m->others || (m->issue_id && m->issue_id != issue_id);
	m->issue_id = issue_id;
	m->transaction = now;
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_int(issue_id), arg_int(activity_id - 1),
			   arg_time(c->now), arg_int(organization_id)));
}

size_t
outbox_fill_ids(struct arg *args, const int64_t *ids, size_t n)
{
	const size_t places = OUTBOX_LENGTH(n) ? OUTBOX_BATCH : OUTBOX_FEW;

	for (size_t i = 0; i < places; i++)
		args[i] = arg_int(ids[i < n ? i : n - 1]);
	return places;
}

/* The arguments of lease_within(). */
struct leasing_news {
	struct ctx *c;
	const char *owner;
	int64_t from, turn; /* organizations */
	int64_t share;	    /* what one of them gets at once */
	int64_t *ids;
	size_t n;
	bool more; /* some organization may have more */
};

/* Adds issues of the organizations from l->turn on, and sets the turn behind
 * the last of them; 0: there are none. */
static enum err
find_free(struct leasing_news *l)
{
	struct ctx *c = l->c;
	const int64_t room = OUTBOX_BATCH - (int64_t)l->n;
	const int64_t most = room < l->share ? room : l->share;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[FREE],
			      ARGS(arg_int(l->turn), arg_time(c->now),
				   arg_text(l->owner), arg_int(most)));

	if (e)
		return e;
	l->more = l->more || (int64_t)rows.count == most;
	l->turn = 0;
	while (rows_next(&rows)) {
		l->ids[l->n++] = col_int(&rows);
		l->turn = col_int(&rows) + 1;
	}
	return OK;
}

static enum err
lease_within(void *arg)
{
	struct leasing_news *l = arg;
	struct arg args[2 + OUTBOX_BATCH] = {arg_text(l->owner),
					     arg_time(l->c->now + LEASE)};
	enum err e;

	l->turn = l->from;
	l->n = 0;
	l->more = l->from > 0;
	do
		e = find_free(l);
	while (!e && l->turn && l->n < OUTBOX_BATCH);
	if (e || !l->n)
		return e;
	return db_run(l->c->db, &sql[TAKE + OUTBOX_LENGTH(l->n)], args,
		      2 + outbox_fill_ids(args + 2, l->ids, l->n));
}

enum err
outbox_lease(int64_t ids[OUTBOX_BATCH], size_t *n, bool *more, struct ctx *c,
	     const char *owner, int64_t *turn)
{
	struct leasing_news l = {.c = c, .owner = owner, .ids = ids};
	struct rows rows;
	int64_t first, last;
	enum err e = db_one(&rows, c->db, &sql[WHOSE], NO_ARGS);

	*n = 0;
	*more = false;
	if (e)
		return e;
	first = col_int(&rows);
	last = col_int(&rows);
	if (first < last) {
		l.share = OUTBOX_BATCH / 4;
		l.from = *turn;
	} else {
		l.share = OUTBOX_BATCH;
	}
	if (first >= 0)
		e = db_transaction(c->db, lease_within, &l);
	if (e)
		return e;
	*n = l.n;
	*more = l.more;
	*turn = first < last ? l.turn : 0;
	return OK;
}

void
outbox_read_issue(struct outbox_row *out, struct rows *r)
{
	struct issue *i = &out->issue;

	*i = (struct issue){.id = col_int(r)};
	i->kind.organization_id = col_int(r);
	i->issue_number = col_text(r);
	i->title = col_text(r);
	i->description = col_text(r);
	i->kind.status = (enum status)col_int(r);
	i->kind.assigned_to = col_int(r);
	i->raised_by = col_int(r);
	i->created_at = col_text(r);
	i->linear_team_id = col_text(r);
	i->organization_team_id = col_text(r);
	i->kind.is_withdrawn = col_bool(r);
	out->is_deleted = col_bool(r);
}

enum err
outbox_lock(struct outbox_row out[OUTBOX_BATCH], size_t *count, struct ctx *c,
	    const int64_t *ids, size_t n)
{
	struct arg args[OUTBOX_BATCH];
	struct rows rows;
	enum err e;

	e = db_query(&rows, c->db, &sql[LOCK + OUTBOX_LENGTH(n)], args,
		     outbox_fill_ids(args, ids, n));
	*count = 0;
	while (!e && rows_next(&rows)) {
		struct outbox_row *row = &out[(*count)++];

		outbox_read_issue(row, &rows);
		row->seen_id = col_int(&rows);
		row->part_to = col_int(&rows);
		row->failed = col_text(&rows);
	}
	return e;
}

enum err
outbox_remove(struct ctx *c, const int64_t *ids, size_t n)
{
	struct arg args[OUTBOX_BATCH];

	if (n == 1)
		return db_run(c->db, &sql[REMOVE_ONE], ARGS(arg_int(ids[0])));
	return db_run(c->db, &sql[REMOVE + OUTBOX_LENGTH(n)], args,
		      outbox_fill_ids(args, ids, n));
}

enum err
outbox_advance(struct ctx *c, int64_t issue_id, int64_t seen_id)
{
	return db_run(c->db, &sql[ADVANCE],
		      ARGS(arg_int(seen_id), arg_int(issue_id)));
}
