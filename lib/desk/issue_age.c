#include "desk/issue_age.h"

#include "db/db.h"
#include "db/statements.h"

/* The ids of a range. */
#define RANGE 256

/* A range is noted when so many later ones have begun: then the transactions
 * that inserted into it have ended. */
#define RANGES_BEHIND 32

#define RANGES_AT_ONCE 200

enum { ENDS, NOTE, END, NEWEST, STATEMENTS };

static struct stmt sql[] = {
    /* organization 0 has a row for each range that is noted */
    [ENDS] = {"SELECT COALESCE((SELECT MAX(id_range) + 1 FROM issue_age "
	      "WHERE organization_id = 0), 0), "
	      "COALESCE((SELECT MAX(id) FROM issue), 0)"},
    [NOTE] = {"INSERT IGNORE INTO issue_age (organization_id, id_range, "
	      "newest) SELECT m.organization_id, ?, GREATEST(m.newest, "
	      "COALESCE((SELECT p.newest FROM issue_age p "
	      "WHERE p.organization_id = m.organization_id "
	      "ORDER BY p.id_range DESC LIMIT 1), m.newest)) "
	      "FROM (SELECT organization_id, MAX(created_at) AS newest "
	      "FROM issue WHERE id BETWEEN ? AND ? "
	      "GROUP BY organization_id) m"},
    [END] = {"INSERT IGNORE INTO issue_age (organization_id, id_range, newest) "
	     "VALUES (0, ?, ?)"},
    [NEWEST] = {"SELECT (SELECT MAX(id_range) FROM issue_age "
		"WHERE organization_id = 0) >= ?, (SELECT newest "
		"FROM issue_age WHERE organization_id = ? AND id_range <= ? "
		"ORDER BY id_range DESC LIMIT 1)"},
};

const struct statements issue_age_statements = {sql, STATEMENTS};

static enum err
note_range(struct ctx *c, int64_t range)
{
	const int64_t first = range * RANGE;
	enum err e = db_run(
	    c->db, &sql[NOTE],
	    ARGS(arg_int(range), arg_int(first), arg_int(first + RANGE - 1)));

	return e ? e
		 : db_run(c->db, &sql[END],
			  ARGS(arg_int(range), arg_time(c->now)));
}

enum err
issue_age_note(bool *more, struct ctx *c)
{
	struct rows rows;
	int64_t next, end;
	enum err e = db_one(&rows, c->db, &sql[ENDS], NO_ARGS);

	*more = false;
	if (e)
		return e;
	next = col_int(&rows);
	end = col_int(&rows) / RANGE - RANGES_BEHIND;
	*more = end - next > RANGES_AT_ONCE;
	if (*more)
		end = next + RANGES_AT_ONCE;
	for (; !e && next < end; next++)
		e = note_range(c, next);
	return e;
}

enum err
issue_age_newest(usec_t *newest, bool *known, struct ctx *c,
		 int64_t organization_id, int64_t id)
{
	const struct arg range = arg_int(id / RANGE);
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[NEWEST],
			    ARGS(range, arg_int(organization_id), range));

	if (e)
		return e;
	*known = col_bool(&rows);
	*newest = col_time(&rows);
	return OK;
}
