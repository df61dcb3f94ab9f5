#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/token.h"

/* GET …/available_roles/: the profiles that the user can act as. */
enum err
do_available_roles(struct req *r)
{
	struct profile *profiles;
	struct jsonout *j;
	size_t n;
	enum err e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);

	if (e)
		return e;
	j = reply(r, 200);
	json_integer(j, "count", (int64_t)n);
	json_array(j, "profiles");
	for (size_t i = 0; i < n; i++)
		view_profile(j, NULL, &profiles[i], r->actor.profile_id);
	json_end(j);
	return OK;
}

const struct field in_select_role[] = {
    {"profile_id", FIELD_ID, F_REQUIRED, 1, INT64_MAX, NULL}, FIELDS_END};

/* POST …/select_role/: makes the token act as that profile from now on. */
enum err
do_select_role(struct req *r)
{
	const int64_t id = in_int(r, "profile_id");
	const struct profile *chosen = NULL;
	struct profile *profiles;
	struct user *user;
	struct jsonout *j;
	size_t n;
	enum err e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);

	for (size_t i = 0; !e && i < n; i++)
		if (profiles[i].id == id)
			chosen = &profiles[i];
	if (!e && !chosen)
		e = ERR_FORBIDDEN;
	if (!e)
		e = token_set_profile(r->ctx, r->actor.token_id, id);
	if (!e)
		e = user_get(&user, r->ctx, r->actor.user_id);
	if (e)
		return e;
	j = reply(r, 200);
	json_string(j, "message", "Role selected successfully");
	view_user(j, "user", user, profiles, n, id);
	view_profile(j, "active_profile", chosen, id);
	return OK;
}

/* GET …/current_role/: the profile that the token acts as. */
enum err
do_current_role(struct req *r)
{
	struct profile *profiles;
	struct jsonout *j;
	size_t n;
	enum err e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);

	if (e)
		return e;
	j = reply(r, 200);
	for (size_t i = 0; i < n; i++) {
		if (profiles[i].id == r->actor.profile_id) {
			view_profile(j, "profile", &profiles[i],
				     r->actor.profile_id);
			return OK;
		}
	}
	json_null(j, "profile");
	return OK;
}
