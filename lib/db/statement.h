#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

#include "connection.h"
#include "db/db.h"

/* Prepared statements on an open connection. Errors as connection_failed. */

/* Prepares it, unless that was done on this connection. */
enum err statement_prepare(struct connection *c, struct stmt *s) MUST_CHECK;

/* Prepares and runs it. The number of arguments is asserted. */
enum err statement_execute(struct connection *c, struct stmt *s,
			   const struct arg *args, size_t n) MUST_CHECK;

/* Reads all rows of the statement that was just executed into the arena. */
enum err statement_fetch(struct rows *out, struct connection *c, struct stmt *s,
			 struct arena *a) MUST_CHECK;

int64_t statement_affected_rows(const struct stmt *s);
int64_t statement_insert_id(const struct stmt *s);

/* Frees what was prepared. */
void statement_close(struct stmt *s);

#endif
