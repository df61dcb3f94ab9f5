#ifndef DESK_LIST_PAGE_H
#define DESK_LIST_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* Which part of a list is read: `limit` rows after the first `offset` ones; in
 * lists that can be searched, of those that have all words of `search` (by
 * their beginnings; NULL: of all). */
struct list_page {
	int64_t limit, offset;
	const char *search;
};

/* The end of a list's statement; takes the limit, then the offset. */
#define SQL_PAGE "LIMIT ? OFFSET ?"

/* Counts the rows of "FROM … WHERE … ", but stops at the last argument, so that
 * a long list costs no more than a short one. */
#define SQL_COUNT_CAPPED(rows) \
	"SELECT COUNT(*) FROM (SELECT 1 " rows "LIMIT ?) k"

struct arg;
struct rows;
struct stmt;

/* Reads a page of a list, and counts all of it: runs `count`, which ends with
 * SQL_COUNT_CAPPED, and `list`, which ends with SQL_PAGE, with these arguments
 * (at most LIST_ARGS_MAX) and their own. */
#define LIST_ARGS_MAX 16
enum err list_read(struct rows *rows, int64_t *total, struct ctx *c,
		   struct stmt *count, struct stmt *list,
		   const struct list_page *page, const struct arg *args,
		   size_t n) MUST_CHECK;

#endif
