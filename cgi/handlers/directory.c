/* The people and things that an issue can refer to: the staff of an
 * organization, its customers, suppliers (vendor records) and orders. Clients
 * of the API that this one replaces expect more members than are stored; those
 * have fixed values or null. */

#include "base/enum_name.h"

#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/auth.h"
#include "desk/customer.h"
#include "desk/invitation.h"
#include "desk/order.h"
#include "desk/outbox.h"
#include "desk/staff.h"
#include "desk/supplier.h"

#define DIRECTORY_SIZE	   100
#define DIRECTORY_SIZE_MAX 500

/* A code such as EMP-7, for clients that show one. None is stored. */
static void
view_code(struct jsonout *j, const char *prefix, int64_t id)
{
	char code[32];

	snprintf(code, sizeof(code), "%s-%lld", prefix, (long long)id);
	json_string(j, "code", code);
}

/* What clients show of a person's job. Most of it is not stored. */
static void
view_job(struct jsonout *j, const struct employee *m)
{
	json_null(j, "department");
	json_null(j, "job_title");
	json_null(j, "phone");
	json_integer(j, "role", m->role);
	json_string(j, "role_name", enum_name_text(role_labels, (int)m->role));
	json_null(j, "manager_name");
}

static void
view_employee_members(struct jsonout *j, const struct req *r,
		      const struct employee *m)
{
	json_integer(j, "id", m->id);
	view_code(j, "EMP", m->id);
	json_integer(j, "organization", r->actor.organization_id);
	json_integer(j, "user", m->user_id);
	json_string(j, "profile_type",
		    enum_name_text(role_names, (int)m->role));
	json_string(j, "username", m->username);
	json_string(j, "email", m->email);
	json_string(j, "first_name", m->first_name);
	json_string(j, "last_name", m->last_name);
	json_string(j, "full_name", m->full_name);
	view_job(j, m);
	view_active(j, m->is_active);
	json_bool(j, "is_invited", m->is_invited);
	json_string(j, "last_login_at", m->last_login_at);
	json_string(j, "created_at", m->created_at);
}

static void
view_employee(struct jsonout *j, const char *key, const struct req *r,
	      const struct employee *m)
{
	json_object(j, key);
	view_employee_members(j, r, m);
	json_end(j);
}

const struct field in_employee_list[] = {
    {"all", FIELD_BOOL, F_QUERY, 0, 0, NULL},
    SEARCH_INPUT,
    PAGE_INPUTS(DIRECTORY_SIZE_MAX),
    FIELDS_END};

/* GET /api/employees/: the organization's staff. all=true adds those who are
 * deactivated. */
enum err
do_employee_list(struct req *r)
{
	const struct list_page page = page_searched(r, DIRECTORY_SIZE);
	struct employee *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = employee_list(&list, &n, &total, r->ctx, &r->actor,
				   in_int(r, "all"), &page);

	if (e)
		return e;
	j = page_reply(r, &page, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_employee(j, NULL, r, &list[i]);
	json_end(j);
	return OK;
}

/* GET /api/employees/{id}/: one of the organization's staff. */
enum err
do_employee_show(struct req *r)
{
	struct employee *m;
	enum err e = employee_get(&m, r->ctx, &r->actor, r->id);

	if (!e)
		view_employee_members(reply(r, 200), r, m);
	return e;
}

/* Begins the answer {message, employee}, which the caller may add to. */
static enum err
reply_employee(struct req *r, int status, int64_t id, const char *message)
{
	struct employee *m;
	enum err e = employee_get(&m, r->ctx, &r->actor, id);

	if (e)
		return e;
	json_string(reply(r, status), "message", message);
	view_employee(&r->json, "employee", r, m);
	return OK;
}

const struct field in_employee_invite[] = {
    {"email", FIELD_EMAIL, F_REQUIRED, 3, 254, NULL},
    {"username", FIELD_LINE, F_NULL, 1, 150, NULL},
    {"first_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    {"last_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    {"profile_type", FIELD_CHOICE, 0, 0, 0, staff_role_names},
    FIELDS_END};

/* POST /api/employees/: invites a person by mail. Where no mail is configured,
 * the answer has the link for the owner to hand over. */
enum err
do_employee_invite(struct req *r)
{
	const struct employee_new new = {
	    .username = in_text(r, "username"),
	    .email = in_text(r, "email"),
	    .first_name = in_text(r, "first_name"),
	    .last_name = in_text(r, "last_name"),
	    .role = has_value(r, "profile_type")
			? (enum role)in_int(r, "profile_type")
			: ROLE_EMPLOYEE};
	struct employee_invited invitation;
	enum err e = employee_invite(&invitation, r->ctx, &r->actor, &new);

	if (!e)
		e = reply_employee(r, 201, invitation.id,
				   "Employee invited successfully");
	if (e)
		return e;
	json_string(&r->json, "invite_url",
		    *invitation.token
			? auth_password_link(r->ctx, invitation.token)
			: NULL);
	json_string(&r->json, "expires_at", invitation.expires_at);
	return OK;
}

const struct field in_employee_update[] = {
    {"is_active", FIELD_BOOL, 0, 0, 0, NULL},
    {"successor", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},
    {"profile_type", FIELD_CHOICE, 0, 0, 0, staff_role_names},
    FIELDS_END};

/* PATCH /api/employees/{id}/: deactivates, reactivates, or changes between
 * employee and owner. Open issues of a person who is deactivated go to
 * `successor`, or to nobody. */
enum err
do_employee_update(struct req *r)
{
	const struct employee_change change = {
	    .set_active = has_value(r, "is_active"),
	    .is_active = in_int(r, "is_active"),
	    .successor = in_int(r, "successor"),
	    .role = (enum role)in_int(r, "profile_type")};
	enum err e = employee_change(r->ctx, &r->actor, r->id, &change);

	if (e)
		return e;
	if (change.set_active && !change.is_active)
		outbox_wake(r->ctx);
	return reply_employee(r, 200, r->id, "Employee updated successfully");
}

const struct field in_vendor_list[] = {
    {"organization", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    SEARCH_INPUT,
    PAGE_INPUTS(DIRECTORY_SIZE_MAX),
    FIELDS_END};

/* The organization that is named, else the staff's own. */
static int64_t
wanted_organization(const struct req *r)
{
	return has_value(r, "organization") ? in_int(r, "organization")
					    : r->actor.organization_id;
}

/* The type and the status are fixed: clients expect them, but none are stored.
 */
static void
view_supplier(struct jsonout *j, const struct req *r, const struct supplier *v)
{
	json_object(j, NULL);
	json_integer(j, "id", v->id);
	view_code(j, "VEN", v->id);
	json_integer(j, "organization", v->organization_id);
	json_string(j, "name", v->name);
	json_string(j, "company_name", v->name);
	json_string(j, "vendor_type", "supplier");
	json_string(j, "status", "active");
	if (actor_is_staff(&r->actor))
		json_string(j, "email", v->email);
	json_string(j, "created_at", v->created_at);
	json_end(j);
}

/* GET /api/vendors/?organization=: the suppliers that an issue may refer to.
 * Only staff see their e-mail addresses. */
enum err
do_vendor_list(struct req *r)
{
	const struct list_page page = page_searched(r, DIRECTORY_SIZE);
	struct supplier *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = supplier_list(&list, &n, &total, r->ctx, &r->actor,
				   wanted_organization(r), &page);

	if (e)
		return e;
	j = page_reply(r, &page, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_supplier(j, r, &list[i]);
	json_end(j);
	return OK;
}

const struct field in_order_list[] = {
    {"organization", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    SEARCH_INPUT,
    PAGE_INPUTS(DIRECTORY_SIZE_MAX),
    FIELDS_END};

/* The type and the status are fixed, and the amount is null: clients expect
 * them, but none are stored. */
static void
view_order(struct jsonout *j, const struct order *o)
{
	json_object(j, NULL);
	json_integer(j, "id", o->id);
	json_string(j, "code", o->number);
	json_string(j, "order_number", o->number);
	json_string(j, "order_type", "purchase");
	json_string(j, "status", "confirmed");
	json_null(j, "total_amount");
	json_integer(j, "organization", o->organization_id);
	json_string(j, "title", o->title);
	json_integer(j, "user", o->user_id);
	json_string(j, "user_name", o->user_name);
	json_id(j, "vendor", o->supplier_id);
	json_string(j, "vendor_name", o->supplier_name);
	json_string(j, "order_date", o->created_at);
	json_string(j, "created_at", o->created_at);
	json_end(j);
}

/* GET /api/orders/?organization=: customers see only their own orders. */
enum err
do_order_list(struct req *r)
{
	const struct list_page page = page_searched(r, DIRECTORY_SIZE);
	struct order *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = order_list(&list, &n, &total, r->ctx, &r->actor,
				wanted_organization(r), &page);

	if (e)
		return e;
	j = page_reply(r, &page, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_order(j, &list[i]);
	json_end(j);
	return OK;
}

const struct field in_customer_list[] = {
    SEARCH_INPUT, PAGE_INPUTS(DIRECTORY_SIZE_MAX), FIELDS_END};

/* GET /api/customers/: who has raised an issue. */
enum err
do_customer_list(struct req *r)
{
	const struct list_page page = page_searched(r, DIRECTORY_SIZE);
	struct customer *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = customer_list(&list, &n, &total, r->ctx, &r->actor, &page);

	if (e)
		return e;
	j = page_reply(r, &page, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_integer(j, "id", list[i].id);
		json_integer(j, "user", list[i].user_id);
		json_string(j, "full_name", list[i].full_name);
		json_string(j, "email", list[i].email);
		json_bool(j, "is_active", list[i].is_active);
		json_string(j, "created_at", list[i].created_at);
		json_end(j);
	}
	json_end(j);
	return OK;
}
