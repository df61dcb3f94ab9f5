#include "db/shared_state.h"

#include <string.h>

#include "db/db.h"
#include "db/statements.h"

enum { GET, SET, EXTEND, CLEAR, RENEW, MAKE, SET_ONCE, LOCK, STATEMENTS };

static struct stmt sql[] = {
    [GET] = {"SELECT value, until, updated_at FROM sync_fact WHERE name = ?"},
    [SET] = {"INSERT INTO sync_fact (name, value, until, updated_at) "
	     "VALUES (?, LEFT(?, 1000), ?, ?) ON DUPLICATE KEY UPDATE "
	     "value = VALUES(value), until = VALUES(until), "
	     "updated_at = VALUES(updated_at)"},
    /* the value with the later `until` wins; assignments run from left to
     * right, so `until` is compared before it changes */
    [EXTEND] = {"INSERT INTO sync_fact (name, value, until, updated_at) "
		"VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
		"value = IF(until > VALUES(until), value, VALUES(value)), "
		"updated_at = IF(until > VALUES(until), updated_at, "
		"VALUES(updated_at)), "
		"until = IF(until > VALUES(until), until, VALUES(until))"},
    [CLEAR] = {"DELETE FROM sync_fact WHERE name = ?"},
    [RENEW] = {"UPDATE sync_fact SET updated_at = ? WHERE name = ? "
	       "AND (updated_at <= ? OR updated_at > ?)"},
    [MAKE] = {"INSERT IGNORE INTO sync_fact (name, value, updated_at) "
	      "VALUES (?, '', ?)"},
    [SET_ONCE] = {"INSERT INTO sync_fact (name, value, updated_at) "
		  "VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
		  "name = sync_fact.name"},
    [LOCK] = {"SELECT 1 FROM sync_fact WHERE name = ? "
	      "FOR UPDATE SKIP LOCKED"},
};

const struct statements sync_fact_statements = {sql, STATEMENTS};

enum err
shared_state_get(struct shared_state *out, struct ctx *c, const char *name)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[GET], ARGS(arg_text(name)));

	if (e)
		return e;
	*out = (struct shared_state){0};
	if (rows_next(&rows)) {
		out->value = col_text(&rows);
		out->until = col_time(&rows);
		out->updated_at = col_time(&rows);
	}
	return OK;
}

enum err
shared_state_set_at(struct ctx *c, const char *name, const char *value,
		    usec_t until, usec_t at)
{
	return db_run(c->db, &sql[SET],
		      ARGS(arg_text(name), arg_text(value), arg_time(until),
			   arg_time(at)));
}

enum err
shared_state_set(struct ctx *c, const char *name, const char *value,
		 usec_t until)
{
	return shared_state_set_at(c, name, value, until, c->now);
}

enum err
shared_state_clear(struct ctx *c, const char *name)
{
	return db_run(c->db, &sql[CLEAR], ARGS(arg_text(name)));
}

enum err
shared_state_claim(bool *ours, struct ctx *c, const char *name, usec_t before)
{
	enum err e =
	    db_run(c->db, &sql[RENEW],
		   ARGS(arg_time(c->now), arg_text(name), arg_time(before),
			arg_time(c->now + CLOCKS_DIFFER_MAX)));

	*ours = !e && db_affected(c->db) > 0;
	if (e || *ours)
		return e;
	e = db_run(c->db, &sql[MAKE], ARGS(arg_text(name), arg_time(c->now)));
	*ours = !e && db_affected(c->db) > 0;
	return e;
}

enum err
shared_state_extend(struct ctx *c, const char *name, const char *value,
		    usec_t until)
{
	return db_run(c->db, &sql[EXTEND],
		      ARGS(arg_text(name), arg_text(value), arg_time(until),
			   arg_time(c->now)));
}

enum err
shared_state_set_once(const char **out, struct ctx *c, const char *name,
		      const char *value)
{
	struct shared_state state;
	enum err e =
	    db_run(c->db, &sql[SET_ONCE],
		   ARGS(arg_text(name), arg_text(value), arg_time(c->now)));

	if (!e)
		e = shared_state_get(&state, c, name);
	if (!e)
		*out = state.value;
	return e;
}

enum err
shared_state_lock(bool *locked, struct ctx *c, const char *name)
{
	struct shared_state state;
	enum err e = db_exists(locked, c->db, &sql[LOCK], ARGS(arg_text(name)));

	if (e || *locked)
		return e;
	e = shared_state_get(&state, c, name);
	if (e || state.value)
		return e;
	e = db_run(c->db, &sql[SET_ONCE],
		   ARGS(arg_text(name), arg_text(""), arg_time(c->now)));
	*locked = !e;
	return e;
}
