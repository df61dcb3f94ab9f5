/* The history of issues (activity.h): the only writer of table activity.
 * Entries hold texts of people; customers are only shown those that are still
 * present, and lists read them in the SQL below as staff or as customers may
 * see them. What follows from entries is derived by lib/events. */
#include "desk/activity.h"

#include <string.h>

#include "base/arena.h"
#include "db/many.h"
#include "db/statements.h"
#include "desk/outbox.h"
#include "issue_row.h"

/* A page ends when the texts of its entries have this size: a description may
 * have 80,000 bytes, and an entry holds both the old and the new one. */
#define PAGE_BYTES ((size_t)1024 * 1024)

enum {
	ADD,
	ADD_LAST = ADD + MANY_WIDTHS - 1,
	LIST_OF_ORGANIZATION,
	LIST_OF_RAISER,
	NEWEST_OF_ORGANIZATION,
	NEWEST_OF_RAISER,
	RENAME_ACTOR,
	RENAME_ASSIGNEE,
	FORGET_FILES,
	STATEMENTS
};

#define FIRST_ANSWER "first_answer"

#define LIST(old_value, new_value, joins, may_see, order)           \
	"SELECT a.id, a.actor_id, a.actor_name, a.actor_kind + 0, " \
	"a.field, " old_value ", " new_value ", a.is_public, "      \
	"a.created_at, a.by_mail FROM activity a " joins            \
	"WHERE a.issue_id = ? AND a.id > ? AND a.id < ? "           \
	"AND a.field <> '" FIRST_ANSWER "' AND " may_see            \
	" ORDER BY a.id" order " LIMIT ?"

/* What staff read, and what customers read. */
#define OF_ORGANIZATION(order) \
	LIST("a.old_value", "a.new_value", "", "a.organization_id = ?", order)
#define OF_RAISER(order)                                                      \
	LIST(NAME_BEFORE, PRESENT, TEXTS, ISSUE_OF_RAISER " AND a.is_public", \
	     order)

/* Where the present texts are. */
#define TEXTS                                         \
	"JOIN issue i ON i.id = a.issue_id "          \
	"LEFT JOIN comment m ON m.id = a.comment_id " \
	"AND m.deleted_at IS NULL AND NOT m.is_internal "

/* Fields whose values are names: of a status, a person and so on. All others
 * hold what people wrote. */
#define FIELD_WORD(name)       ", '" name "'"
#define FIELD_PROSE(name)      ""
#define FIELD_UNRECORDED(name) ""
#define NAME_FIELD(id, place, column, kind, name, viewers, changers, linear, \
		   history, export)                                          \
	FIELD_##history(name)
#define IS_NAME \
	"a.field IN ('created', 'withdrawn'" ISSUE_FIELDS(NAME_FIELD) ")"

/* A text of the issue, if it equals the present one byte for byte. */
#define PRESENT_WORD(name, column) ""
#define PRESENT_PROSE(name, column)                                    \
	"WHEN a.field = '" name "' AND CAST(a.new_value AS BINARY) = " \
	"CAST(i." column " AS BINARY) THEN i." column " "
#define PRESENT_UNRECORDED(name, column) ""
#define PRESENT_FIELD(id, place, column, kind, name, viewers, changers, \
		      linear, history, export)                          \
	PRESENT_##history(name, #column)

#define NAME_BEFORE "IF(" IS_NAME ", a.old_value, NULL)"
#define PRESENT              \
	"CASE WHEN " IS_NAME \
	" THEN a.new_value " ISSUE_FIELDS(PRESENT_FIELD) "ELSE m.content END"

static struct stmt sql[] = {
    INSERT_MANY(ADD,
		"INSERT INTO activity (organization_id, issue_id, actor_id, "
		"actor_name, actor_kind, field, old_value, new_value, "
		"is_public, created_at, comment_id, told_profile_id, by_mail, "
		"file_user_id) VALUES ",
		"(?, ?, ?, LEFT(?, 255), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ""),
    [LIST_OF_ORGANIZATION] = {OF_ORGANIZATION("")},
    [LIST_OF_RAISER] = {OF_RAISER("")},
    [NEWEST_OF_ORGANIZATION] = {OF_ORGANIZATION(" DESC")},
    [NEWEST_OF_RAISER] = {OF_RAISER(" DESC")},
    [RENAME_ACTOR] = {"UPDATE activity SET actor_name = ? "
		      "WHERE id > ? AND id <= ? AND actor_id = ?"},
    [RENAME_ASSIGNEE] =
	{"UPDATE activity a FORCE INDEX (PRIMARY) JOIN profile p ON p.user_id "
	 "= ? "
	 "AND p.organization_id = a.organization_id "
	 "JOIN erasure e ON e.user_id = p.user_id "
	 "SET a.old_value = IF(CAST(a.old_value AS BINARY) = "
	 "CAST(e.name AS BINARY), ?, a.old_value), "
	 "a.new_value = IF(CAST(a.new_value AS BINARY) = "
	 "CAST(e.name AS BINARY), ?, a.new_value) "
	 "WHERE a.id > ? AND a.id <= ? AND a.field = 'assigned_to'"},
    /* older entries do not say whose file it is, but who did it */
    [FORGET_FILES] = {"UPDATE activity SET old_value = NULL, new_value = NULL "
		      "WHERE id > ? AND id <= ? AND (file_user_id = ? "
		      "OR (actor_id = ? AND actor_kind = 'customer' AND field "
		      "IN ('attachment', 'attachment_removed')))"},
};

const struct statements activity_statements = {sql, STATEMENTS};

#define COLUMNS 14

/* New entries of one issue. */
struct entries {
	int64_t organization_id, issue_id, comment_id, file_user_id;
	const struct activity_change *list;
	size_t n;
};

static void
fill_entry(struct arg *a, struct ctx *c, const struct actor *who,
	   const struct entries *of, const struct activity_change *n)
{
	a[0] = arg_int(of->organization_id);
	a[1] = arg_int(of->issue_id);
	a[2] = arg_id(who->user_id);
	a[3] = arg_text(who->name);
	a[4] = arg_int(actor_author_kind(who));
	a[5] = arg_text(n->field);
	a[6] = arg_text(n->old_value);
	a[7] = arg_text(n->new_value);
	a[8] = arg_int(n->is_public);
	a[9] = arg_time(c->now);
	a[10] = arg_id(of->comment_id);
	a[11] = arg_id(n->told_profile_id);
	a[12] = arg_int(who->by_mail);
	a[13] = arg_id(of->file_user_id);
}

static enum err
add_entries(struct ctx *c, const struct actor *who, const struct entries *new)
{
	struct arg *args =
	    arena_alloc(c->arena, (new->n + 1) * COLUMNS * sizeof(*args));
	int64_t first;
	enum err e;

	if (!new->n)
		return OK;
	for (size_t i = 0; i < new->n; i++)
		fill_entry(&args[i * COLUMNS], c, who, new, &new->list[i]);
	e = db_run_many(&first, c->db, &sql[ADD], args, COLUMNS, new->n);
	return e ? e
		 : outbox_add(c, new->organization_id, new->issue_id, first);
}

enum err
activity_add_changes(struct ctx *c, const struct actor *who,
		     int64_t organization_id, int64_t issue_id,
		     const struct activity_change *list, size_t n)
{
	return add_entries(c, who,
			   &(struct entries){.organization_id = organization_id,
					     .issue_id = issue_id,
					     .list = list,
					     .n = n});
}

enum err
activity_add(struct ctx *c, const struct actor *who, int64_t organization_id,
	     int64_t issue_id, const char *field, const char *old_value,
	     const char *new_value, bool is_public)
{
	const struct activity_change change = {.field = field,
					       .old_value = old_value,
					       .new_value = new_value,
					       .is_public = is_public};

	return activity_add_changes(c, who, organization_id, issue_id, &change,
				    1);
}

enum err
activity_of_first_answer(struct ctx *c, const struct actor *who,
			 int64_t organization_id, int64_t issue_id,
			 const char *was, const char *is)
{
	return activity_add(c, who, organization_id, issue_id, FIRST_ANSWER,
			    was, is, false);
}

enum err
activity_of_comment(struct ctx *c, const struct actor *who,
		    int64_t organization_id, int64_t issue_id,
		    int64_t comment_id, const char *field,
		    const char *old_value, const char *new_value,
		    bool is_public)
{
	const struct activity_change change = {.field = field,
					       .old_value = old_value,
					       .new_value = new_value,
					       .is_public = is_public};

	return add_entries(c, who,
			   &(struct entries){.organization_id = organization_id,
					     .issue_id = issue_id,
					     .comment_id = comment_id,
					     .list = &change,
					     .n = 1});
}

enum err
activity_of_file(struct ctx *c, const struct actor *who,
		 const struct activity_file *f)
{
	const struct activity_change change = {
	    .field = f->field,
	    .old_value = f->is_gone ? f->filename : NULL,
	    .new_value = f->is_gone ? NULL : f->filename,
	    .is_public = f->is_public};

	return add_entries(
	    c, who,
	    &(struct entries){.organization_id = f->organization_id,
			      .issue_id = f->issue_id,
			      .file_user_id = f->customer,
			      .list = &change,
			      .n = 1});
}

static size_t
length_of(const char *s)
{
	return s ? strlen(s) : 0;
}

enum err
activity_list(struct activity **out, size_t *n, bool *more, struct ctx *c,
	      const struct actor *who, int64_t issue_id,
	      const struct activity_range *range)
{
	static const int statements[2][2] = {
	    {LIST_OF_ORGANIZATION, LIST_OF_RAISER},
	    {NEWEST_OF_ORGANIZATION, NEWEST_OF_RAISER}};
	const bool raiser = who->role == ROLE_CUSTOMER;
	size_t bytes = 0;
	struct rows rows;
	struct activity *a;
	enum err e = db_query(
	    &rows, c->db, &sql[statements[range->newest_first][raiser]],
	    ARGS(arg_int(issue_id), arg_int(range->after),
		 arg_int(range->before),
		 arg_int(raiser ? who->user_id : who->organization_id),
		 arg_int(range->limit)));

	if (e)
		return e;
	*out = a = arena_alloc(c->arena, (rows.count + 1) * sizeof(*a));
	for (; bytes < PAGE_BYTES && rows_next(&rows); a++) {
		a->id = col_int(&rows);
		a->actor_id = col_int(&rows);
		a->actor_name = col_text(&rows);
		a->actor_kind = (enum author_kind)col_int(&rows);
		a->field = col_text(&rows);
		a->old_value = col_text(&rows);
		a->new_value = col_text(&rows);
		a->is_public = col_bool(&rows);
		a->created_at = col_text(&rows);
		a->by_mail = col_bool(&rows);
		bytes += length_of(a->old_value) + length_of(a->new_value);
	}
	*n = (size_t)(a - *out);
	*more = *n < rows.count || rows.count == (size_t)range->limit;
	return OK;
}

enum err
activity_rename_actor(struct ctx *c, int64_t user_id, const char *name,
		      int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME_ACTOR],
		      ARGS(arg_text(name), arg_int(behind), arg_int(to),
			   arg_int(user_id)));
}

enum err
activity_rename_assignee(struct ctx *c, int64_t user_id, const char *name,
			 int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME_ASSIGNEE],
		      ARGS(arg_int(user_id), arg_text(name), arg_text(name),
			   arg_int(behind), arg_int(to)));
}

enum err
activity_forget_files(struct ctx *c, int64_t user_id, int64_t behind,
		      int64_t to)
{
	return db_run(c->db, &sql[FORGET_FILES],
		      ARGS(arg_int(behind), arg_int(to), arg_int(user_id),
			   arg_int(user_id)));
}
