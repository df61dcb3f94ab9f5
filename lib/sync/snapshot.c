#include "sync/snapshot.h"

#include "db/db.h"
#include "db/statements.h"
#include "hash.h"

const char *const sync_field_names[SYNC_FIELD_MAX] = {
    [SYNC_TITLE] = "title",
    [SYNC_DESCRIPTION] = "description",
    [SYNC_STATUS] = "status",
    [SYNC_PRIORITY] = "priority",
    [SYNC_ASSIGNEE] = "assigned_to"};

#define COLUMNS                                                             \
	"title_sent, title_got, description_sent, description_got, "        \
	"status, state_id, state_type, priority, linear_priority, "         \
	"assigned_to, assignee_id, linear_updated_at, linear_description, " \
	"attachment_hash, thread_id, thread_open, archived, gone_at, "      \
	"warning, "                                                         \
	"files_id, files_open"

enum { LOAD, SAVE, STATEMENTS };

static struct stmt sql[] = {
    [LOAD] = {"SELECT title_sent, title_got, description_sent, "
	      "description_got, status + 0, state_id, state_type, "
	      "priority + 0, linear_priority, assigned_to, assignee_id, "
	      "linear_updated_at, linear_description, attachment_hash, "
	      "thread_id, thread_open, archived, gone_at, warning, "
	      "files_id, files_open FROM linear_base WHERE issue_id = ?"},
    [SAVE] = {"REPLACE INTO linear_base (issue_id, " COLUMNS ") VALUES (?, ?, "
	      "?, ?, ?, ?, ?, LEFT(?, 32), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	      "?, ?, ?)"},
};

const struct statements snapshot_statements = {sql, STATEMENTS};

static void
read_base(struct snapshot *b, struct rows *r)
{
	b->exists = true;
	b->title_sent = col_hash(r);
	b->title_received = col_hash(r);
	b->description_sent = col_hash(r);
	b->description_received = col_hash(r);
	b->status = (enum status)col_int(r);
	b->state_id = col_text(r);
	b->state_type = col_text(r);
	b->priority = (enum priority)col_int(r);
	b->linear_priority = (int)col_int(r);
	b->assigned_to = col_int(r);
	b->assignee_id = col_text(r);
	b->linear_updated_at = col_time(r);
	b->linear_description = col_text(r);
	b->link = col_hash(r);
	b->thread_id = col_text(r);
	b->thread_open = col_bool(r);
	b->archived = col_bool(r);
	b->gone_at = col_time(r);
	b->warning = col_text(r);
	b->files_id = col_text(r);
	b->files_open = col_bool(r);
}

enum err
snapshot_load(struct snapshot *out, struct ctx *c, int64_t issue_id)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[LOAD], ARGS(arg_int(issue_id)));

	if (e)
		return e;
	*out = (struct snapshot){.issue_id = issue_id,
				 .status = STATUS_OPEN,
				 .priority = PRIORITY_MEDIUM,
				 .state_id = "",
				 .state_type = ""};
	if (rows_next(&rows))
		read_base(out, &rows);
	return OK;
}

enum err
snapshot_save(struct ctx *c, const struct snapshot *b)
{
	return db_run(
	    c->db, &sql[SAVE],
	    ARGS(arg_int(b->issue_id), arg_hash(&b->title_sent),
		 arg_hash(&b->title_received), arg_hash(&b->description_sent),
		 arg_hash(&b->description_received), arg_int(b->status),
		 arg_text(b->state_id), arg_text(b->state_type),
		 arg_int(b->priority), arg_int(b->linear_priority),
		 arg_id(b->assigned_to), arg_text(b->assignee_id),
		 arg_time(b->linear_updated_at),
		 arg_text(b->linear_description), arg_hash(&b->link),
		 arg_text(b->thread_id), arg_int(b->thread_open),
		 arg_int(b->archived), arg_time(b->gone_at),
		 arg_text(b->warning), arg_text(b->files_id),
		 arg_int(b->files_open)));
}
