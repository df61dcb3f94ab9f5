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

enum { ADD, ANY, FREE, TAKE, LOCK, REMOVE_ONE, REMOVE, ADVANCE, STATEMENTS };

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO outbox (issue_id, seen_id, since) VALUES (?, ?, ?) "
	     "ON DUPLICATE KEY UPDATE seen_id = outbox.seen_id"},
    [ANY] = {"SELECT 1 FROM outbox WHERE lease_until IS NULL "
	     "OR lease_until < ? OR lease_owner = ? LIMIT 1"},
    [FREE] = {"SELECT issue_id FROM outbox WHERE issue_id > ? AND "
	      "(lease_until IS NULL OR lease_until < ? OR lease_owner = ?) "
	      "ORDER BY issue_id LIMIT ? FOR UPDATE SKIP LOCKED"},
    [TAKE] = {"UPDATE outbox SET lease_owner = ?, lease_until = ? "
	      "WHERE issue_id IN " OUTBOX_IDS},
    [LOCK] = {"SELECT " OUTBOX_ISSUE ", x.seen_id, " OUTBOX_PART_TO(
	"x") ", (SELECT GROUP_CONCAT("
	     "f.consumer) FROM outbox_failure f WHERE f.issue_id = i.id) "
	     "FROM outbox x STRAIGHT_JOIN issue i ON i.id = x.issue_id "
	     "WHERE x.issue_id IN " OUTBOX_IDS " ORDER BY x.issue_id "
	     "FOR UPDATE SKIP LOCKED"},
    [REMOVE_ONE] = {"DELETE FROM outbox WHERE issue_id = ?"},
    [REMOVE] = {"DELETE FROM outbox WHERE issue_id IN " OUTBOX_IDS},
    [ADVANCE] = {"UPDATE outbox SET seen_id = ? WHERE issue_id = ?"},
};

const struct statements outbox_statements = {sql, STATEMENTS};

bool
outbox_wants(const struct issue *issue)
{
	return issue->linear_team_id || issue->organization_team_id;
}

enum err
outbox_add(struct ctx *c, int64_t issue_id, int64_t activity_id)
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
			   arg_time(c->now)));
}

void
outbox_fill_ids(struct arg *args, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < OUTBOX_BATCH; i++)
		args[i] = arg_int(ids[i < n ? i : n - 1]);
}

/* The arguments of lease_within(). */
struct leasing_news {
	struct ctx *c;
	const char *owner;
	int64_t behind;
	int64_t *ids;
	size_t n;
};

static enum err
lease_within(void *arg)
{
	struct leasing_news *l = arg;
	struct ctx *c = l->c;
	struct arg args[2 + OUTBOX_BATCH] = {arg_text(l->owner),
					     arg_time(c->now + LEASE)};
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[FREE],
			      ARGS(arg_int(l->behind), arg_time(c->now),
				   arg_text(l->owner), arg_int(OUTBOX_BATCH)));

	l->n = 0;
	while (!e && rows_next(&rows))
		l->ids[l->n++] = col_int(&rows);
	if (e || !l->n)
		return e;
	outbox_fill_ids(args + 2, l->ids, l->n);
	return db_run(c->db, &sql[TAKE], args, 2 + OUTBOX_BATCH);
}

enum err
outbox_lease(int64_t ids[OUTBOX_BATCH], size_t *n, struct ctx *c,
	     const char *owner, int64_t behind)
{
	struct leasing_news l = {
	    .c = c, .owner = owner, .behind = behind, .ids = ids};
	bool any;
	enum err e = db_exists(&any, c->db, &sql[ANY],
			       ARGS(arg_time(c->now), arg_text(owner)));

	if (!e && any)
		e = db_transaction(c->db, lease_within, &l);
	*n = e ? 0 : l.n;
	return e;
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
	out->is_deleted = col_bool(r);
}

enum err
outbox_lock(struct outbox_row out[OUTBOX_BATCH], size_t *count, struct ctx *c,
	    const int64_t *ids, size_t n)
{
	struct arg args[OUTBOX_BATCH];
	struct rows rows;
	enum err e;

	outbox_fill_ids(args, ids, n);
	e = db_query(&rows, c->db, &sql[LOCK], args, OUTBOX_BATCH);
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
	outbox_fill_ids(args, ids, n);
	return db_run(c->db, &sql[REMOVE], args, OUTBOX_BATCH);
}

enum err
outbox_advance(struct ctx *c, int64_t issue_id, int64_t seen_id)
{
	return db_run(c->db, &sql[ADVANCE],
		      ARGS(arg_int(seen_id), arg_int(issue_id)));
}
