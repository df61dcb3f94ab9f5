#include "activity.h"

#include "arena.h"
#include "db.h"
#include "statements.h"

enum { ADD, LIST, STATEMENTS };

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO activity (organization_id, issue_id, actor_id, "
	     "actor_name, actor_kind, field, old_value, new_value, is_public, "
	     "created_at) VALUES (?, ?, ?, LEFT(?, 255), ?, ?, ?, ?, ?, ?)"},
    [LIST] = {"SELECT id, actor_id, actor_name, actor_kind + 0, field, "
	      "old_value, new_value, is_public, created_at FROM activity "
	      "WHERE issue_id = ? AND (organization_id = ? OR ? IS NULL) "
	      "AND id > ? AND (is_public OR ?) ORDER BY id LIMIT ?"},
};

const struct statements activity_statements = {sql, STATEMENTS};

enum err
activity_add(struct ctx *c, const struct actor *who, int64_t organization_id,
	     int64_t issue_id, const char *field, const char *old_value,
	     const char *new_value, bool is_public)
{
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_int(organization_id), arg_int(issue_id),
			   arg_id(who->user_id), arg_text(who->name),
			   arg_int(actor_author_kind(who)), arg_text(field),
			   arg_text(old_value), arg_text(new_value),
			   arg_int(is_public), arg_time(c->now)));
}

enum err
activity_list(struct activity **out, size_t *n, struct ctx *c,
	      const struct actor *who, int64_t issue_id, int64_t after,
	      int64_t limit)
{
	struct rows rows;
	struct activity *a;
	enum err e =
	    db_query(&rows, c->db, &sql[LIST],
		     ARGS(arg_int(issue_id), arg_id(who->organization_id),
			  arg_id(who->organization_id), arg_int(after),
			  arg_int(actor_is_staff(who)), arg_int(limit)));

	if (e)
		return e;
	*n = rows.count;
	*out = a = arena_alloc(c->arena, (rows.count + 1) * sizeof(*a));
	for (; rows_next(&rows); a++) {
		a->id = col_int(&rows);
		a->actor_id = col_int(&rows);
		a->actor_name = col_text(&rows);
		a->actor_kind = (enum author_kind)col_int(&rows);
		a->field = col_text(&rows);
		a->old_value = col_text(&rows);
		a->new_value = col_text(&rows);
		a->is_public = col_bool(&rows);
		a->created_at = col_text(&rows);
	}
	return OK;
}
