#include "admin/admin_security.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

enum { LIST, STATEMENTS };

static struct stmt sql[] = {
    [LIST] = {"SELECT " SECURITY_COLUMNS "WHERE (? IS NULL OR l.user_id = ?) "
	      "AND (? IS NULL OR l.organization_id = ?) "
	      "ORDER BY l.id DESC LIMIT ? OFFSET ?"},
};

const struct statements admin_security_statements = {sql, STATEMENTS};

enum err
admin_security_log(struct security_entry **out, size_t *n, struct ctx *c,
		   int64_t user_id, int64_t organization_id,
		   const struct list_page *page)
{
	const struct arg user = arg_id(user_id), org = arg_id(organization_id);
	struct security_entry *s;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[LIST],
			      ARGS(user, user, org, org, arg_int(page->limit),
				   arg_int(page->offset)));

	if (e)
		return e;
	*n = rows.count;
	*out = s = arena_alloc(c->arena, (rows.count + 1) * sizeof(*s));
	while (rows_next(&rows))
		security_log_read(s++, &rows);
	return OK;
}
