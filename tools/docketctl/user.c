/* The verbs about users. What changes who may act (a password, a deactivation)
 * also revokes the user's tokens. Profiles are in profile.c. */
#include <stdio.h>

#include "admin/admin.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "desk/auth.h"
#include "desk/email_proof.h"
#include "desk/erasure.h"
#include "desk/person_export.h"
#include "desk/token.h"
#include "docketctl.h"

#define EXPORT_PIECE_MAX (64UL * 1024 * 1024) /* bytes held at a time */
#define LINK_TTL	 (7 * 86400 * USEC_PER_SEC)

static void
put_user_line(struct table *s, const struct user_line *u)
{
	put_int_cell(s, u->id);
	put_text_cell(s, u->username);
	put_text_cell(s, u->email);
	put_bool_cell(s, u->email_verified);
	put_text_cell(s, u->full_name);
	put_bool_cell(s, u->is_active);
	put_bool_cell(s, u->has_password);
	put_int_cell(s, u->profiles);
	put_text_cell(s, u->last_login_at);
	put_text_cell(s, u->created_at);
}

static enum err
verb_user_list(struct call *call)
{
	static const char *const columns[] = {"id",
					      "username",
					      "email",
					      "email_verified",
					      "full_name",
					      "is_active",
					      "has_password",
					      "profiles",
					      "last_login_at",
					      "created_at",
					      NULL};
	const struct admin_page page = {given_text(call, "search"),
					given_page(call)};
	struct user_line *u;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = admin_users(&u, &n, &total, call->c, &page);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++)
		put_user_line(&s, &u[i]);
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

/* `link` sets the first password; NULL: there is none to show. */
static enum err
print_user(struct call *call, int64_t id, const char *link)
{
#define COLUMNS                                                                \
	"id", "username", "email", "email_verified", "full_name", "is_active", \
	    "has_password", "last_login_at", "created_at"
	static const char *const columns[] = {COLUMNS, NULL},
				 *const with_link[] = {COLUMNS, "password_link",
						       NULL};
	struct user *u;
	struct table s;
	enum err e = user_get(&u, call->c, id);

	if (e)
		return e;
	table_init(&s, call, link ? with_link : columns);
	put_int_cell(&s, u->id);
	put_text_cell(&s, u->username);
	put_text_cell(&s, u->email);
	put_bool_cell(&s, u->email_verified);
	put_text_cell(&s, u->full_name);
	put_bool_cell(&s, u->is_active);
	put_bool_cell(&s, *u->password_hash != '\0');
	put_text_cell(&s, u->last_login_at);
	put_text_cell(&s, u->created_at);
	if (link)
		put_text_cell(&s, link);
	table_print_one(&s);
	return OK;
}

struct creating {
	struct ctx *c;
	struct user_new new;
	bool customer;
	int64_t id;
	char token[TOKEN_TEXT]; /* where there is no password */
};

static enum err
create_user(void *arg)
{
	struct creating *g = arg;
	struct ctx *c = g->c;
	int64_t profile;
	enum err e = user_create(&g->id, c, &g->new);

	if (!e && g->customer)
		e = profile_create(&profile, c, g->id, ROLE_CUSTOMER, 0);
	if (!e && !g->new.password)
		e = token_issue(g->token, NULL, c, g->id, 0, TOKEN_PASSWORD,
				"first password", c->now + LINK_TTL);
	return e;
}

static enum err
verb_user_create(struct call *call)
{
	struct creating g = {
	    .c = call->c,
	    .new = {.username = given_text(call, "username"),
		    .email = given_text(call, "email"),
		    .first_name = given_text(call, "first-name"),
		    .last_name = given_text(call, "last-name"),
		    .email_verified = given_switch(call, "verified")},
	    .customer = given_switch(call, "customer")};
	enum err e = OK;

	if (!given_switch(call, "invite"))
		e = read_password(&g.new.password, call);
	if (!e)
		e = db_transaction(call->c->db, create_user, &g);
	if (e)
		return e;
	return print_user(
	    call, g.id, *g.token ? auth_password_link(call->c, g.token) : NULL);
}

static enum err
verb_user_show(struct call *call)
{
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	return e ? e : print_user(call, u->id, NULL);
}

/* A new password also revokes all tokens of the user. */
static enum err
verb_user_password(struct call *call)
{
	const struct actor operator= {.name = "docketctl"};
	const char *text;
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = read_password(&text, call);
	if (!e)
		e = auth_set_password(call->c, &operator, u->id, text);
	return e ? e : print_user(call, u->id, NULL);
}

/* For installations that send no mail, or when a mail does not arrive. */
static enum err
verb_user_email_link(struct call *call)
{
	static const char *const columns[] = {"username", "confirm_link", NULL};
	const char *link = NULL;
	struct user *u;
	struct table s;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (e)
		return e;
	e = email_proof_link(&link, call->c, u->id, NULL);
	if (e == ERR_NOTFOUND)
		return refuse(call, e,
			      "%s has no address to confirm; in their account "
			      "they can ask for that, and have a day then",
			      u->username);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_text_cell(&s, u->username);
	put_text_cell(&s, link);
	table_print_one(&s);
	return OK;
}

static bool
print_piece(void *arg)
{
	struct buf *out = arg;
	const bool done = fwrite(out->data, 1, out->len, stdout) == out->len;

	buf_clear(out);
	return done;
}

/* What is kept about a person, as one JSON document. */
static enum err
verb_user_export(struct call *call)
{
	const struct actor operator= {.name = "docketctl"};
	struct buf out;
	struct jsonout json;
	const struct person_sink sink = {&json, print_piece, &out};
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (e)
		return e;
	buf_init(&out, EXPORT_PIECE_MAX);
	json_begin(&json, &out);
	e = person_export(call->c, &operator, u->id, &sink);
	buf_release(&out);
	if (!e)
		putchar('\n');
	return e;
}

/* The account ends; its name and address are replaced everywhere. */
static enum err
verb_user_erase(struct call *call)
{
	const struct actor operator= {.name = "docketctl"};
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = person_erase(call->c, &operator, u->id);
	return e ? e : print_user(call, u->id, NULL);
}

static enum err
set_active(struct call *call, bool active)
{
	struct user *u;
	enum err e = find_user_argument(&u, call, given_text(call, "user"));

	if (!e)
		e = user_set_active(call->c, u->id, active);
	return e ? e : print_user(call, u->id, NULL);
}

static enum err
verb_user_deactivate(struct call *call)
{
	return set_active(call, false);
}

static enum err
verb_user_activate(struct call *call)
{
	return set_active(call, true);
}

static const struct param one[] = {USER, PARAMS_END};

static const struct param list_params[] = {
    PARAM_LINE("search", 0, 254, "TEXT",
	       "what the username or address begins with"),
    PARAMS_LIST, PARAMS_END};

static const struct param create_params[] = {
    ARGUMENT("username", F_REQUIRED, 150, "USERNAME", "to log in with"),
    ARGUMENT_EMAIL("email", "their e-mail address, to log in with as well"),
    PARAM_LINE("first-name", 0, 80, "NAME", "first name"),
    PARAM_LINE("last-name", 0, 80, "NAME", "last name"),
    PARAM_SWITCH("verified",
		 "the address is confirmed: it is known to be theirs"),
    PARAM_SWITCH("customer", "with a customer profile"),
    PARAM_SWITCH("invite", "no password: print a link to set one, once, "
			   "within 7 days"),
    PARAMS_END};

const struct verb user_verbs[] = {
    {"user list", "Lists users", list_params, verb_user_list},
    {"user show", "Shows a user", one, verb_user_show},
    {"user create",
     "Creates a user; the password is asked for, or read from stdin",
     create_params, verb_user_create},
    {"user password",
     "Sets a password, asked for or read from stdin; revokes all tokens", one,
     verb_user_password},
    {"user email-link",
     "Prints a link that confirms the address, for the user logged in", one,
     verb_user_email_link},
    {"user deactivate", "Deactivates a user and revokes their tokens", one,
     verb_user_deactivate},
    {"user export", "Prints what is kept about a person, as JSON", one,
     verb_user_export},
    {"user erase",
     "Ends an account, and replaces its name and address everywhere", one,
     verb_user_erase},
    {"user activate", "Activates a user again", one, verb_user_activate},
    VERBS_END};
