#include "db/many.h"

enum err
db_run_many(int64_t *first_id, struct db *db, struct stmt *list,
	    const struct arg *args, size_t per_row, size_t rows)
{
	enum err e = OK;

	for (size_t k = MANY_WIDTHS; !e && k-- > 0;)
		for (const size_t n = (size_t)1 << k; !e && rows >= n;
		     rows -= n) {
			e = db_run(db, &list[k], args, n * per_row);
			args += n * per_row;
			if (first_id && !e)
				*first_id = db_insert_id(db);
			first_id = NULL;
		}
	return e;
}
