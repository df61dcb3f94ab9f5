/* Orders: customers' purchases, which issues may point to (order.h). Staff
 * list those of their organization, by search too; customers list their own,
 * of which there are few. */
#include "desk/order.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/issue.h"
#include "desk/organization.h"
#include "desk/supplier.h"
#include "desk/user.h"

enum {
	LIST_OF_ORGANIZATION,
	COUNT_OF_ORGANIZATION,
	LIST_OF_BUYER,
	COUNT_OF_BUYER,
	FIND_OF_ORGANIZATION,
	FIND_OF_BUYER,
	COUNT_FOUND_OF_BUYER,
	CREATE,
	STATEMENTS
};

#define COLUMNS                                               \
	"b.id, b.organization_id, b.user_id, " SQL_FULL_NAME( \
	    "u") ", "                                         \
		 "b.vendor_id, v.name, b.order_number, b.title, b.created_at "
#define WITH_NAMES                         \
	"JOIN user u ON u.id = b.user_id " \
	"LEFT JOIN vendor v ON v.id = b.vendor_id "

#define OF_ORGANIZATION "b.organization_id = ? "
#define OF_BUYER	"b.user_id = ? AND (? IS NULL OR b.organization_id = ?) "
#define NEWEST_FIRST	"ORDER BY b.id DESC " SQL_PAGE

/* A buyer has few enough to look at each. */
#define FOUND_OF_BUYER                                             \
	OF_BUYER "AND " HAS_WORD " AND " HAS_WORD " AND " HAS_WORD \
		 " AND " HAS_WORD " "
#define HAS_WORD SQL_DIRECTORY_MAY_HAVE("'order'", "b.id")

static struct stmt sql[] = {
    [LIST_OF_ORGANIZATION] = {"SELECT " COLUMNS " FROM purchase b " WITH_NAMES
			      "WHERE " OF_ORGANIZATION NEWEST_FIRST},
    [COUNT_OF_ORGANIZATION] = {SQL_COUNT_CAPPED(
	"FROM purchase b WHERE " OF_ORGANIZATION)},
    [LIST_OF_BUYER] = {"SELECT " COLUMNS " FROM purchase b " WITH_NAMES
		       "WHERE " OF_BUYER NEWEST_FIRST},
    [COUNT_OF_BUYER] = {SQL_COUNT_CAPPED("FROM purchase b WHERE " OF_BUYER)},
    [FIND_OF_ORGANIZATION] =
	{"SELECT " SQL_DIRECTORY_COUNTED(COLUMNS) " FROM " SQL_DIRECTORY_WALK(
	    "'order'") "JOIN purchase b "
		       "ON b.id = w.entry_id " WITH_NAMES
		       "WHERE " SQL_DIRECTORY_FITS(
			   "'order'") " AND b.organization_id = "
				      "?" SQL_DIRECTORY_PAGE},
    [FIND_OF_BUYER] = {"SELECT " COLUMNS " FROM purchase b " WITH_NAMES
		       "WHERE " FOUND_OF_BUYER NEWEST_FIRST},
    [COUNT_FOUND_OF_BUYER] = {SQL_COUNT_CAPPED(
	"FROM purchase b WHERE " FOUND_OF_BUYER)},
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

static enum err
read_of_organization(struct rows *rows, int64_t *total, struct ctx *c,
		     int64_t org, const struct list_page *page)
{
	struct directory_query q;
	bool has_words;
	enum err e;

	if (!page->search)
		return list_read(rows, total, c, &sql[COUNT_OF_ORGANIZATION],
				 &sql[LIST_OF_ORGANIZATION], page,
				 ARGS(arg_id(org)));
	e = directory_query_read(&q, &has_words, c, DIRECTORY_ORDER, org,
				 page->search);
	return e || !has_words
		   ? e
		   : directory_find(rows, total, c, &sql[FIND_OF_ORGANIZATION],
				    org, &q, page, ARGS(arg_int(org)));
}

static enum err
read_of_buyer(struct rows *rows, int64_t *total, struct ctx *c, struct arg user,
	      struct arg org, const struct list_page *page)
{
	struct arg w[DIRECTORY_WORDS_MAX];
	struct directory_query q;

	if (!page->search)
		return list_read(rows, total, c, &sql[COUNT_OF_BUYER],
				 &sql[LIST_OF_BUYER], page,
				 ARGS(user, org, org));
	if (!directory_query_words(&q, c, page->search))
		return OK;
	for (size_t i = 0; i < DIRECTORY_WORDS_MAX; i++)
		w[i] = arg_text(q.words[i]);
	return list_read(rows, total, c, &sql[COUNT_FOUND_OF_BUYER],
			 &sql[FIND_OF_BUYER], page,
			 ARGS(user, org, org, w[0], w[0], w[1], w[1], w[2],
			      w[2], w[3], w[3]));
}

enum err
order_list(struct order **out, size_t *n, int64_t *total, struct ctx *c,
	   const struct actor *who, int64_t organization_id,
	   const struct list_page *page)
{
	const int64_t org = organization_listed(who, organization_id);
	struct rows rows = {0};
	struct order *o;
	enum err e;

	*total = 0;
	e = actor_is_staff(who)
		? read_of_organization(&rows, total, c, org, page)
		: read_of_buyer(&rows, total, c, arg_int(who->user_id),
				arg_id(org), page);
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

/* The arguments of create_order(). */
struct order_creation {
	struct ctx *c;
	const struct actor *who;
	const struct order_new *new;
	int64_t id;
};

static enum err
create_order(void *arg)
{
	struct order_creation *o = arg;
	struct ctx *c = o->c;
	const struct order_new *new = o->new;
	const int64_t org = o->who->organization_id;
	enum err e = db_run(
	    c->db, &sql[CREATE],
	    ARGS(arg_int(org), arg_int(new->user_id), arg_id(new->supplier_id),
		 arg_text(new->number), arg_text(new->title ? new->title : ""),
		 arg_time(c->now)));

	if (e)
		return e;
	o->id = db_insert_id(c->db);
	return directory_write(c, DIRECTORY_ORDER, org, o->id, new->number,
			       new->title);
}

enum err
order_create(int64_t *id, struct ctx *c, const struct actor *who,
	     const struct order_new *new)
{
	struct order_creation o = {.c = c, .who = who, .new = new};
	enum err e = check_order(c, who, new);

	if (!e)
		e = db_transaction(c->db, create_order, &o);
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "order_number",
				 "There is an order with this number already.");
	if (!e)
		*id = o.id;
	return e;
}
