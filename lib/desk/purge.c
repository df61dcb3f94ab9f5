#include "purge.h"

#include "db/db.h"

enum err
purge_batch(bool *more, struct ctx *c, struct stmt *s, const struct arg *args,
	    size_t n, int64_t batch)
{
	enum err e = db_run(c->db, s, args, n);

	if (!e && db_affected(c->db) == batch)
		*more = true;
	return e;
}
