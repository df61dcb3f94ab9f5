/* The only writer of table issue. Each function writes one row or some columns
 * of it; what belongs to a change beside that (history, counters, outbox) is
 * issue_change.c's and issue_create.c's. */
#include "issue_store.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"

enum {
	CHOOSE_ID,
	NEW,
	CHANGE,
	DELETE,
	SHOW,
	ANSWER,
	LINK,
	LINEAR_ID,
	PENDING,
	ATTACHED,
	STATEMENTS
};

/* The columns and arguments of all fields, and of those that a change may
 * write, in the order of ISSUE_FIELDS. */
#define NEW_COLUMN(id, place, column, ...) #column ", "
#define NEW_VALUE(...)			   "?, "
#define SET_COLUMN_CUSTOMER(column)	   #column " = ?, "
#define SET_COLUMN_STAFF(column)	   #column " = ?, "
#define SET_COLUMN_DERIVED(column)	   #column " = ?, "
#define SET_COLUMN_NOBODY(column)
#define SET_COLUMN(id, place, column, kind, name, viewers, changers, ...) \
	SET_COLUMN_##changers(column)

static struct stmt sql[] = {
    [CHOOSE_ID] = {"SET insert_id = ?"},
    [NEW] = {"INSERT INTO issue (" ISSUE_FIELDS(
	NEW_COLUMN) "deleted_at) VALUES (" ISSUE_FIELDS(NEW_VALUE) "NULL)"},
    [CHANGE] = {"UPDATE issue SET " ISSUE_FIELDS(
	SET_COLUMN) "version = version + 1, updated_at = ? WHERE id = ? AND "
		    "organization_id = ?"},
    [DELETE] = {"UPDATE issue SET deleted_at = ?, version = version + 1, "
		"updated_at = ? WHERE id = ? AND organization_id = ?"},
    [SHOW] = {"UPDATE issue SET is_withdrawn = FALSE WHERE id = ? "
	      "AND organization_id = ?"},
    [ANSWER] = {"UPDATE issue SET first_answered_at = ? WHERE id = ?"},
    [LINK] = {"UPDATE issue SET linear_identifier = LEFT(?, 32), "
	      "linear_url = LEFT(?, 500), "
	      "linear_state = COALESCE(LEFT(?, 100), linear_state), "
	      "linear_team_id = ?, synced_to_linear = ?, sync_state = ?, "
	      "last_synced_at = COALESCE(?, last_synced_at) WHERE id = ?"},
    [LINEAR_ID] = {"UPDATE issue SET linear_id = ? WHERE id = ? "
		   "AND linear_id IS NULL"},
    [PENDING] = {"UPDATE issue SET sync_state = ? WHERE id = ?"},
    [ATTACHED] = {"UPDATE issue SET attachment_count = (SELECT COUNT(*) "
		  "FROM attachment a WHERE a.issue_id = issue.id "
		  "AND (a.deleted_at IS NULL OR a.sent_to_linear)) "
		  "WHERE id = ?"},
};

const struct statements issue_store_statements = {sql, STATEMENTS};

static struct arg
arg_time_text(const char *text)
{
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return arg_time(t);
}

#define ARGUMENT_INT(max)	 arg_int
#define ARGUMENT_ID		 arg_id
#define ARGUMENT_OBJECT		 arg_id
#define ARGUMENT_BOOL		 arg_int
#define ARGUMENT_CHOICE(x)	 arg_int
#define ARGUMENT_TIME		 arg_time_text
#define ARGUMENT_LINE(max)	 arg_text
#define ARGUMENT_TEXT(max)	 arg_text
#define ARGUMENT_BLANK_TEXT(max) arg_text
#define ARGUMENT(id, place, column, kind, ...) \
	ARGUMENT_##kind(i->ISSUE_MEMBER(place, column)),

/* A choice that was not made is the first one. */
static void
choose_first(struct issue *i)
{
#define FIRST_INT(max)	      LEAVE
#define FIRST_ID	      LEAVE
#define FIRST_OBJECT	      LEAVE
#define FIRST_BOOL	      LEAVE
#define FIRST_TIME	      LEAVE
#define FIRST_LINE(max)	      LEAVE
#define FIRST_TEXT(max)	      LEAVE
#define FIRST_BLANK_TEXT(max) LEAVE
#define FIRST_CHOICE(x)	      CHOOSE
#define LEAVE(member)
#define CHOOSE(member) \
	if (!(member)) \
		(member) = 1;
#define FIRST(id, place, column, kind, ...) \
	FIRST_##kind(i->ISSUE_MEMBER(place, column))
	ISSUE_FIELDS(FIRST)
}

static enum err
insert_row(struct ctx *c, const struct issue *i)
{
	const struct arg args[] = {ISSUE_FIELDS(ARGUMENT)};

	return db_run(c->db, &sql[NEW], args, ISSUE_FIELD_MAX);
}

enum err
issue_store_new(struct ctx *c, struct issue *i)
{
	enum err e;

	choose_first(i);
	e = i->id ? db_run(c->db, &sql[CHOOSE_ID], ARGS(arg_int(i->id))) : OK;
	if (!e)
		e = insert_row(c, i);
	if (!e)
		i->id = db_insert_id(c->db);
	return e;
}

enum err
issue_store_change(struct ctx *c, const struct issue *i)
{
	const struct arg all[] = {ISSUE_FIELDS(ARGUMENT)};
	struct arg args[ISSUE_FIELD_MAX + 3];
	size_t n = 0;

	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].changers != CHANGERS_NOBODY)
			args[n++] = all[id];
	args[n++] = arg_time(c->now);
	args[n++] = arg_int(i->id);
	args[n++] = arg_int(i->kind.organization_id);
	return db_run(c->db, &sql[CHANGE], args, n);
}

enum err
issue_store_deleted(struct ctx *c, const struct issue *i)
{
	return db_run(c->db, &sql[DELETE],
		      ARGS(arg_time(c->now), arg_time(c->now), arg_int(i->id),
			   arg_int(i->kind.organization_id)));
}

enum err
issue_store_shown(struct ctx *c, const struct issue *i)
{
	return db_run(c->db, &sql[SHOW],
		      ARGS(arg_int(i->id), arg_int(i->kind.organization_id)));
}

enum err
issue_store_answered(struct ctx *c, const struct issue *i, usec_t at)
{
	return db_run(c->db, &sql[ANSWER], ARGS(arg_time(at), arg_int(i->id)));
}

enum err
issue_store_link(struct ctx *c, int64_t id, const struct issue_link *link)
{
	return db_run(c->db, &sql[LINK],
		      ARGS(arg_text(link->identifier), arg_text(link->url),
			   arg_text(link->state_name), arg_text(link->team_id),
			   arg_int(link->synced), arg_int(link->state),
			   arg_time(link->touched ? c->now : 0), arg_int(id)));
}

enum err
issue_store_linear_id(struct ctx *c, int64_t id, const char *linear_id)
{
	enum err e = db_run(c->db, &sql[LINEAR_ID],
			    ARGS(arg_text(linear_id), arg_int(id)));

	return e ? e : count_changed_issue(c, id);
}

enum err
issue_store_pending(struct ctx *c, int64_t id)
{
	enum err e = db_run(c->db, &sql[PENDING],
			    ARGS(arg_int(SYNC_PENDING), arg_int(id)));

	return e ? e : count_changed_issue(c, id);
}

enum err
issue_store_attached(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[ATTACHED], ARGS(arg_int(id)));
}
