#include "db/auto_increment.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

enum { TABLES_WITH_IDS, STATEMENTS };

static struct stmt sql[] = {
    [TABLES_WITH_IDS] = {"SELECT table_name, column_name "
			 "FROM information_schema.columns "
			 "WHERE table_schema = DATABASE() "
			 "AND extra LIKE '%auto_increment%' "
			 "ORDER BY table_name"},
};

const struct statements auto_increment_statements = {sql, STATEMENTS};

static enum err
highest_of_table(int64_t *id, struct ctx *c, const char *table,
		 const char *column)
{
	struct stmt highest = {.sql = arena_printf(c->arena,
						   "SELECT MAX(`%s`) FROM `%s`",
						   column, table)};
	enum err e = db_number(id, c->db, &highest, NO_ARGS);

	db_forget(&highest);
	return e;
}

enum err
auto_increment_highest(int64_t *id, struct ctx *c)
{
	struct rows tables;
	enum err e = db_query(&tables, c->db, &sql[TABLES_WITH_IDS], NO_ARGS);

	*id = 0;
	while (!e && rows_next(&tables)) {
		const char *table = col_text(&tables);
		int64_t highest = 0;

		e = highest_of_table(&highest, c, table, col_text(&tables));
		if (highest > *id)
			*id = highest;
	}
	return e;
}

enum err
auto_increment_skip(struct ctx *c, int64_t last)
{
	struct rows tables;
	enum err e = db_query(&tables, c->db, &sql[TABLES_WITH_IDS], NO_ARGS);

	/* the server leaves a table that is further as it is */
	while (!e && rows_next(&tables))
		e = db_script(c->db,
			      arena_printf(c->arena,
					   "ALTER TABLE `%s` AUTO_INCREMENT = "
					   "%lld",
					   col_text(&tables),
					   (long long)last + 1));
	return e;
}
