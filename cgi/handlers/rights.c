/* What the current profile may do with issues, in the two forms that clients
 * ask for. They hide what is not allowed. It is refused elsewhere: by the
 * dispatcher and by lib/desk. */

#include "base/arena.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/view.h"

enum { CAN_READ = 1, CAN_CREATE = 2, CAN_UPDATE = 4, CAN_DELETE = 8 };

static const struct enum_name actions[] = {{"read", CAN_READ},
					   {"create", CAN_CREATE},
					   {"update", CAN_UPDATE},
					   {"delete", CAN_DELETE},
					   {NULL, 0}};

/* Customers correct and withdraw their own issues. Only owners delete. Staff
 * raise issues for customers where their organization allows it. */
static unsigned
rights_of(enum role role, const struct organization *o)
{
	const unsigned raise = o && o->staff_may_raise ? CAN_CREATE : 0;

	switch (role) {
	case ROLE_CUSTOMER:
		return CAN_READ | CAN_CREATE | CAN_UPDATE | CAN_DELETE;
	case ROLE_EMPLOYEE:
		return CAN_READ | CAN_UPDATE | raise;
	case ROLE_VENDOR:
		return CAN_READ | CAN_UPDATE | CAN_DELETE | raise;
	case ROLE_NONE:
	case ROLE_LINEAR:
		break;
	}
	return 0;
}

/* The organization that is asked about: the staff's own, or one that the
 * customer may raise an issue about. Else ERR_NOTFOUND. */
static enum err
organization_asked_about(struct organization **out, struct req *r,
			 const char *name)
{
	const int64_t id = in_int_or(r, name, r->actor.organization_id);

	if (actor_is_staff(&r->actor) && id != r->actor.organization_id)
		return ERR_NOTFOUND;
	return organization_find(out, r->ctx, &r->actor, id);
}

void
write_permissions(struct jsonout *j, enum role role,
		  const struct organization *o)
{
	const unsigned rights = rights_of(role, o);

	json_array(j, "permissions");
	for (const struct enum_name *w = actions; w->text; w++) {
		if (!(rights & (unsigned)w->value))
			continue;
		json_object(j, NULL);
		json_integer(j, "id", w->value);
		json_string(j, "resource", "issue");
		json_string(j, "action", w->text);
		json_end(j);
	}
	json_end(j);
}

const struct field in_user_permissions[] = {
    {"user_id", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    {"organization_id", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL},
    FIELDS_END};

/* GET /api/user-roles/user_permissions/: the permissions of the caller. */
enum err
do_user_permissions(struct req *r)
{
	struct organization *o = NULL;
	struct jsonout *j;
	enum err e = OK;

	if (in_int_or(r, "user_id", r->actor.user_id) != r->actor.user_id)
		e = ERR_NOTFOUND;
	if (!e &&
	    (has_value(r, "organization_id") || r->actor.role != ROLE_CUSTOMER))
		e = organization_asked_about(&o, r, "organization_id");
	if (e)
		return e;
	j = reply(r, 200);
	write_permissions(j, r->actor.role, o);
	view_roles(j, "roles", r->actor.role);
	return OK;
}

/* An array of the allowed actions, each with a prefix. */
static void
view_actions(struct jsonout *j, const struct req *r, const char *key,
	     const char *before, unsigned rights)
{
	json_array(j, key);
	for (const struct enum_name *w = actions; w->text; w++)
		if (rights & (unsigned)w->value)
			json_string(j, NULL,
				    arena_printf(r->ctx->arena, "%s%s", before,
						 w->text));
	json_end(j);
}

const struct field in_context_permissions[] = {
    {"organization", FIELD_ID, F_QUERY | F_REQUIRED, 1, INT64_MAX, NULL},
    FIELDS_END};

/* GET /api/user-context/permissions/?organization=: the permissions of the
 * caller in an organization, as names. */
enum err
do_context_permissions(struct req *r)
{
	struct organization *o;
	struct jsonout *j;
	unsigned rights;
	enum err e = organization_asked_about(&o, r, "organization");

	if (e)
		return e;
	rights = rights_of(r->actor.role, o);
	j = reply(r, 200);
	json_integer(j, "organization_id", o->id);
	json_string(j, "organization_name", o->name);
	json_bool(j, "is_owner", r->actor.role == ROLE_VENDOR);
	json_bool(j, "is_employee", r->actor.role == ROLE_EMPLOYEE);
	json_string(j, "role", enum_name_text(role_labels, (int)r->actor.role));
	view_actions(j, r, "permissions", "issue.", rights);
	json_object(j, "grouped_permissions");
	view_actions(j, r, "issue", "", rights);
	json_end(j);
	return OK;
}
