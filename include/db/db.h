#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct arena;
struct conf;

/* One connection to MariaDB or MySQL. It connects by itself, and again when the
 * server has closed it: outside a transaction no statement fails because the
 * connection was idle. Statements are prepared on their first use on a
 * connection. Not thread-safe. */
struct db;

/* A statement: its text, which must outlive it, and the prepared form. Each
 * file keeps its statements in one static table. */
struct stmt {
	const char *sql;
	bool changes_actors; /* changes what token_actor returns: users,
			      * profiles or tokens (see auth_generation.h) */
	void *handle;	     /* MYSQL_STMT of the client library */
	unsigned generation; /* number of the connection it was prepared on */
};

/* Arguments of a statement. Their number is asserted. */
enum arg_type { ARG_NULL, ARG_INT, ARG_TEXT, ARG_TIME };

struct arg {
	enum arg_type type;
	int64_t i;
	const char *s;
	size_t n;
};

struct arg arg_int(int64_t v);
struct arg arg_id(int64_t v);		       /* 0: NULL */
struct arg arg_text(const char *s);	       /* NULL: NULL */
struct arg arg_bytes(const void *p, size_t n); /* p NULL: NULL */
struct arg arg_time(usec_t t);		       /* 0: NULL */

/* db_run(db, &sql[X], ARGS(arg_id(a), arg_text(b))) */
#define ARGS(...)                          \
	(const struct arg[]){__VA_ARGS__}, \
	    sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)
#define NO_ARGS NULL, 0

/* All rows of a result, in the arena, read from front to back:
 *   while (rows_next(&rows)) { id = col_int(&rows); name = col_text(&rows); }
 * Each col_ call reads the next column. col_text reads a time in the API's
 * form, col_time as a number. */
struct rows {
	const struct cell *cells;
	size_t count, columns;
	size_t next_row, next_column;
};

bool rows_next(struct rows *r);
int64_t col_int(struct rows *r); /* NULL: 0 */
bool col_bool(struct rows *r);
const char *col_text(struct rows *r); /* NULL: NULL */
const char *col_bytes(struct rows *r, size_t *n);
usec_t col_time(struct rows *r); /* NULL: 0 */

/* Never fails: the first statement connects. */
struct db *db_new(const struct conf *conf);
void db_free(struct db *db);

/* Removes the time limit of statements, which is a minute, or sets it again:
 * migrations of millions of rows take longer. Not inside a transaction. */
void db_be_patient(struct db *db, bool patient);

/* Sets the arena for results. Call at the start of each unit of work. */
void db_attach(struct db *db, struct arena *a);

/* Changes it within a unit of work, for results that are needed for a moment;
 * returns the one before, which has to be set again. */
struct arena *db_use_arena(struct db *db, struct arena *a);

/* Runs a statement that returns rows. ERR_DB, ERR_AGAIN (see db_run). */
enum err db_query(struct rows *out, struct db *db, struct stmt *s,
		  const struct arg *args, size_t n) MUST_CHECK;

/* The same for one row, which is already current. ERR_NOTFOUND: no row. */
enum err db_one(struct rows *out, struct db *db, struct stmt *s,
		const struct arg *args, size_t n) MUST_CHECK;

/* The number in the only column of the only row. ERR_NOTFOUND: no row. */
enum err db_number(int64_t *out, struct db *db, struct stmt *s,
		   const struct arg *args, size_t n) MUST_CHECK;

/* Whether a statement returns any row; no row is not an error here. */
enum err db_exists(bool *out, struct db *db, struct stmt *s,
		   const struct arg *args, size_t n) MUST_CHECK;

/* Runs a statement that returns no rows. ERR_CONFLICT: a duplicate key.
 * ERR_VALUE: a value that does not fit its column. ERR_AGAIN: a lost race;
 * outside a transaction, only after ten attempts. */
enum err db_run(struct db *db, struct stmt *s, const struct arg *args,
		size_t n) MUST_CHECK;

int64_t db_affected(const struct db *db);  /* rows matched by the last db_run */
int64_t db_insert_id(const struct db *db); /* id of the row it inserted */

/* Runs body inside a transaction; commits if it returns OK, else rolls back.
 * After a lost race (deadlock, lock wait, certification), or if the server
 * accepts no writes (failover), it rolls back and runs body again, up to ten
 * times, so body must have no effect outside the database. Returns what body
 * returned, ERR_AGAIN if every attempt lost, or ERR_DB. Inside a transaction,
 * body becomes part of it, and the caller must pass its error on. */
enum err db_transaction(struct db *db, enum err (*body)(void *arg),
			void *arg) MUST_CHECK;

/* The number of transactions begun so far, those that ran again included: what
 * was written under another number may have been rolled back. */
unsigned long db_transactions(const struct db *db);

/* Only prepares the statement. ERR_DB: the server refuses it. */
enum err db_check(struct db *db, struct stmt *s) MUST_CHECK;

/* Frees the prepared form of a statement whose text is about to be freed. */
void db_forget(struct stmt *s);

/* Runs the text of one statement without arguments. For schema.sql and
 * provision.h only. */
enum err db_script(struct db *db, const char *sql) MUST_CHECK;

/* Whether the last error was that a column or key to add exists already, or one
 * to drop does not. */
bool db_was_made(const struct db *db);

/* The number of statements sent since db_attach, and the server's message about
 * the last one that failed ("": none did). */
unsigned db_statements(const struct db *db);
const char *db_error(const struct db *db);

#endif
