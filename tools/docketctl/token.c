/* Tokens: what programs log in with. */
#include "desk/token.h"
#include "admin/admin.h"
#include "docketctl.h"

#define DAYS_DEFAULT 365
#define DAYS_MAX     3650

static enum err
list(struct call *call)
{
	static const char *const columns[] = {
	    "id",	  "kind",	"name",	      "profile_id",
	    "created_at", "expires_at", "is_expired", NULL};
	static const char *const kinds[] = {"", "session", "personal",
					    "password"};
	struct token_line *t;
	struct user *u;
	struct sheet s;
	size_t n;
	enum err e = find_user(&u, call, given_text(call, "user"));

	if (!e)
		e = admin_tokens(&t, &n, call->c, u->id);
	if (e)
		return e;
	sheet_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int(&s, t[i].id);
		put_text(&s, kinds[t[i].kind]);
		put_text(&s, t[i].name);
		put_id(&s, t[i].profile_id);
		put_text(&s, t[i].created_at);
		put_text(&s, t[i].expires_at);
		put_bool(&s, t[i].is_expired);
	}
	sheet_print_list(&s);
	return OK;
}

/* The profile that is to act: one of the user's active ones (0: the primary
 * one). */
static enum err
check_profile(int64_t *id, struct call *call, const struct user *u)
{
	struct profile *p;
	size_t n;
	enum err e = profile_list(&p, &n, call->c, u->id);

	if (e)
		return e;
	if (!*id && n)
		*id = p[0].id;
	for (size_t i = 0; i < n; i++)
		if (p[i].id == *id)
			return OK;
	return *id ? refuse(call, ERR_INVALID, "%s has no active profile %lld",
			    u->username, (long long)*id)
		   : OK;
}

static enum err
issue(struct call *call)
{
	static const char *const columns[] = {"token", "expires_at", NULL};
	const struct actor operator= {.name = "docketctl"};
	const int64_t days = given_int(call, "days", DAYS_DEFAULT);
	struct token_new new = {
	    .made.profile_id = given_int(call, "profile", 0),
	    .expires = call->c->now + days * 86400 * USEC_PER_SEC,
	    .made.name = given_text(call, "name")};
	struct user *u;
	struct sheet s;
	enum err e = find_user(&u, call, given_text(call, "user"));

	if (!e)
		e = check_profile(&new.made.profile_id, call, u);
	if (e)
		return e;
	new.user_id = u->id;
	e = token_create_personal(&new, call->c, &operator);
	if (e)
		return e;
	sheet_init(&s, call, columns);
	put_text(&s, new.text);
	put_text(&s, new.made.expires_at);
	sheet_print_one(&s);
	return OK;
}

static enum err
revoke(struct call *call)
{
	const int64_t id = given_int(call, "token", 0);
	const bool all = given_switch(call, "all");
	const struct actor operator= {.name = "docketctl"};
	struct user *u;
	enum err e = find_user(&u, call, given_text(call, "user"));

	if (e)
		return e;
	if (all == (id != 0))
		return misuse(call, "give the id of a token, or --all");
	e = all ? token_revoke_all(call->c, u->id, 0)
		: token_revoke(call->c, &operator, u->id, id, 0);
	if (e == ERR_NOTFOUND)
		return refuse(call, e, "%s has no such token", u->username);
	return e ? e : list(call);
}

static enum err
purge(struct call *call)
{
	static const char *const columns[] = {"purged", NULL};
	struct sheet s;
	int64_t n;
	enum err e = token_purge(&n, call->c);

	if (e)
		return e;
	sheet_init(&s, call, columns);
	put_int(&s, n);
	sheet_print_one(&s);
	return OK;
}

static const struct param one[] = {USER, PARAMS_END};
static const struct param issue_params[] = {
    USER, ARGUMENT("name", F_REQUIRED, 100, "NAME", "what it is for"),
    PARAM_ID("profile", 0, "ID",
	     "the profile it acts as (default: the primary one)"),
    PARAM_INT("days", 1, DAYS_MAX, "N", "how long it lives (default: 365)"),
    PARAMS_END};
static const struct param revoke_params[] = {
    USER, ARGUMENT_ID("token", 0, "TOKEN", "id, as token list shows it"),
    PARAM_SWITCH("all", "every one of the user"), PARAMS_END};

const struct verb token_verbs[] = {
    {"token list", "Lists the tokens of a user", one, list},
    {"token issue", "Issues a personal token, and prints it this once",
     issue_params, issue},
    {"token revoke", "Ends a token, or all of a user", revoke_params, revoke},
    {"token purge", "Deletes the tokens that expired", NULL, purge},
    VERBS_END};
