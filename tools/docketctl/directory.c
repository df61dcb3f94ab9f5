/* What issues may point to: vendors and orders of an organization. */
#include "desk/order.h"
#include "desk/supplier.h"
#include "docketctl.h"

static enum err
verb_vendor_list(struct call *call)
{
	static const char *const columns[] = {"id", "name", "email",
					      "created_at", NULL};
	const struct list_page page = given_page(call);
	struct supplier *v;
	struct actor who;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = supplier_list(&v, &n, &total, call->c, &who, 0, &page);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, v[i].id);
		put_text_cell(&s, v[i].name);
		put_text_cell(&s, v[i].email);
		put_text_cell(&s, v[i].created_at);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
verb_vendor_create(struct call *call)
{
	static const char *const columns[] = {"id", "name", "email", NULL};
	const char *name = given_text(call, "name"),
		   *email = given_text(call, "email");
	struct actor who;
	struct table s;
	int64_t id;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = supplier_create(&id, call->c, &who, name, email);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_int_cell(&s, id);
	put_text_cell(&s, name);
	put_text_cell(&s, email ? email : "");
	table_print_one(&s);
	return OK;
}

static enum err
verb_order_list(struct call *call)
{
	static const char *const columns[] = {
	    "id",	 "order_number", "title",      "user_id", "user",
	    "vendor_id", "vendor",	 "created_at", NULL};
	const struct list_page page = given_page(call);
	struct order *o;
	struct actor who;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = order_list(&o, &n, &total, call->c, &who, 0, &page);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, o[i].id);
		put_text_cell(&s, o[i].number);
		put_text_cell(&s, o[i].title);
		put_int_cell(&s, o[i].user_id);
		put_text_cell(&s, o[i].user_name);
		put_id_cell(&s, o[i].supplier_id);
		put_text_cell(&s, o[i].supplier_name);
		put_text_cell(&s, o[i].created_at);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
verb_order_create(struct call *call)
{
	static const char *const columns[] = {"id", "order_number", "user_id",
					      "vendor_id", NULL};
	struct order_new new = {.supplier_id = given_int(call, "vendor", 0),
				.number = given_text(call, "number"),
				.title = given_text(call, "title")};
	struct actor who;
	struct user *u;
	struct table s;
	int64_t id;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = find_user_argument(&u, call, given_text(call, "user"));
	if (e)
		return e;
	new.user_id = u->id;
	e = order_create(&id, call->c, &who, &new);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_int_cell(&s, id);
	put_text_cell(&s, new.number);
	put_int_cell(&s, new.user_id);
	put_id_cell(&s, new.supplier_id);
	table_print_one(&s);
	return OK;
}

static const struct param list_params[] = {ORGANIZATION, PARAMS_LIST,
					   PARAMS_END};
static const struct param vendor_params[] = {
    ORGANIZATION, ARGUMENT("name", F_REQUIRED, 255, "NAME", "its name"),
    PARAM_EMAIL("email", "EMAIL", "its e-mail address"), PARAMS_END};
static const struct param order_params[] = {
    ORGANIZATION,
    ARGUMENT("user", F_REQUIRED, 254, "USER",
	     "the buyer: id, username or e-mail address"),
    ARGUMENT("number", F_REQUIRED, 50, "NUMBER", "the order's number"),
    PARAM_LINE("title", 0, 255, "TEXT", "what it is about"),
    PARAM_ID("vendor", 0, "ID", "the vendor who supplies it"),
    PARAMS_END};

const struct verb directory_verbs[] = {
    {"vendor list", "Lists the vendors of an organization", list_params,
     verb_vendor_list},
    {"vendor create", "Creates a supplier", vendor_params, verb_vendor_create},
    {"order list", "Lists the orders of an organization", list_params,
     verb_order_list},
    {"order create", "Creates an order", order_params, verb_order_create},
    VERBS_END};
