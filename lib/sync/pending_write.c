/* Pending writes: the values that were sent to Linear and not answered yet,
 * as hashes (table linear_flight). */

#include "sync/pending_write.h"

#include "base/arena.h"
#include "db/many.h"
#include "db/statements.h"
#include "hash.h"

enum { LIST, BEGIN, END = BEGIN + MANY_WIDTHS, DELETE, PURGE, STATEMENTS };

static struct stmt sql[] = {
    [LIST] = {"SELECT field + 0, hash, sent_at FROM linear_flight "
	      "WHERE issue_id = ?"},
    INSERT_MANY(BEGIN,
		"INSERT IGNORE INTO linear_flight (issue_id, field, "
		"hash, sent_at) VALUES ",
		"(?, ?, ?, ?)", ""),
    [END] = {"DELETE FROM linear_flight WHERE issue_id = ? "
	     "AND sent_at = ?"},
    [DELETE] = {"DELETE FROM linear_flight WHERE issue_id = ? "
		"AND field = ? AND hash = ? AND sent_at = ?"},
    [PURGE] = {"DELETE FROM linear_flight WHERE sent_at < ?"},
};

const struct statements pending_write_statements = {sql, STATEMENTS};

enum err
pending_write_list(struct pending_write **out, size_t *n, struct ctx *c,
		   int64_t issue_id)
{
	struct rows rows;
	struct pending_write *f;
	enum err e =
	    db_query(&rows, c->db, &sql[LIST], ARGS(arg_int(issue_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = f = arena_alloc(c->arena, (rows.count + 1) * sizeof(*f));
	for (; rows_next(&rows); f++) {
		f->field = (enum sync_field)col_int(&rows);
		f->hash = col_hash(&rows);
		f->sent_at = col_time(&rows);
	}
	return OK;
}

#define BEGIN_COLUMNS 4

enum err
pending_writes_begin(struct ctx *c, int64_t issue_id,
		     const struct pending_write *list, size_t n)
{
	struct arg *args =
	    arena_alloc(c->arena, (n + 1) * BEGIN_COLUMNS * sizeof(*args));

	for (size_t i = 0; i < n; i++) {
		struct arg *a = &args[i * BEGIN_COLUMNS];

		a[0] = arg_int(issue_id);
		a[1] = arg_int(list[i].field);
		a[2] = arg_hash(&list[i].hash);
		a[3] = arg_time(c->now);
	}
	return db_run_many(NULL, c->db, &sql[BEGIN], args, BEGIN_COLUMNS, n);
}

enum err
pending_write_end(struct ctx *c, int64_t issue_id, usec_t sent_at)
{
	return db_run(c->db, &sql[END],
		      ARGS(arg_int(issue_id), arg_time(sent_at)));
}

enum err
pending_write_delete(struct ctx *c, int64_t issue_id,
		     const struct pending_write *f)
{
	return db_run(c->db, &sql[DELETE],
		      ARGS(arg_int(issue_id), arg_int(f->field),
			   arg_hash(&f->hash), arg_time(f->sent_at)));
}

enum err
pending_write_purge(struct ctx *c, usec_t before)
{
	return db_run(c->db, &sql[PURGE], ARGS(arg_time(before)));
}

/* --- values --------------------------------------------------------------- */

struct pending_write
pending_write_of_text(enum sync_field field, const char *text)
{
	return (struct pending_write){
	    .field = field,
	    .hash = field == SYNC_TITLE ? hash_of(text) : loose_hash_of(text)};
}

struct pending_write
pending_write_of_id(enum sync_field field, const char *id)
{
	return (struct pending_write){.field = field,
				      .hash = hash_of(id ? id : "")};
}

struct pending_write
pending_write_of_priority(int linear_priority)
{
	const char text[] = {(char)('0' + linear_priority), '\0'};

	return (struct pending_write){.field = SYNC_PRIORITY,
				      .hash = hash_of(text)};
}

static struct pending_write
pending_write_like(const struct linear_issue *theirs, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return pending_write_of_text(field, theirs->title);
	case SYNC_DESCRIPTION:
		return pending_write_of_text(field, theirs->description);
	case SYNC_STATUS:
		return pending_write_of_id(field, theirs->state_id);
	case SYNC_ASSIGNEE:
		return pending_write_of_id(field, theirs->assignee_id);
	case SYNC_PRIORITY:
	case SYNC_FIELD_MAX:
		break;
	}
	return pending_write_of_priority(theirs->priority);
}

bool
pending_write_arrived(const struct pending_write *f,
		      const struct linear_issue *theirs)
{
	struct pending_write now = pending_write_like(theirs, f->field);

	return hash_same(&f->hash, &now.hash);
}
