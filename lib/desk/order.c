#include "desk/order.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/organization.h"
#include "desk/supplier.h"
#include "desk/user.h"

enum {
	LIST_OF_ORGANIZATION,
	COUNT_OF_ORGANIZATION,
	LIST_OF_BUYER,
	COUNT_OF_BUYER,
	CREATE,
	STATEMENTS
};

#define COLUMNS                                                            \
	"SELECT b.id, b.organization_id, b.user_id, " SQL_FULL_NAME(       \
	    "u") ", b.vendor_id, v.name,"                                  \
		 " b.order_number, b.title, b.created_at FROM purchase b " \
		 "JOIN user u ON u.id = b.user_id "                        \
		 "LEFT JOIN vendor v ON v.id = b.vendor_id "

#define OF_ORGANIZATION "b.organization_id = ? "
#define OF_BUYER	"b.user_id = ? AND (? IS NULL OR b.organization_id = ?) "
#define NEWEST_FIRST	"ORDER BY b.id DESC " SQL_PAGE

static struct stmt sql[] = {
    [LIST_OF_ORGANIZATION] = {COLUMNS "WHERE " OF_ORGANIZATION NEWEST_FIRST},
    [COUNT_OF_ORGANIZATION] = {SQL_COUNT_CAPPED(
	"FROM purchase b WHERE " OF_ORGANIZATION)},
    [LIST_OF_BUYER] = {COLUMNS "WHERE " OF_BUYER NEWEST_FIRST},
    [COUNT_OF_BUYER] = {SQL_COUNT_CAPPED("FROM purchase b WHERE " OF_BUYER)},
    [CREATE] = {"INSERT INTO purchase (organization_id, user_id, "
		"vendor_id, order_number, title, created_at) "
		"VALUES (?, ?, ?, ?, ?, ?)"},
};

const struct statements order_statements = {sql, STATEMENTS};

static void
read_order(struct order *o, struct rows *r)
{
	o->id = col_int(r);
	o->organization_id = col_int(r);
	o->user_id = col_int(r);
	o->user_name = col_text(r);
	o->supplier_id = col_int(r);
	o->supplier_name = col_text(r);
	o->number = col_text(r);
	o->title = col_text(r);
	o->created_at = col_text(r);
}

enum err
order_list(struct order **out, size_t *n, int64_t *total, struct ctx *c,
	   const struct actor *who, int64_t organization_id,
	   const struct list_page *page)
{
	const struct arg user = arg_int(who->user_id),
			 org =
			     arg_id(organization_listed(who, organization_id)),
			 limit = arg_int(page->limit),
			 offset = arg_int(page->offset),
			 cap = arg_int(COUNT_CAP);
	struct rows rows;
	struct order *o;
	enum err e;

	if (actor_is_staff(who)) {
		e = list_count(total, c, &sql[COUNT_OF_ORGANIZATION],
			       ARGS(org, cap));
		if (!e)
			e = db_query(&rows, c->db, &sql[LIST_OF_ORGANIZATION],
				     ARGS(org, limit, offset));
	} else {
		e = list_count(total, c, &sql[COUNT_OF_BUYER],
			       ARGS(user, org, org, cap));
		if (!e)
			e = db_query(&rows, c->db, &sql[LIST_OF_BUYER],
				     ARGS(user, org, org, limit, offset));
	}
	if (e)
		return e;
	*n = rows.count;
	*out = o = arena_alloc(c->arena, (rows.count + 1) * sizeof(*o));
	while (rows_next(&rows))
		read_order(o++, &rows);
	return OK;
}

/* The buyer exists, and the supplier belongs to the organization. Reports both
 * faults at once. */
static enum err
check_order(struct ctx *c, const struct actor *who, const struct order_new *new)
{
	struct user *user;
	bool exists = true;
	enum err e = user_get(&user, c, new->user_id), f = OK;

	if (e == ERR_NOTFOUND)
		e = fault_add(&c->faults, "user", "There is no such user.");
	if (new->supplier_id && (!e || e == ERR_INVALID))
		f = supplier_exists(&exists, c, who->organization_id,
				    new->supplier_id);
	if (!f && !exists)
		f = fault_add(&c->faults, "vendor",
			      "This organization has no such vendor.");
	return e ? e : f;
}

enum err
order_create(int64_t *id, struct ctx *c, const struct actor *who,
	     const struct order_new *new)
{
	enum err e = check_order(c, who, new);

	if (!e)
		e = db_run(c->db, &sql[CREATE],
			   ARGS(arg_int(who->organization_id),
				arg_int(new->user_id), arg_id(new->supplier_id),
				arg_text(new->number),
				arg_text(new->title ? new->title : ""),
				arg_time(c->now)));
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "order_number",
				 "There is an order with this number already.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}
