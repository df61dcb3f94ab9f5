#include "history.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "hash.h"
#include "sync/pending_write.h"

enum { TIMES, HISTORY, STATEMENTS };

static struct stmt sql[] = {
    [TIMES] = {"SELECT field, MAX(created_at) FROM activity "
	       "WHERE issue_id = ? AND actor_kind <> 'linear' "
	       "GROUP BY field"},
    [HISTORY] = {"SELECT created_at, field LIKE 'conflict%', "
		 "actor_kind <> 'linear', old_value, new_value "
		 "FROM activity WHERE issue_id = ? AND field IN (?, "
		 "CONCAT('linear_', ?), CONCAT('conflict_', ?)) "
		 "ORDER BY id"},
};

const struct statements sync_history_statements = {sql, STATEMENTS};

enum err
field_change_times(usec_t out[SYNC_FIELD_MAX], struct ctx *c, int64_t issue_id)
{
	struct rows rows;
	const char *name;
	usec_t at;
	enum err e =
	    db_query(&rows, c->db, &sql[TIMES], ARGS(arg_int(issue_id)));

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
	enum err e = db_query(&rows, c->db, &sql[HISTORY],
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

static bool
is_among_names(const char *text, enum sync_field field,
	       const char *const *names)
{
	if (!text || !*names)
		return !text && !*names;
	for (; *names; names++)
		if (field == SYNC_DESCRIPTION ? texts_are_similar(text, *names)
					      : strcmp(text, *names) == 0)
			return true;
	return false;
}

bool
history_is_ours(const struct field_history *history, size_t n)
{
	bool ours = false;

	for (const struct field_history *p = history; p < history + n; p++)
		if (!p->is_conflict)
			ours = p->is_ours;
	return ours;
}

bool
history_knows(const struct field_history *history, size_t n,
	      enum sync_field field, const char *const *names, usec_t at)
{
	bool known = false;

	for (const struct field_history *p = history; p < history + n; p++) {
		const bool became = is_among_names(p->to, field, names);

		if (p->at >= at - PENDING_WRITE_MAX)
			known = known || became ||
				is_among_names(p->from, field, names);
		else if (!p->is_conflict)
			known = became; /* until the next change */
	}
	return known;
}
