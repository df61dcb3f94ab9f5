#ifndef DB_STATEMENTS_H
#define DB_STATEMENTS_H

#include <stddef.h>

struct stmt;

/* The SQL of one file, so that a test and `docketctl check` can have the
 * server prepare all there is. */
struct statements {
	struct stmt *table;
	size_t n;
};

/* Every file's, ended by NULL. */
extern const struct statements *const all_statements[];

#endif
