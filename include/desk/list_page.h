#ifndef DESK_LIST_PAGE_H
#define DESK_LIST_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* Which part of a list is read: `limit` rows after the first `offset` ones. */
struct list_page {
	int64_t limit, offset;
};

/* The end of a list's statement; takes the limit, then the offset. */
#define SQL_PAGE "LIMIT ? OFFSET ?"

/* Counts the rows of "FROM … WHERE … ", but stops at the last argument, so that
 * a long list costs no more than a short one. */
#define SQL_COUNT_CAPPED(rows) \
	"SELECT COUNT(*) FROM (SELECT 1 " rows "LIMIT ?) k"

struct arg;
struct stmt;

/* Runs a statement whose only row is a number. ERR_NOTFOUND: it has no row. */
enum err list_count(int64_t *total, struct ctx *c, struct stmt *s,
		    const struct arg *args, size_t n) MUST_CHECK;

#endif
