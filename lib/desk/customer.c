#include "desk/customer.h"

#include "base/address.h"
#include "db/db.h"
#include "db/statements.h"

enum { FIND, CREATE, STATEMENTS };

static struct stmt sql[] = {
    [FIND] =
	{"SELECT u.id FROM user u JOIN customer k ON k.user_id = u.id "
	 "AND k.organization_id = ? WHERE u.id = COALESCE(?, "
	 "(SELECT a.id FROM user a WHERE a.proved_email = ?)) AND u.is_active "
	 "AND EXISTS (SELECT 1 FROM profile p WHERE p.user_id = u.id "
	 "AND p.kind = 'customer' AND p.is_active)"},
    [CREATE] =
	{"INSERT INTO customer (user_id, organization_id, created_at) "
	 "VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)"},
};

const struct statements customer_statements = {sql, STATEMENTS};

enum err
customer_find(int64_t *user_id, struct ctx *c, int64_t organization_id,
	      int64_t id, const char *address)
{
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[FIND],
	    ARGS(arg_int(organization_id), arg_id(id),
		 arg_text(address ? address_key(c->arena, address) : NULL)));

	if (!e)
		*user_id = col_int(&rows);
	return e;
}

enum err
customer_create(int64_t *id, struct ctx *c, int64_t user_id,
		int64_t organization_id)
{
	enum err e = db_run(
	    c->db, &sql[CREATE],
	    ARGS(arg_int(user_id), arg_int(organization_id), arg_time(c->now)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}
