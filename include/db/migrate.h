#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/* Brings a database to the schema of schema.sql, in which every statement takes
 * effect only where it is still needed. */

/* The next statement of an SQL script, in the arena, without its semicolon and
 * the comments around it. Moves *script past it. NULL at the end. Semicolons in
 * quotes and comments do not end a statement. */
const char *script_next(struct arena *a, const char **script);

/* Counts the tables of the database. */
enum err count_tables(size_t *n, struct ctx *c) MUST_CHECK;

struct migration {
	size_t statements;    /* statements that were run */
	size_t before, after; /* number of tables in the database */
};

/* Runs the script, statement by statement. Each takes effect at once (DDL does
 * not roll back), so that a second run continues where a first one was
 * interrupted. ERR_DB: db_error() has the server's message. */
enum err migrate(struct migration *out, struct ctx *c,
		 const char *script) MUST_CHECK;

/* Prepares every statement of the library, and counts them in *n. The server
 * refuses one that does not match the schema; *refused is then its text. */
enum err statements_check(const char **refused, size_t *n,
			  struct ctx *c) MUST_CHECK;

#endif
