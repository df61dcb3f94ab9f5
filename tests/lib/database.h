#ifndef TEST_DATABASE_H
#define TEST_DATABASE_H

#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

/* Direct access to the database of the instance. A failed statement fails the
 * test. */

/* The first column of the first row; 0 or NULL when there is no row. */
int64_t sql_int(const char *sql, const struct arg *args, size_t n);
const char *sql_text(const char *sql, const struct arg *args, size_t n);
void sql_run(const char *sql, const struct arg *args, size_t n);

/* A digest of everything that the organization owns, except the security log,
 * and of the number of users and organizations. */
int64_t database_digest(int64_t org);

/* Waits at most that long until the query gives `wanted`; returns what it gave
 * last. */
int64_t sql_await(int seconds, int64_t wanted, const char *sql,
		  const struct arg *args, size_t n);

/* Waits until docket-sync has derived from all changes what follows from them:
 * search index, notifications, trend, jobs for Linear. */
void await_derived(void);

/* Makes the server close every idle connection but ours, as wait_timeout does.
 */
void close_idle_connections(void);

/* A short pause between two checks of something that others do. */
void rest(void);

#endif
