#include "sync_fact.h"

#include "db.h"
#include "statements.h"

enum { GET, SET, CLEAR, STATEMENTS };

static struct stmt sql[] = {
    [GET] = {"SELECT value, until, updated_at FROM sync_fact WHERE name = ?"},
    [SET] = {"INSERT INTO sync_fact (name, value, until, updated_at) "
	     "VALUES (?, LEFT(?, 1000), ?, ?) ON DUPLICATE KEY UPDATE "
	     "value = VALUES(value), until = VALUES(until), "
	     "updated_at = VALUES(updated_at)"},
    [CLEAR] = {"DELETE FROM sync_fact WHERE name = ?"},
};

const struct statements sync_fact_statements = {sql, STATEMENTS};

static usec_t
col_time(struct rows *r)
{
	const char *text = col_text(r);
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return t;
}

enum err
fact_get(struct fact *out, struct ctx *c, const char *name)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[GET], ARGS(arg_text(name)));

	if (e)
		return e;
	*out = (struct fact){0};
	if (rows_next(&rows)) {
		out->value = col_text(&rows);
		out->until = col_time(&rows);
		out->updated_at = col_time(&rows);
	}
	return OK;
}

enum err
fact_set(struct ctx *c, const char *name, const char *value, usec_t until)
{
	return db_run(c->db, &sql[SET],
		      ARGS(arg_text(name), arg_text(value), arg_time(until),
			   arg_time(c->now)));
}

enum err
fact_clear(struct ctx *c, const char *name)
{
	return db_run(c->db, &sql[CLEAR], ARGS(arg_text(name)));
}

enum err
fact_check_limit(struct ctx *c)
{
	struct fact limit;
	enum err e = fact_get(&limit, c, FACT_LIMITED);

	if (e || !limit.value || limit.until <= c->now)
		return e;
	(void)fault_add(&c->faults, "linear",
			"Linear limits the number of requests.");
	return ERR_UPSTREAM;
}
