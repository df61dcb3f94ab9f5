/* Tokens, with which programs and sessions authenticate. */
#include "desk/token.h"
#include "admin/admin.h"
#include "docketctl.h"

#define DAYS_DEFAULT 365
#define DAYS_MAX     3650

static enum err
verb_token_list(struct call *call)
{
	static const char *const columns[] = {
	    "id",	  "kind",	"name",	      "profile_id",
	    "created_at", "expires_at", "is_expired", NULL};
	static const char *const kinds[] = {"", "session", "personal",
					    "password"};
	struct token_line *t;
	struct user *u;
	struct table s;
	size_t n;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = admin_tokens(&t, &n, call->c, u->id);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, t[i].id);
		put_text_cell(&s, kinds[t[i].kind]);
		put_text_cell(&s, t[i].name);
		put_id_cell(&s, t[i].profile_id);
		put_text_cell(&s, t[i].created_at);
		put_text_cell(&s, t[i].expires_at);
		put_bool_cell(&s, t[i].is_expired);
	}
	table_print_list(&s);
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
verb_token_issue(struct call *call)
{
	static const char *const columns[] = {"token", "expires_at", NULL};
	const struct actor operator= {.name = "docketctl"};
	const int64_t days = given_int(call, "days", DAYS_DEFAULT);
	struct token_new new = {
	    .made.profile_id = given_int(call, "profile", 0),
	    .expires = call->c->now + days * 86400 * USEC_PER_SEC,
	    .made.name = given_text(call, "name")};
	struct user *u;
	struct table s;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = check_profile(&new.made.profile_id, call, u);
	if (e)
		return e;
	new.user_id = u->id;
	e = token_create_personal(&new, call->c, &operator);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_text_cell(&s, new.text);
	put_text_cell(&s, new.made.expires_at);
	table_print_one(&s);
	return OK;
}

static enum err
verb_token_revoke(struct call *call)
{
	const struct actor operator= {.name = "docketctl"};
	struct user *u;
	int64_t id;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = given_one_or_all(&id, call, "token", "a token");
	if (e)
		return e;
	e = id ? token_revoke(call->c, &operator, u->id, id, 0)
	       : token_revoke_all(call->c, u->id, 0);
	if (e == ERR_NOTFOUND)
		return refuse(call, e, "%s has no such token", u->username);
	return e ? e : verb_token_list(call);
}

static enum err
verb_token_purge(struct call *call)
{
	int64_t n;
	enum err e = token_purge(&n, call->c);

	if (!e)
		table_print_count(call, "purged", n);
	return e;
}

static const struct param one[] = {USER, PARAMS_END};
static const struct param issue_params[] = {
    USER, ARGUMENT("name", F_REQUIRED, 100, "NAME", "what it is for"),
    PARAM_ID("profile", 0, "ID",
	     "the profile it acts as (default: the primary one)"),
    PARAM_INT("days", 1, DAYS_MAX, "N", "days until it expires (default: 365)"),
    PARAMS_END};
static const struct param revoke_params[] = {
    USER, ARGUMENT_ID("token", 0, "TOKEN", "id, as token list shows it"),
    PARAM_SWITCH("all", "all tokens of the user"), PARAMS_END};

const struct verb token_verbs[] = {
    {"token list", "Lists the tokens of a user", one, verb_token_list},
    {"token issue", "Creates a personal token and prints it, only now",
     issue_params, verb_token_issue},
    {"token revoke", "Revokes a token, or all tokens of a user", revoke_params,
     verb_token_revoke},
    {"token purge", "Deletes expired tokens", NULL, verb_token_purge},
    VERBS_END};
