/* The verbs about the staff of an organization, including its owners. They act
 * as an owner without an account (enter_organization), so that the same rules
 * apply as in the API. */
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/enum_name.h"
#include "desk/auth.h"
#include "desk/invitation.h"
#include "desk/staff.h"
#include "docketctl.h"

static const char *const columns[] = {"id",
				      "user_id",
				      "username",
				      "full_name",
				      "email",
				      "email_verified",
				      "profile_type",
				      "is_active",
				      "is_invited",
				      "last_login_at",
				      NULL};

static void
put_employee(struct table *s, const struct employee *p)
{
	put_int_cell(s, p->id);
	put_int_cell(s, p->user_id);
	put_text_cell(s, p->username);
	put_text_cell(s, p->full_name);
	put_text_cell(s, p->email);
	put_bool_cell(s, p->email_verified);
	put_text_cell(s, enum_name_text(role_names, (int)p->role));
	put_bool_cell(s, p->is_active);
	put_bool_cell(s, p->is_invited);
	put_text_cell(s, p->last_login_at);
}

static enum err
verb_staff_list(struct call *call)
{
	const struct list_page page = given_page(call);
	struct employee *p;
	struct actor who;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = employee_list(&p, &n, &total, call->c, &who,
				  given_switch(call, "all"), &page);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++)
		put_employee(&s, &p[i]);
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
print_employee(struct call *call, const struct actor *who, int64_t id)
{
	struct employee *p;
	struct table s;
	enum err e = employee_get(&p, call->c, who, id);

	if (e)
		return e;
	table_init(&s, call, columns);
	put_employee(&s, p);
	table_print_one(&s);
	return OK;
}

static enum role
given_role(const struct call *call)
{
	return given_switch(call, "owner") ? ROLE_VENDOR : ROLE_EMPLOYEE;
}

static enum err
verb_staff_add(struct call *call)
{
	struct actor who;
	struct user *u;
	int64_t id;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = find_user_argument(&u, call, given_text(call, "user"));
	if (e)
		return e;
	e = employee_add(&id, call->c, &who, u->id, given_role(call));
	return e ? e : print_employee(call, &who, id);
}

/* Users can claim any address until it is confirmed, so a user who has this one
 * does not become staff by that: the operator must name them. */
static enum err
refuse_logins(struct call *call, const struct user *u, size_t n)
{
	const char *list = "";

	for (size_t i = 0; i < n; i++)
		list = arena_printf(
		    call->c->arena, "%s\n  %lld %s, %s, %s", list,
		    (long long)u[i].id, u[i].username, u[i].email,
		    u[i].email_verified ? "which is confirmed"
					: "which is NOT confirmed as theirs");
	return refuse(
	    call, ERR_CONFLICT,
	    "there is a user with this address:%s\n"
	    "Name the one that you mean with --user, or leave it to the "
	    "reader of the mail with --new-login",
	    list);
}

/* Makes the user that was named with --user staff at once. */
static enum err
add_named(struct call *call, const struct actor *who)
{
	struct arena *a = call->c->arena;
	struct user *u;
	int64_t id;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (e)
		return e;
	if (strcmp(account_key(a, u->email),
		   account_key(a, given_text(call, "email"))) != 0)
		return refuse(call, ERR_INVALID, "%s has another address: %s",
			      u->username, u->email);
	e = employee_add(&id, call->c, who, u->id, given_role(call));
	return e ? e : print_employee(call, who, id);
}

static enum err
send_invitation(struct call *call, const struct actor *who)
{
	static const char *const invited[] = {"id", "email", "password_link",
					      "expires_at", NULL};
	const struct employee_new new = {
	    .username = given_text(call, "username"),
	    .email = given_text(call, "email"),
	    .first_name = given_text(call, "first-name"),
	    .last_name = given_text(call, "last-name"),
	    .role = given_role(call)};
	struct employee_invited out;
	struct table s;
	enum err e = employee_invite(&out, call->c, who, &new);

	if (e)
		return e;
	table_init(&s, call, invited);
	put_int_cell(&s, out.id);
	put_text_cell(&s, new.email);
	put_text_cell(&s, *out.token ? auth_password_link(call->c, out.token)
				     : NULL);
	put_text_cell(&s, out.expires_at);
	table_print_one(&s);
	return OK;
}

static enum err
verb_staff_invite(struct call *call)
{
	struct actor who;
	struct user *u;
	size_t n = 0;
	enum err e = enter_organization(&who, call);

	if (e)
		return e;
	if (given_text(call, "user"))
		return add_named(call, &who);
	if (!given_switch(call, "new-login"))
		e = user_list_by_address(&u, &n, call->c,
					 given_text(call, "email"));
	if (!e && n)
		return refuse_logins(call, u, n);
	return e ? e : send_invitation(call, &who);
}

static enum err
change_employee(struct call *call, const struct employee_change *ch)
{
	const int64_t id = given_int(call, "employee", 0);
	struct actor who;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = employee_change(call->c, &who, id, ch);
	if (e == ERR_NOTFOUND && !call->explained)
		return refuse(call, e,
			      "this organization has no employee "
			      "with that id");
	return e ? e : print_employee(call, &who, id);
}

static enum err
verb_staff_deactivate(struct call *call)
{
	const struct employee_change ch = {
	    .set_active = true, .successor = given_int(call, "successor", 0)};

	return change_employee(call, &ch);
}

static enum err
verb_staff_activate(struct call *call)
{
	static const struct employee_change ch = {.set_active = true,
						  .is_active = true};

	return change_employee(call, &ch);
}

static enum err
verb_staff_role(struct call *call)
{
	const struct employee_change ch = {
	    .role = (enum role)given_int(call, "role", ROLE_NONE)};

	return change_employee(call, &ch);
}

#define EMPLOYEE                                        \
	ARGUMENT_ID("employee", F_REQUIRED, "EMPLOYEE", \
		    "id, as staff list shows it")
#define OWNER PARAM_SWITCH("owner", "as an owner (profile vendor)")

static const struct param list_params[] = {
    ORGANIZATION, PARAM_SWITCH("all", "also deactivated staff"), PARAMS_LIST,
    PARAMS_END};
static const struct param add_params[] = {ORGANIZATION, USER, OWNER,
					  PARAMS_END};
static const struct param invite_params[] = {
    ORGANIZATION,
    ARGUMENT_EMAIL("email", "the address to invite"),
    PARAM_LINE("username", 0, 150, "USERNAME",
	       "to log in with (default: made from the address)"),
    PARAM_LINE("first-name", 0, 80, "NAME", "first name"),
    PARAM_LINE("last-name", 0, 80, "NAME", "last name"),
    OWNER,
    PARAM_LINE("user", 0, 254, "USER",
	       "the user with this address that you mean: id or username"),
    PARAM_SWITCH("new-login", "invite the reader of the mail, although a user "
			      "has this address"),
    PARAMS_END};
static const struct param one[] = {ORGANIZATION, EMPLOYEE, PARAMS_END};
static const struct param leave_params[] = {
    ORGANIZATION, EMPLOYEE,
    PARAM_ID("successor", 0, "EMPLOYEE",
	     "the employee who gets the open issues (default: nobody)"),
    PARAMS_END};
static const struct param role_params[] = {
    ORGANIZATION, EMPLOYEE,
    ARGUMENT_CHOICE("role", staff_role_names, "employee|vendor",
		    "vendor: an owner"),
    PARAMS_END};

const struct verb staff_verbs[] = {
    {"staff list", "Lists the staff of an organization", list_params,
     verb_staff_list},
    {"staff add", "Makes a user staff of an organization", add_params,
     verb_staff_add},
    {"staff invite",
     "Invites an address by mail; prints the link if no mail is sent",
     invite_params, verb_staff_invite},
    {"staff role", "Changes a role: employee, or vendor (owner)", role_params,
     verb_staff_role},
    {"staff deactivate",
     "Lets somebody act for it no more; their open issues go to a successor, "
     "or "
     "to nobody",
     leave_params, verb_staff_deactivate},
    {"staff activate", "Activates a staff member again", one,
     verb_staff_activate},
    VERBS_END};
