#include "desk/customer.h"

#include "base/address.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/user.h"

enum { FIND, CREATE, LIST, COUNT, SEARCH, STATEMENTS };

#define COLUMNS                                              \
	"k.id, k.user_id, " SQL_FULL_NAME("u") ", u.email, " \
					       "u.is_active, k.created_at"
#define OF_ORGANIZATION "FROM customer k WHERE k.organization_id = ? "

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
    [LIST] = {"SELECT " COLUMNS " FROM customer k JOIN user u ON u.id = "
	      "k.user_id WHERE k.organization_id = ? "
	      "ORDER BY k.id DESC " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(OF_ORGANIZATION)},
    [SEARCH] =
	{"SELECT " SQL_DIRECTORY_COUNTED(COLUMNS) " FROM " SQL_DIRECTORY_WALK(
	    "'customer'") "JOIN customer k "
			  "ON k.id = w.entry_id JOIN user u ON u.id = "
			  "k.user_id "
			  "WHERE " SQL_DIRECTORY_FITS(
			      "'customer'") " AND k.organization_id = "
					    "?" SQL_DIRECTORY_PAGE},
};

const struct statements customer_statements = {sql, STATEMENTS};

enum err
customer_find(int64_t *user_id, struct ctx *c, int64_t organization_id,
	      int64_t id, const char *address)
{
	return db_number(
	    user_id, c->db, &sql[FIND],
	    ARGS(arg_int(organization_id), arg_id(id),
		 arg_text(address ? address_key(c->arena, address) : NULL)));
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

static enum err
read_customers(struct rows *rows, int64_t *total, struct ctx *c, int64_t org,
	       const struct list_page *page)
{
	struct directory_query q;
	bool has_words;
	enum err e;

	if (!page->search)
		return list_read(rows, total, c, &sql[COUNT], &sql[LIST], page,
				 ARGS(arg_int(org)));
	e = directory_query_read(&q, &has_words, c, DIRECTORY_CUSTOMER, org,
				 page->search);
	return e || !has_words
		   ? e
		   : directory_find(rows, total, c, &sql[SEARCH], org, &q, page,
				    ARGS(arg_int(org)));
}

enum err
customer_list(struct customer **out, size_t *n, int64_t *total, struct ctx *c,
	      const struct actor *who, const struct list_page *page)
{
	struct rows rows = {0};
	struct customer *k;
	enum err e;

	*total = 0;
	e = read_customers(&rows, total, c, who->organization_id, page);
	if (e)
		return e;
	*n = rows.count;
	*out = k = arena_alloc(c->arena, (rows.count + 1) * sizeof(*k));
	for (; rows_next(&rows); k++) {
		k->id = col_int(&rows);
		k->user_id = col_int(&rows);
		k->full_name = col_text(&rows);
		k->email = col_text(&rows);
		k->is_active = col_bool(&rows);
		k->created_at = col_text(&rows);
	}
	return OK;
}
