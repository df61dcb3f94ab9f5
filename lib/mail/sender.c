/* Who sent a mail, for lib/mail/decide.c: a person who may answer on an issue,
 * or one who may raise one; and the account that is made for a new sender
 * where an organization lets anyone raise issues. */
#include "sender.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/unicode.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/profile.h"
#include "desk/user.h"

#define DAY	 (86400 * USEC_PER_SEC)
#define NAME_MAX 80 /* characters */

enum { CORRESPONDENT, ROLES, WELCOMED, STATEMENTS };

static struct stmt sql[] = {
    [CORRESPONDENT] =
	{"SELECT i.organization_id, i.issue_number, i.status + 0, "
	 "i.resolved_at, u.email, u.email_verified, " SQL_FULL_NAME(
	     "u") ", IF(i.raised_by = u.id, k.id, NULL), p.id, p.kind + 0 "
		  "FROM issue i JOIN user u ON u.id = ? "
		  "LEFT JOIN profile k ON k.user_id = u.id AND k.is_active "
		  "AND u.is_active AND k.kind = 'customer' "
		  "LEFT JOIN profile p ON p.user_id = u.id AND p.is_active "
		  "AND u.is_active AND p.organization_id = i.organization_id "
		  "WHERE i.id = ? AND i.deleted_at IS NULL LIMIT 1"},
    [ROLES] = {"SELECT u.is_active AND EXISTS (SELECT 1 FROM profile k "
	       "WHERE k.user_id = u.id AND k.kind = 'customer' "
	       "AND k.is_active), EXISTS (SELECT 1 FROM profile p "
	       "WHERE p.user_id = u.id AND p.organization_id = ? "
	       "AND p.is_active) FROM user u WHERE u.id = ?"},
    [WELCOMED] = {"SELECT 1 FROM mail_job WHERE user_id = ? "
		  "AND kind = 'raised_by_mail' AND created_at > ? LIMIT 1"},
};

const struct statements mail_sender_statements = {sql, STATEMENTS};

static void
read_actor(struct actor *who, struct rows *r)
{
	const int64_t customer = col_int(r), staff = col_int(r);
	const enum role role = (enum role)col_int(r);

	if (customer) {
		who->role = ROLE_CUSTOMER;
		who->profile_id = customer;
	} else if (staff) {
		who->role = role;
		who->profile_id = staff;
	}
}

enum err
correspondent_find(struct correspondent *out, struct ctx *c, int64_t user_id,
		   int64_t issue_id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[CORRESPONDENT],
			    ARGS(arg_int(user_id), arg_int(issue_id)));

	if (e)
		return e;
	*out = (struct correspondent){
	    .user_id = user_id,
	    .issue_id = issue_id,
	    .who = {.user_id = user_id, .by_mail = true}};
	out->organization_id = col_int(&rows);
	out->issue_number = col_text(&rows);
	out->status = (enum status)col_int(&rows);
	out->resolved_at = col_time(&rows);
	out->address = col_text(&rows);
	out->is_proved = col_bool(&rows);
	out->who.name = col_text(&rows);
	read_actor(&out->who, &rows);
	if (actor_is_staff(&out->who))
		out->who.organization_id = out->organization_id;
	return OK;
}

bool
is_same_address(struct ctx *c, const char *a, const char *b)
{
	return strcmp(address_key(c->arena, a), address_key(c->arena, b)) == 0;
}

static enum err
find_stranger(struct mail_raiser *out, struct ctx *c, const char *address)
{
	struct user *user;
	enum err e = user_find_unclaimed(&user, c, address);

	if (!e)
		out->stranger_id = user->id;
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
mail_raiser_find(struct mail_raiser *out, struct ctx *c,
		 int64_t organization_id, const char *address)
{
	struct user *user;
	struct rows rows;
	enum err e = user_find_proved(&user, c, address);

	*out = (struct mail_raiser){0};
	if (e == ERR_NOTFOUND)
		return find_stranger(out, c, address);
	if (e)
		return e;
	e = db_one(&rows, c->db, &sql[ROLES],
		   ARGS(arg_int(organization_id), arg_int(user->id)));
	if (e)
		return e;
	out->user_id = user->id;
	out->is_customer = col_bool(&rows);
	out->is_staff = col_bool(&rows);
	out->name = user->full_name;
	return OK;
}

/* The name that the mail gives its sender, as far as one is shown. */
static const char *
sender_name(struct ctx *c, const char *name)
{
	char *line = text_clean(c->arena, name, false);
	size_t at = 0;

	for (int n = 0; n < NAME_MAX && line[at]; n++)
		at += utf8_sequence(line + at, strlen(line + at));
	line[at] = '\0';
	return line;
}

static enum err
create_mail_account(struct user **out, struct ctx *c, const char *address,
		    const char *name)
{
	const struct user_new new = {.username = user_name_of(c, address),
				     .email = address,
				     .first_name = sender_name(c, name)};
	int64_t id, profile;
	enum err e = user_create_named(&id, c, &new);

	if (!e)
		e = profile_create(&profile, c, id, ROLE_CUSTOMER, 0);
	return e ? e : user_get(out, c, id);
}

/* The link by which the person claims the account: once while it is valid. */
static enum err
mail_link(struct ctx *c, const struct user *user)
{
	const struct account_mail mail = {.kind = MAIL_RAISED_BY_MAIL,
					  .user_id = user->id,
					  .address = user->email};
	bool welcomed = false;
	enum err e = db_exists(&welcomed, c->db, &sql[WELCOMED],
			       ARGS(arg_int(user->id), arg_time(c->now - DAY)));

	return e || welcomed ? e : account_mail_add(c, &mail);
}

enum err
mail_raiser_create(struct mail_raiser *out, struct ctx *c, const char *address,
		   const char *name)
{
	struct user *user;
	enum err e = user_find_unclaimed(&user, c, address);

	if (e == ERR_NOTFOUND)
		e = create_mail_account(&user, c, address, name);
	if (!e)
		e = mail_link(c, user);
	if (!e)
		*out = (struct mail_raiser){.user_id = user->id,
					    .is_customer = true,
					    .name = user->full_name};
	return e;
}
