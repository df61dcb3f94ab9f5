#ifndef DB_MIGRATION_TEXT_H
#define DB_MIGRATION_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

/* What the statements of migrations say about themselves, and what the server
 * knows about their tables. */

/* Whether a migration consists of changes of rows that are not in batches. */
bool is_rows_only(const char *text);

/* Whether a statement may have to copy its table. */
bool is_copy(const char *statement);

/* The table whose ids a statement takes in batches, in the arena; NULL: it is
 * not in batches. */
const char *batch_table(struct arena *a, const char *statement);

/* The table that a statement works on, in the arena; "": unknown. */
const char *table_of(struct arena *a, const char *statement);

/* A statement in batches, with a range of ids in place of @first and @last. */
const char *fill_in_range(struct arena *a, const char *statement, int64_t first,
			  int64_t last);

/* The lowest and the highest id of a table; of an empty one 1 and 0. */
enum err find_id_range(int64_t *first, int64_t *last, struct ctx *c,
		       const char *table) MUST_CHECK;

/* How many rows a table has, as the server estimates it; 0: no such table. */
enum err estimate_rows(int64_t *out, struct ctx *c,
		       const char *table) MUST_CHECK;

#endif
