#include <stdio.h>

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

void
reply_refused(struct req *r, enum err e, int retry_after_s)
{
	char seconds[16];

	(void)reply_err(r, e);
	if (e != ERR_LIMITED)
		return;
	snprintf(seconds, sizeof(seconds), "%d", retry_after_s);
	reply_header(r, "Retry-After", seconds);
}

/* POST /api/auth/login/: a session token for a name (or e-mail) and password;
 * 400 when they do not fit, 429 while the account is locked. */
void
do_login(struct req *r)
{
	struct login login;
	struct profile *profiles;
	struct jsonout *j;
	int retry = 0;
	size_t n;
	enum err e = auth_login(&login, &retry, r->ctx, in_text(r, "username"),
				in_text(r, "password"));

	if (!e)
		e = profile_list(&profiles, &n, r->ctx, login.user->id);
	if (e) {
		reply_refused(r, e, retry);
		return;
	}
	j = reply(r, 200);
	json_string(j, "message", "Login successful");
	view_login(j, &login, profiles, n);
}

/* POST /api/auth/logout/: the token in use dies. */
void
do_logout(struct req *r)
{
	enum err e = token_revoke(r->ctx, &r->actor, r->actor.user_id,
				  r->actor.token_id, 0);

	/* gone already: what was asked for is so */
	if (e && e != ERR_NOTFOUND) {
		(void)reply_err(r, e);
		return;
	}
	json_string(reply(r, 200), "message", "Logout successful");
}

/* GET /api/users/me/: the user, his profiles, and the one he acts as. */
void
do_user_me(struct req *r)
{
	struct user *user;
	struct profile *profiles;
	size_t n;
	enum err e = user_get(&user, r->ctx, r->actor.user_id);

	if (!e)
		e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);
	if (e) {
		(void)reply_err(r, e);
		return;
	}
	reply_other(r, 200, "application/json");
	view_user(&r->json, NULL, user, profiles, n, r->actor.profile_id);
}

const struct field in_change_password[] = {
    {"old_password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL},
    {"new_password", FIELD_VERBATIM, F_REQUIRED, PASSWORD_MIN, PASSWORD_MAX,
     NULL},
    {"new_password_confirm", FIELD_VERBATIM, F_SAME, 1, PASSWORD_MAX, NULL},
    FIELDS_END};

/* POST /api/auth/change-password/: all other tokens die. */
void
do_change_password(struct req *r)
{
	int retry = 0;
	enum err e = auth_change_password(&retry, r->ctx, &r->actor,
					  in_text(r, "old_password"),
					  in_text(r, "new_password"));

	if (e) {
		reply_refused(r, e, retry);
		return;
	}
	json_string(reply(r, 200), "message", "Password changed successfully");
}

static bool
send_piece(void *r)
{
	return http_stream(r);
}

/* GET /api/users/me/export/: what is kept about the person, as one JSON
 * document; streamed. */
void
do_user_export(struct req *r)
{
	const struct person_sink sink = {&r->json, send_piece, r};
	enum err e;

	reply_stream(r, "application/json");
	reply_header(r, "Content-Disposition",
		     "attachment; filename=\"docket-account.json\"");
	e = person_export(r->ctx, &r->actor, r->actor.user_id, &sink);
	if (e && r->streaming)
		http_break(r, e);
	else if (e)
		(void)reply_err(r, e);
}

const struct field in_user_erase[] = {
    {"password", FIELD_VERBATIM, F_REQUIRED, 0, 1024, NULL}, FIELDS_END};

/* POST /api/users/me/erase/: the account ends, and its name and address are
 * replaced everywhere; 409 for the only owner of an organization. */
void
do_user_erase(struct req *r)
{
	int retry = 0;
	enum err e = auth_check_password(&retry, r->ctx, &r->actor, "password",
					 in_text(r, "password"));

	if (!e)
		e = person_erase(r->ctx, &r->actor, r->actor.user_id);
	if (e) {
		reply_refused(r, e, retry);
		return;
	}
	json_string(reply(r, 200), "message", "Account erased successfully");
}
