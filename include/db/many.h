#ifndef DB_MANY_H
#define DB_MANY_H

#include "db/db.h"

/* Statements about many rows, of which there may be any number. A table of
 * statements holds them for 1, 2, 4 … 64 rows; db_run_many() divides the rows
 * among them, so that 100 rows take three statements, and all of them stay
 * prepared. */

#define MANY_WIDTHS 7
#define MANY_MAX    64 /* rows of the widest one */

/* The entries of a table for `row`, a list of values in brackets, between two
 * parts of a statement: INSERT_MANY(ADD, "INSERT INTO x VALUES ", "(?, ?)", "")
 * fills sql[ADD] to sql[ADD + MANY_WIDTHS - 1]. */
#define MANY_2(row)  row ", " row
#define MANY_4(row)  MANY_2(row) ", " MANY_2(row)
#define MANY_8(row)  MANY_4(row) ", " MANY_4(row)
#define MANY_16(row) MANY_8(row) ", " MANY_8(row)
#define MANY_32(row) MANY_16(row) ", " MANY_16(row)
#define MANY_64(row) MANY_32(row) ", " MANY_32(row)

#define INSERT_MANY(at, before, row, after)                                 \
	[at] = {before row after}, [(at) + 1] = {before MANY_2(row) after}, \
	[(at) + 2] = {before MANY_4(row) after},                            \
	[(at) + 3] = {before MANY_8(row) after},                            \
	[(at) + 4] = {before MANY_16(row) after},                           \
	[(at) + 5] = {before MANY_32(row) after},                           \
	[(at) + 6] = {before MANY_64(row) after}

/* Runs them for the rows, whose arguments follow each other, `per_row` of each.
 * Inside a transaction. *first_id, unless it is NULL, is the id of the first
 * row that was inserted. Errors as db_run(). */
enum err db_run_many(int64_t *first_id, struct db *db, struct stmt *list,
		     const struct arg *args, size_t per_row,
		     size_t rows) MUST_CHECK;

#endif
