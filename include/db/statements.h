#ifndef DB_STATEMENTS_H
#define DB_STATEMENTS_H

#include <stddef.h>

struct stmt;

/* The SQL statements of one file. A test and `docketctl check` prepare them all
 * to see whether they match the schema. */
struct statements {
	struct stmt *table;
	size_t n;
};

/* The statements of every file, ended by NULL. */
extern const struct statements *const all_statements[];

#endif
