/* The verbs about the profiles of users. A customer has one for all
 * organizations. Profiles of staff are added and removed in staff.c. */
#include "desk/profile.h"
#include "admin/admin.h"
#include "base/enum_name.h"
#include "docketctl.h"

static enum err
print_profiles(struct call *call, const struct user *u)
{
	static const char *const columns[] = {"id",
					      "profile_type",
					      "organization_id",
					      "organization",
					      "is_primary",
					      "is_active",
					      NULL};
	struct profile *p;
	struct table s;
	size_t n;
	enum err e = admin_profiles(&p, &n, call->c, u->id);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, p[i].id);
		put_text_cell(&s, enum_name_text(role_names, (int)p[i].role));
		put_id_cell(&s, p[i].organization_id);
		put_text_cell(&s, p[i].organization_name);
		put_bool_cell(&s, p[i].is_primary);
		put_bool_cell(&s, p[i].is_active);
	}
	table_print_list(&s);
	return OK;
}

static enum err
verb_profile_list(struct call *call)
{
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	return e ? e : print_profiles(call, u);
}

/* A customer profile that was removed comes back. */
static enum err
add_customer(struct call *call, const struct user *u)
{
	struct profile *p;
	int64_t id;
	size_t n;
	enum err e = profile_create(&id, call->c, u->id, ROLE_CUSTOMER, 0);

	if (e != ERR_CONFLICT)
		return e;
	e = admin_profiles(&p, &n, call->c, u->id);
	for (size_t i = 0; !e && i < n; i++) {
		if (p[i].role != ROLE_CUSTOMER)
			continue;
		if (p[i].is_active)
			return refuse(call, ERR_CONFLICT,
				      "%s is a customer already", u->username);
		e = profile_set_customer_active(call->c, u->id, p[i].id, true);
	}
	return e;
}

static enum err
verb_profile_add(struct call *call)
{
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = add_customer(call, u);
	return e ? e : print_profiles(call, u);
}

static enum err
verb_profile_remove(struct call *call)
{
	struct user *u;
	const int64_t id = given_int(call, "profile", 0);
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = profile_set_customer_active(call->c, u->id, id, false);
	if (e == ERR_NOTFOUND && !call->explained)
		return refuse(call, e,
			      "%s has no such profile as a customer (of "
			      "staff: staff deactivate)",
			      u->username);
	return e ? e : print_profiles(call, u);
}

static const struct param one[] = {USER, PARAMS_END};

static const struct param remove_params[] = {
    USER, ARGUMENT_ID("profile", F_REQUIRED, "PROFILE", "id of the profile"),
    PARAMS_END};

const struct verb profile_verbs[] = {
    {"profile list", "Lists the profiles of a user", one, verb_profile_list},
    {"profile add", "Adds a customer profile (for staff: staff add)", one,
     verb_profile_add},
    {"profile remove", "Removes the customer profile", remove_params,
     verb_profile_remove},
    VERBS_END};
