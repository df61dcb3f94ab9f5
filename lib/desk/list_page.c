#include "desk/list_page.h"

#include <assert.h>
#include <string.h>

#include "db/db.h"
#include "desk/issue.h"

enum err
list_read(struct rows *rows, int64_t *total, struct ctx *c, struct stmt *count,
	  struct stmt *list, const struct list_page *page,
	  const struct arg *args, size_t n)
{
	struct arg all[LIST_ARGS_MAX + 2];
	enum err e;

	assert(n <= LIST_ARGS_MAX);
	memcpy(all, args, n * sizeof(*args));
	all[n] = arg_int(COUNT_CAP);
	e = db_number(total, c->db, count, all, n + 1);
	all[n] = arg_int(page->limit);
	all[n + 1] = arg_int(page->offset);
	return e ? e : db_query(rows, c->db, list, all, n + 2);
}
