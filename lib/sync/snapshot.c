#include "sync/snapshot.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"

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
	"attachment_hash, thread_id, thread_open, archived, gone_at, warning"

enum {
	LOAD,
	SAVE,
	FLIGHTS,
	FLIGHT_BEGIN,
	FLIGHT_END,
	FLIGHT_DROP,
	FLIGHT_PURGE,
	PART_TIMES,
	PART_HISTORY,
	PROFILE_BY_EMAIL,
	PROFILE_EMAIL,
	PROFILE_NAME,
	STATEMENTS
};

static struct stmt sql[] = {
    [LOAD] = {"SELECT title_sent, title_got, description_sent, "
	      "description_got, status + 0, state_id, state_type, "
	      "priority + 0, linear_priority, assigned_to, assignee_id, "
	      "linear_updated_at, linear_description, attachment_hash, "
	      "thread_id, thread_open, archived, gone_at, warning "
	      "FROM linear_base WHERE issue_id = ?"},
    [SAVE] = {"REPLACE INTO linear_base (issue_id, " COLUMNS ") VALUES (?, ?, "
	      "?, ?, ?, ?, ?, LEFT(?, 32), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	      "?)"},
    [FLIGHTS] = {"SELECT field + 0, hash, sent_at FROM linear_flight "
		 "WHERE issue_id = ?"},
    [FLIGHT_BEGIN] = {"INSERT IGNORE INTO linear_flight (issue_id, field, "
		      "hash, sent_at) VALUES (?, ?, ?, ?)"},
    [FLIGHT_END] = {"DELETE FROM linear_flight WHERE issue_id = ? "
		    "AND sent_at = ?"},
    [FLIGHT_DROP] = {"DELETE FROM linear_flight WHERE issue_id = ? "
		     "AND field = ? AND hash = ? AND sent_at = ?"},
    [FLIGHT_PURGE] = {"DELETE FROM linear_flight WHERE sent_at < ?"},
    [PART_TIMES] = {"SELECT field, MAX(created_at) FROM activity "
		    "WHERE issue_id = ? AND actor_kind <> 'linear' "
		    "GROUP BY field"},
    [PART_HISTORY] = {"SELECT created_at, field LIKE 'conflict%', "
		      "actor_kind <> 'linear', old_value, new_value "
		      "FROM activity WHERE issue_id = ? AND field IN (?, "
		      "CONCAT('linear_', ?), CONCAT('conflict_', ?)) "
		      "ORDER BY id"},
    [PROFILE_BY_EMAIL] = {"SELECT p.id FROM profile p "
			  "JOIN user u ON u.id = p.user_id "
			  "WHERE u.proved_email = ? AND p.organization_id = ? "
			  "AND p.kind <> 'customer' AND p.is_active "
			  "AND u.is_active"},
    [PROFILE_EMAIL] = {"SELECT u.email FROM profile p "
		       "JOIN user u ON u.id = p.user_id WHERE p.id = ?"},
    [PROFILE_NAME] = {"SELECT " SQL_FULL_NAME(
	"u") " FROM profile p "
	     "JOIN user u ON u.id = p.user_id WHERE p.id = ?"},
};

const struct statements snapshot_statements = {sql, STATEMENTS};

static struct hash
col_hash(struct rows *r)
{
	struct hash h = {{0}};
	size_t n;
	const char *p = col_bytes(r, &n);

	if (p && n == sizeof(h.bytes))
		memcpy(h.bytes, p, n);
	return h;
}

static struct arg
arg_hash(const struct hash *h)
{
	return arg_bytes(h->bytes, sizeof(h->bytes));
}

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
		 arg_text(b->warning)));
}

enum err
pending_write_list(struct pending_write **out, size_t *n, struct ctx *c,
		   int64_t issue_id)
{
	struct rows rows;
	struct pending_write *f;
	enum err e =
	    db_query(&rows, c->db, &sql[FLIGHTS], ARGS(arg_int(issue_id)));

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

enum err
pending_write_begin(struct ctx *c, int64_t issue_id,
		    const struct pending_write *f)
{
	return db_run(c->db, &sql[FLIGHT_BEGIN],
		      ARGS(arg_int(issue_id), arg_int(f->field),
			   arg_hash(&f->hash), arg_time(c->now)));
}

enum err
pending_write_end(struct ctx *c, int64_t issue_id, usec_t sent_at)
{
	return db_run(c->db, &sql[FLIGHT_END],
		      ARGS(arg_int(issue_id), arg_time(sent_at)));
}

enum err
pending_write_delete(struct ctx *c, int64_t issue_id,
		     const struct pending_write *f)
{
	return db_run(c->db, &sql[FLIGHT_DROP],
		      ARGS(arg_int(issue_id), arg_int(f->field),
			   arg_hash(&f->hash), arg_time(f->sent_at)));
}

enum err
pending_write_purge(struct ctx *c, usec_t before)
{
	return db_run(c->db, &sql[FLIGHT_PURGE], ARGS(arg_time(before)));
}

enum err
field_change_times(usec_t out[SYNC_FIELD_MAX], struct ctx *c, int64_t issue_id)
{
	struct rows rows;
	const char *name;
	usec_t at;
	enum err e =
	    db_query(&rows, c->db, &sql[PART_TIMES], ARGS(arg_int(issue_id)));

	if (e)
		return e;
	memset(out, 0, SYNC_FIELD_MAX * sizeof(*out));
	while (rows_next(&rows)) {
		name = col_text(&rows);
		at = col_time(&rows);
		for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
			if (strcmp(name, sync_field_names[p]) == 0)
				out[p] = at;
	}
	return OK;
}

enum err
field_history_load(struct field_history **out, size_t *n, struct ctx *c,
		   int64_t issue_id, enum sync_field field)
{
	const struct arg name = arg_text(sync_field_names[field]);
	struct rows rows;
	struct field_history *p;
	enum err e = db_query(&rows, c->db, &sql[PART_HISTORY],
			      ARGS(arg_int(issue_id), name, name, name));

	if (e)
		return e;
	*n = rows.count;
	*out = p = arena_alloc(c->arena, (rows.count + 1) * sizeof(*p));
	for (; rows_next(&rows); p++) {
		p->at = col_time(&rows);
		p->is_conflict = col_bool(&rows);
		p->is_ours = col_bool(&rows);
		p->from = col_text(&rows);
		p->to = col_text(&rows);
	}
	return OK;
}

enum err
profile_by_email(int64_t *out, struct ctx *c, int64_t organization_id,
		 const char *email)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[PROFILE_BY_EMAIL],
			    ARGS(arg_text(account_key(c->arena, email)),
				 arg_int(organization_id)));

	if (e && e != ERR_NOTFOUND)
		return e;
	*out = e ? 0 : col_int(&rows);
	return OK;
}

/* One text about a profile. */
static enum err
profile_text(const char **out, struct ctx *c, int64_t profile_id,
	     struct stmt *which)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, which, ARGS(arg_int(profile_id)));

	if (e && e != ERR_NOTFOUND)
		return e;
	*out = e ? NULL : col_text(&rows);
	return OK;
}

enum err
profile_email(const char **out, struct ctx *c, int64_t profile_id)
{
	return profile_text(out, c, profile_id, &sql[PROFILE_EMAIL]);
}

enum err
profile_name(const char **out, struct ctx *c, int64_t profile_id)
{
	return profile_text(out, c, profile_id, &sql[PROFILE_NAME]);
}
