/* Accounts: sign-up, the user's name and wishes, resetting a password, and the
 * sessions and personal tokens of a user. Login itself is in session.c,
 * addresses in addresses.c. */

#include "base/conf.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/auth.h"
#include "desk/token.h"

#define TOKEN_DAYS     90
#define TOKEN_DAYS_MAX 366

const struct field in_sign_up[] = {
    {"username", FIELD_LINE, F_REQUIRED, 1, 150, NULL},
    {"email", FIELD_EMAIL, F_REQUIRED, 3, 254, NULL},
    {"password", FIELD_VERBATIM, F_REQUIRED, PASSWORD_MIN, PASSWORD_MAX, NULL},
    {"first_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    {"last_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    FIELDS_END};

/* Creates the account and a session. */
static enum err
create_account(struct login *login, struct req *r)
{
	const struct user_new new = {.username = in_text(r, "username"),
				     .email = in_text(r, "email"),
				     .password = in_text(r, "password"),
				     .first_name = in_text(r, "first_name"),
				     .last_name = in_text(r, "last_name")};
	struct user *user;
	int64_t id;
	enum err e = user_sign_up(&id, r->ctx, &new);

	if (!e)
		e = user_get(&user, r->ctx, id);
	return e ? e : auth_begin_session(login, r->ctx, user);
}

/* POST /api/users/: creates a customer's account and logs it in, where
 * SIGNUP=on allows it. */
enum err
do_sign_up(struct req *r)
{
	struct login login;
	struct profile *profiles;
	struct jsonout *j;
	size_t n;
	enum err e;

	if (!r->ctx->conf->signup)
		return reply_error(r, 403, "signup_disabled",
				   "Sign-up is not available here.");
	e = create_account(&login, r);
	if (!e)
		e = profile_list(&profiles, &n, r->ctx, login.user->id);
	if (e)
		return e;
	j = reply(r, 201);
	json_string(j, "message", "Account created successfully");
	view_login(j, &login, profiles, n);
	return OK;
}

const struct field in_user_update[] = {
    {"first_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    {"last_name", FIELD_LINE, F_BLANK, 0, 80, NULL},
    {"wants_mail", FIELD_BOOL, 0, 0, 0, NULL},
    FIELDS_END};

/* PATCH /api/users/me/ and /api/users/update_profile/: changes the name, and
 * whether notifications are sent by e-mail. */
enum err
do_user_update(struct req *r)
{
	const struct user_change change = {
	    .first_name = in_text(r, "first_name"),
	    .last_name = in_text(r, "last_name"),
	    .set_mail = has_value(r, "wants_mail"),
	    .wants_mail = in_int(r, "wants_mail")};
	enum err e = user_change(r->ctx, r->actor.user_id, &change);

	return e ? e : do_user_me(r);
}

const struct field in_password_reset[] = {
    {"email", FIELD_EMAIL, F_REQUIRED, 3, 254, NULL}, FIELDS_END};

/* POST /api/auth/password-reset/: gives the same answer whether there is an
 * account with the address or not. */
enum err
do_password_reset(struct req *r)
{
	enum err e;

	if (!r->ctx->conf->smtp_url)
		return reply_error(r, 403, "mail_disabled",
				   "This site sends no e-mails. Ask its "
				   "operator to set a new password for you.");
	e = auth_request_reset(r->ctx, in_text(r, "email"));
	return e ? e
		 : reply_message(r, "If there is an account with this address, "
				    "a link has been sent");
}

const struct field in_password_confirm[] = {
    {"token", FIELD_LINE, F_REQUIRED, 1, 100, NULL},
    {"new_password", FIELD_VERBATIM, F_REQUIRED, PASSWORD_MIN, PASSWORD_MAX,
     NULL},
    {"new_password_confirm", FIELD_VERBATIM, F_SAME, 1, PASSWORD_MAX, NULL},
    FIELDS_END};

/* POST /api/auth/password-reset/confirm/: sets the password with the token of a
 * reset link or an invitation. */
enum err
do_password_confirm(struct req *r)
{
	enum err e = auth_reset_password(r->ctx, in_text(r, "token"),
					 in_text(r, "new_password"));

	return e ? e : reply_message(r, "Password set successfully");
}

typedef void view_token_fn(struct jsonout *j, const struct req *r,
			   const struct token *t);

static void
view_token(struct jsonout *j, const struct req *r, const struct token *t)
{
	(void)r;
	json_integer(j, "id", t->id);
	json_string(j, "name", t->name);
	json_id(j, "profile", t->profile_id);
	json_string(j, "created_at", t->created_at);
	json_string(j, "last_used_at", t->last_used_at);
	json_string(j, "expires_at", t->expires_at);
}

static void
view_session(struct jsonout *j, const struct req *r, const struct token *t)
{
	json_integer(j, "id", t->id);
	json_string(j, "address", t->address);
	json_bool(j, "is_current", t->id == r->actor.token_id);
	json_string(j, "created_at", t->created_at);
	json_string(j, "last_used_at", t->last_used_at);
	json_string(j, "expires_at", t->expires_at);
}

static enum err
reply_tokens(struct req *r, enum token_kind kind, view_token_fn *view)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	struct token *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e = token_list(&list, &n, &total, r->ctx, r->actor.user_id,
				kind, asked.limit, asked.offset);

	if (e)
		return e;
	j = page_reply(r, &asked, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		view(j, r, &list[i]);
		json_end(j);
	}
	json_end(j);
	return OK;
}

static enum err
end_token(struct req *r, enum token_kind kind)
{
	enum err e =
	    token_revoke(r->ctx, &r->actor, r->actor.user_id, r->id, kind);

	if (!e)
		reply_empty(r, 204);
	return e;
}

const struct field in_session_list[] = {PAGE_INPUTS(PAGE_SIZE_MAX), FIELDS_END};

/* GET /api/sessions/: the user's logins, with the address that each was last
 * used from. */
enum err
do_session_list(struct req *r)
{
	return reply_tokens(r, TOKEN_SESSION, view_session);
}

/* DELETE /api/sessions/{id}/: ends that login at once. */
enum err
do_session_delete(struct req *r)
{
	return end_token(r, TOKEN_SESSION);
}

const struct field in_token_list[] = {PAGE_INPUTS(PAGE_SIZE_MAX), FIELDS_END};

/* GET /api/tokens/: the user's personal tokens, without their text. */
enum err
do_token_list(struct req *r)
{
	return reply_tokens(r, TOKEN_PERSONAL, view_token);
}

const struct field in_token_create[] = {
    {"name", FIELD_LINE, F_REQUIRED, 1, 100, NULL},
    {"expires_in_days", FIELD_INT, 0, 1, TOKEN_DAYS_MAX, NULL},
    FIELDS_END};

/* POST /api/tokens/: creates a personal token for the current profile. This
 * answer is the only one with its text. */
enum err
do_token_create(struct req *r)
{
	const int64_t days = in_int_or(r, "expires_in_days", TOKEN_DAYS);
	struct token_new new = {.user_id = r->actor.user_id,
				.expires =
				    r->ctx->now + days * 86400 * USEC_PER_SEC,
				.made.profile_id = r->actor.profile_id,
				.made.name = in_text(r, "name")};
	struct jsonout *j;
	enum err e = token_create_personal(&new, r->ctx, &r->actor);

	if (e)
		return e;
	j = reply(r, 201);
	json_string(j, "message", "Token created successfully");
	json_string(j, "token", new.text);
	view_token(j, r, &new.made);
	return OK;
}

/* DELETE /api/tokens/{id}/: revokes the token at once. */
enum err
do_token_delete(struct req *r)
{
	return end_token(r, TOKEN_PERSONAL);
}
