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

/* How many seconds tests wait for other processes: much longer than these need,
 * also on a slow and busy machine. */
#define AWAIT_S 60

/* Waits at most AWAIT_S seconds until the query gives `wanted`; returns what it
 * gave last. */
int64_t sql_await(int64_t wanted, const char *sql, const struct arg *args,
		  size_t n);

/* Waits until docket-sync has derived from all changes what follows from them:
 * search index, notifications, trend, jobs for Linear. */
void await_derived(void);

/* Calls `look` while we lock the issue's row, so that docket-sync cannot work
 * on the issue. Whatever has to be derived must have been. */
void while_locked(int64_t issue, void (*look)(void));

/* Makes the server close every idle connection but ours, as wait_timeout does.
 */
void close_idle_connections(void);

/* A short pause between two checks of something that others do. */
void rest(void);

#endif
