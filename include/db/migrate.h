#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct conf;

/* Brings a database to the schema of schema.sql, whose end says how migrations
 * are written. Programs of the version before keep running meanwhile. */

/* Counts the tables of the database. */
enum err count_tables(size_t *n, struct ctx *c) MUST_CHECK;

/* Counts the connections to the database that others have, as far as this user
 * may see them: at least its own. */
enum err count_other_connections(int64_t *n, struct ctx *c) MUST_CHECK;

struct migration {
	size_t statements;    /* statements that were run */
	size_t before, after; /* number of tables in the database */
	int64_t version;      /* the last migration of the script; 0: none */
};

/* Runs the definitions of a script, then each of its migrations that the
 * database does not have; a database without tables has them all afterwards.
 * Statements take effect one by one (DDL does not roll back), so that a second
 * run continues where a first one was interrupted. ERR_DB, ERR_AGAIN:
 * db_error() has the server's message. ERR_INVALID, with a fault: a large table
 * would have to be copied, and `may_copy` is not set. */
enum err migrate(struct migration *out, struct ctx *c, const char *script,
		 bool may_copy) MUST_CHECK;

/* One statement that migrate() would run on a database that exists. */
struct planned {
	int64_t version;   /* its migration */
	const char *name;  /* of the migration */
	const char *table; /* that it works on; "": unknown */
	const char *how; /* "instant", "in place", "batches", "copy", "once" */
	int64_t rows;	 /* that it reads, as the server estimates them */
	int64_t seconds; /* that it may take */
};

/* What migrate() would run, in its order; nothing for a database without
 * tables. Changes nothing. */
enum err migrate_plan(struct planned **out, size_t *n, struct ctx *c,
		      const char *script) MUST_CHECK;

/* Whether the database has a table of versions, and in it a migration. */
enum err has_versions(bool *out, struct ctx *c) MUST_CHECK;
enum err has_migration(bool *out, struct ctx *c, int64_t version) MUST_CHECK;

/* Checks that the database has the last migration that this program was built
 * with, or a later one. ERR_STALE: it is older. */
enum err schema_check(struct ctx *c) MUST_CHECK;

/* Whether the database is older, by a connection of its own; a database that
 * does not answer is not. */
bool schema_is_older(const struct conf *conf);

/* Waits as long as the database is older. Calls `say_so` if it has to wait. For
 * programs that serve, at their start. */
void schema_wait(const struct conf *conf, void (*say_so)(void));

/* Prepares every statement of the library, and counts them in *n. The server
 * refuses one that does not match the schema; *refused is then its text. */
enum err statements_check(const char **refused, size_t *n,
			  struct ctx *c) MUST_CHECK;

#endif
