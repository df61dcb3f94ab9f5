#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/* Bringing a database to the schema of schema.sql, which says of everything
 * "if it is not there yet". */

/* The next statement of an SQL script, without its semicolon and the comments
 * around it, in the arena; *script moves behind it. NULL at the end.
 * Semicolons in quotes and comments end nothing. */
const char *script_next(struct arena *a, const char **script);

/* How many tables the database has. */
enum err count_tables(size_t *n, struct ctx *c) MUST_CHECK;

struct migration {
	size_t statements;    /* that were run */
	size_t before, after; /* tables in the database */
};

/* Runs the script, statement by statement; each is there for good at once
 * (DDL does not roll back), so that a second run goes on where a first one was
 * cut short. ERR_DB: db_error() says what the server minds. */
enum err migrate(struct migration *out, struct ctx *c,
		 const char *script) MUST_CHECK;

/* Has the server prepare every statement of the library: it refuses those that
 * the schema does not fit, and then *refused is its text. */
enum err statements_check(const char **refused, size_t *n,
			  struct ctx *c) MUST_CHECK;

#endif
