#include "migration_text.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

#define RANGE	   "BETWEEN @first AND @last /* of "
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz_"

enum { ROWS, STATEMENTS };

static struct stmt sql[] = {
    [ROWS] = {"SELECT COALESCE(SUM(table_rows), 0) "
	      "FROM information_schema.tables "
	      "WHERE table_schema = DATABASE() AND table_name = ?"},
};

const struct statements migration_text_statements = {sql, STATEMENTS};

bool
is_rows_only(const char *text)
{
	return !strstr(text, "ALTER TABLE") && !strstr(text, RANGE);
}

bool
is_copy(const char *statement)
{
	return strstr(statement, "/* copies */") != NULL;
}

/* The name of a table that follows the words; NULL: they are not there. */
static const char *
name_after(struct arena *a, const char *statement, const char *words)
{
	const char *s = strstr(statement, words);

	if (!s)
		return NULL;
	s += strlen(words);
	return arena_memdup(a, s, strspn(s, NAME_CHARS));
}

const char *
batch_table(struct arena *a, const char *statement)
{
	return name_after(a, statement, RANGE);
}

const char *
table_of(struct arena *a, const char *statement)
{
	static const char *const words[] = {RANGE, "ALTER TABLE ", "INTO ",
					    "UPDATE "};
	const char *name = NULL;

	for (size_t i = 0; !name && i < sizeof(words) / sizeof(words[0]); i++)
		name = name_after(a, statement, words[i]);
	return name ? name : "";
}

const char *
fill_in_range(struct arena *a, const char *statement, int64_t first,
	      int64_t last)
{
	const char *range = strstr(statement, RANGE);

	return arena_printf(a, "%.*sBETWEEN %lld AND %lld /* of %s",
			    (int)(range - statement), statement,
			    (long long)first, (long long)last,
			    range + strlen(RANGE));
}

enum err
find_id_range(int64_t *first, int64_t *last, struct ctx *c, const char *table)
{
	struct stmt range = {.sql = arena_printf(c->arena,
						 "SELECT COALESCE(MIN(id), 1), "
						 "COALESCE(MAX(id), 0) FROM %s",
						 table)};
	struct rows rows;
	enum err e = db_one(&rows, c->db, &range, NO_ARGS);

	db_forget(&range);
	if (e)
		return e;
	*first = col_int(&rows);
	*last = col_int(&rows);
	return OK;
}

enum err
estimate_rows(int64_t *out, struct ctx *c, const char *table)
{
	return db_number(out, c->db, &sql[ROWS], ARGS(arg_text(table)));
}
