#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct arena;
struct conf;

/* One connection to MariaDB or MySQL. It connects by itself, and again when
 * the server has closed it: outside of a transaction no statement fails because
 * the connection was idle. Statements are prepared on first use, once a
 * connection. Not for several threads. */
struct db;

/* A statement: its text, for ever, and what was prepared of it. Entities keep
 * theirs in one static table a file. */
struct stmt {
	const char *sql;
	bool changes_actors; /* what token_actor says of them
				(auth_generation.h) */
	void *handle;	     /* MYSQL_STMT */
	unsigned generation; /* of the connection it was prepared on */
};

/* Arguments are typed and bound; their number is asserted. */
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

/* All rows of a result, in the arena, read front to back:
 *   while (rows_next(&rows)) { id = col_int(&rows); name = col_text(&rows); }
 * Each col_ call takes the next column. Times read as the API's text. */
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

/* Never fails: the first statement connects. */
struct db *db_new(const struct conf *conf);
void db_free(struct db *db);

/* From now on a statement may take as long as it likes, instead of a minute:
 * what migrates millions of rows does. Not inside a transaction. */
void db_be_patient(struct db *db);

/* Where results go from now on; at the start of each unit of work. */
void db_attach(struct db *db, struct arena *a);

/* Runs a statement that gives rows. ERR_DB, ERR_AGAIN (see db_run). */
enum err db_query(struct rows *out, struct db *db, struct stmt *s,
		  const struct arg *args, size_t n) MUST_CHECK;

/* The same for exactly one row, already entered; none: ERR_NOTFOUND. */
enum err db_one(struct rows *out, struct db *db, struct stmt *s,
		const struct arg *args, size_t n) MUST_CHECK;

/* Whether a statement gives any row; none is no error here. */
enum err db_exists(bool *out, struct db *db, struct stmt *s,
		   const struct arg *args, size_t n) MUST_CHECK;

/* Runs a statement that gives none. ERR_CONFLICT for a duplicate key,
 * ERR_VALUE for one that does not fit its column, ERR_DB; ERR_AGAIN for a lost
 * race, outside of a transaction after it ran ten times. */
enum err db_run(struct db *db, struct stmt *s, const struct arg *args,
		size_t n) MUST_CHECK;

int64_t db_affected(const struct db *db);  /* rows changed by the last db_run */
int64_t db_insert_id(const struct db *db); /* that it made */

/* Runs body inside a transaction: commits when it returns OK, else rolls back.
 * After a lost race (deadlock, lock wait, certification), or when the server
 * takes no writes (failover), it rolls back and runs body again, up to ten
 * times: body must not do what cannot be undone. Returns what body did,
 * ERR_AGAIN when every run lost, or ERR_DB. Inside a transaction body is a part
 * of that one, which has to fail where it does. */
enum err db_transaction(struct db *db, enum err (*body)(void *arg),
			void *arg) MUST_CHECK;

/* Prepares the statement only: ERR_DB when the server refuses it. */
enum err db_check(struct db *db, struct stmt *s) MUST_CHECK;

/* Gives back what was prepared of a statement whose text is to go. */
void db_forget(struct stmt *s);

/* Runs the text of one statement without arguments: for schema.sql only. */
enum err db_script(struct db *db, const char *sql) MUST_CHECK;

/* How many statements were sent since db_attach, and the server's words about
 * the last one that failed ("" when none did). */
unsigned db_statements(const struct db *db);
const char *db_error(const struct db *db);

#endif
