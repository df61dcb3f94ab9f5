#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/auth.h"
#include "desk/erasure.h"
#include "desk/person_export.h"
#include "desk/token.h"

const struct field in_login[] = {
    {"username", FIELD_LINE, F_REQUIRED, 0, 254, NULL},
    {"password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL},
    FIELDS_END};

/* POST /api/auth/login/: a session token for a user name or e-mail address and
 * a password. 400 when they are wrong, 429 while the account is locked. */
enum err
do_login(struct req *r)
{
	struct login login;
	struct profile *profiles;
	struct jsonout *j;
	size_t n;
	enum err e = auth_login(&login, r->ctx, in_text(r, "username"),
				in_text(r, "password"));

	if (!e)
		e = profile_list(&profiles, &n, r->ctx, login.user->id);
	if (e)
		return e;
	j = reply(r, 200);
	json_string(j, "message", "Login successful");
	view_login(j, &login, profiles, n);
	return OK;
}

/* POST /api/auth/logout/: revokes the token of the request. */
enum err
do_logout(struct req *r)
{
	enum err e = token_revoke(r->ctx, &r->actor, r->actor.user_id,
				  r->actor.token_id, 0);

	/* a token that was revoked meanwhile is logged out, too */
	if (e && e != ERR_NOTFOUND)
		return e;
	return reply_message(r, "Logout successful");
}

/* GET /api/users/me/: the user, their profiles, and the one that the token acts
 * as. */
enum err
do_user_me(struct req *r)
{
	struct user *user;
	struct profile *profiles;
	size_t n;
	enum err e = user_get(&user, r->ctx, r->actor.user_id);

	if (!e)
		e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);
	if (e)
		return e;
	reply_other(r, 200, "application/json");
	view_user(&r->json, NULL, user, profiles, n, r->actor.profile_id);
	return OK;
}

const struct field in_change_password[] = {
    {"old_password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL},
    {"new_password", FIELD_VERBATIM, F_REQUIRED, PASSWORD_MIN, PASSWORD_MAX,
     NULL},
    {"new_password_confirm", FIELD_VERBATIM, F_SAME, 1, PASSWORD_MAX, NULL},
    FIELDS_END};

/* POST /api/auth/change-password/: sets a password and revokes all other
 * tokens. */
enum err
do_change_password(struct req *r)
{
	enum err e =
	    auth_change_password(r->ctx, &r->actor, in_text(r, "old_password"),
				 in_text(r, "new_password"));

	return e ? e : reply_message(r, "Password changed successfully");
}

static bool
send_piece(void *r)
{
	return http_stream(r);
}

/* GET /api/users/me/export/: streams what is kept about the person, as one JSON
 * document. */
enum err
do_user_export(struct req *r)
{
	const struct person_sink sink = {&r->json, send_piece, r};

	reply_stream(r, "application/json");
	reply_header(r, "Content-Disposition",
		     "attachment; filename=\"docket-account.json\"");
	return person_export(r->ctx, &r->actor, r->actor.user_id, &sink);
}

const struct field in_user_erase[] = {
    {"password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL}, FIELDS_END};

/* POST /api/users/me/erase/: ends the account, and replaces its name and
 * address everywhere. 409 for the only owner of an organization. */
enum err
do_user_erase(struct req *r)
{
	enum err e = auth_check_password(r->ctx, &r->actor, "password",
					 in_text(r, "password"));

	if (!e)
		e = person_erase(r->ctx, &r->actor, r->actor.user_id);
	return e ? e : reply_message(r, "Account erased successfully");
}
