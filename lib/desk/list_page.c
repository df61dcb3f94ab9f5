#include "desk/list_page.h"

#include "db/db.h"

enum err
list_count(int64_t *total, struct ctx *c, struct stmt *s,
	   const struct arg *args, size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, s, args, n);

	if (!e)
		*total = col_int(&rows);
	return e;
}
