/* Consumers that failed for an issue, until they succeed: each keeps its own
 * position, is tried again after growing waits, and becomes a dead letter,
 * which a change of the issue or a person revives. */

#include "failure.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/statements.h"
#include "desk/outbox.h"
#include "history.h"

enum {
	ADD,
	EXPEDITE,
	DUE,
	LOCK,
	REMOVE,
	ADVANCE,
	AGAIN,
	RETRY_NOW,
	LIST,
	COUNT,
	STATEMENTS
};

#define WANTED                                        \
	"WHERE (? IS NULL OR f.organization_id = ?) " \
	"AND (f.state = 'dead' OR NOT ?) "

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO outbox_failure (issue_id, consumer, "
	     "organization_id, seen_id, run_at, error_text, since) "
	     "VALUES (?, ?, ?, ?, ?, LEFT(?, 1000), ?)"},
    [EXPEDITE] = {"UPDATE outbox_failure SET state = 'ready', attempts = 0, "
		  "run_at = ? WHERE issue_id = ?"},
    [DUE] = {"SELECT issue_id, consumer, attempts FROM outbox_failure "
	     "WHERE state = 'ready' AND run_at <= ? ORDER BY run_at LIMIT ?"},
    /* from this consumer's position up to that of the others; what comes
     * after that is still in the outbox, for all of them */
    [LOCK] = {"SELECT " OUTBOX_ISSUE
	      ", f.seen_id, COALESCE((SELECT x.seen_id FROM outbox x "
	      "WHERE x.issue_id = i.id), 9223372036854775807), " OUTBOX_PART_TO(
		  "f") " "
		       "FROM outbox_failure f STRAIGHT_JOIN issue i "
		       "ON i.id = f.issue_id WHERE f.issue_id = ? AND "
		       "f.consumer = ? "
		       "FOR UPDATE SKIP LOCKED"},
    [REMOVE] = {"DELETE FROM outbox_failure WHERE issue_id = ? "
		"AND consumer = ?"},
    [ADVANCE] = {"UPDATE outbox_failure SET seen_id = ?, attempts = 0, "
		 "run_at = ? WHERE issue_id = ? AND consumer = ?"},
    [AGAIN] = {"UPDATE outbox_failure SET attempts = attempts + 1, "
	       "state = IF(attempts >= ?, 'dead', state), run_at = ?, "
	       "error_text = LEFT(?, 1000) WHERE issue_id = ? "
	       "AND consumer = ? AND attempts = ?"},
    [RETRY_NOW] = {"UPDATE outbox_failure SET state = 'ready', attempts = 0, "
		   "run_at = ? WHERE (? IS NULL OR organization_id = ?) "
		   "AND (? IS NULL OR issue_id = ?)"},
    [LIST] = {"SELECT f.issue_id, i.issue_number, o.name, f.consumer, "
	      "f.state = 'dead', f.attempts, f.error_text, f.since, f.run_at "
	      "FROM outbox_failure f JOIN issue i ON i.id = f.issue_id "
	      "JOIN organization o ON o.id = f.organization_id " WANTED
	      "ORDER BY f.since, f.issue_id, f.consumer LIMIT ? OFFSET ?"},
    [COUNT] = {"SELECT COUNT(*) FROM outbox_failure f " WANTED},
};

const struct statements failure_statements = {sql, STATEMENTS};

enum err
failure_add(struct ctx *c, const struct issue *issue, const char *consumer,
	    int64_t seen_id, const char *why)
{
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_int(issue->id), arg_text(consumer),
			   arg_int(issue->kind.organization_id),
			   arg_int(seen_id),
			   arg_time(c->now + lease_backoff(1)), arg_text(why),
			   arg_time(c->now)));
}

enum err
failure_expedite(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[EXPEDITE],
		      ARGS(arg_time(c->now), arg_int(issue_id)));
}

enum err
failure_due(struct failure **out, size_t *n, struct ctx *c, int64_t limit)
{
	struct failure *f;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[DUE],
			      ARGS(arg_time(c->now), arg_int(limit)));

	if (e)
		return e;
	*n = rows.count;
	*out = f = arena_alloc(c->arena, (rows.count + 1) * sizeof(*f));
	for (; rows_next(&rows); f++) {
		f->issue_id = col_int(&rows);
		f->consumer = col_text(&rows);
		f->attempts = col_int(&rows);
	}
	return OK;
}

enum err
failure_lock(struct news *out, struct ctx *c, struct failure *f)
{
	struct outbox_row row;
	struct rows rows;
	int64_t behind, to;
	enum err e = db_one(&rows, c->db, &sql[LOCK],
			    ARGS(arg_int(f->issue_id), arg_text(f->consumer)));

	if (e)
		return e;
	outbox_read_issue(&row, &rows);
	behind = col_int(&rows);
	to = col_int(&rows);
	f->part_to = col_int(&rows);
	if (f->part_to >= to)
		f->part_to = 0;
	if (f->part_to)
		to = f->part_to;
	*out = (struct news){.issue = row.issue, .is_deleted = row.is_deleted};
	return news_read_between(c, out, behind, to);
}

enum err
failure_taken(struct ctx *c, const struct failure *f)
{
	if (f->part_to)
		return db_run(c->db, &sql[ADVANCE],
			      ARGS(arg_int(f->part_to), arg_time(c->now),
				   arg_int(f->issue_id),
				   arg_text(f->consumer)));
	return db_run(c->db, &sql[REMOVE],
		      ARGS(arg_int(f->issue_id), arg_text(f->consumer)));
}

enum err
failure_again(struct ctx *c, const struct failure *f, const char *why)
{
	return db_run(c->db, &sql[AGAIN],
		      ARGS(arg_int(FAILURE_ATTEMPTS_MAX),
			   arg_time(c->now + lease_backoff(f->attempts + 1)),
			   arg_text(why), arg_int(f->issue_id),
			   arg_text(f->consumer), arg_int(f->attempts)));
}

enum err
events_retry_now(int64_t *n, struct ctx *c, int64_t organization_id,
		 int64_t issue_id)
{
	const struct arg org = arg_id(organization_id), id = arg_id(issue_id);
	enum err e = db_run(c->db, &sql[RETRY_NOW],
			    ARGS(arg_time(c->now), org, org, id, id));

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
events_failures(struct event_failure **out, size_t *n, int64_t *total,
		struct ctx *c, int64_t organization_id, bool dead,
		int64_t limit, int64_t offset)
{
	const struct arg org = arg_id(organization_id);
	struct event_failure *f;
	struct rows rows, count;
	enum err e = db_query(
	    &rows, c->db, &sql[LIST],
	    ARGS(org, org, arg_int(dead), arg_int(limit), arg_int(offset)));

	if (!e)
		e = db_one(&count, c->db, &sql[COUNT],
			   ARGS(org, org, arg_int(dead)));
	if (e)
		return e;
	*total = col_int(&count);
	*n = rows.count;
	*out = f = arena_alloc(c->arena, (rows.count + 1) * sizeof(*f));
	for (; rows_next(&rows); f++) {
		f->issue_id = col_int(&rows);
		f->issue_number = col_text(&rows);
		f->organization = col_text(&rows);
		f->consumer = col_text(&rows);
		f->is_dead = col_bool(&rows);
		f->attempts = col_int(&rows);
		f->error_text = col_text(&rows);
		f->since = col_text(&rows);
		f->run_at = col_text(&rows);
	}
	return OK;
}
