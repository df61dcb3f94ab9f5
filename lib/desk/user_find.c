/* Reads logins: by id, by what a person typed to log in, or by address. */

#include "base/address.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"

#define COLUMNS                                                               \
	"u.id, u.username, u.email, u.email_verified, u.first_name, "         \
	"u.last_name, " SQL_FULL_NAME(                                        \
	    "u") ", u.password_hash, u.is_active, u.wants_mail, "             \
		 "(SELECT n.bounced_at FROM mail_bounce n WHERE n.user_id = " \
		 "u.id), u.last_login_at, u.created_at"

enum { GET, FIND, BY_ADDRESS, PROVED, UNCLAIMED, STATEMENTS };

static struct stmt sql[] = {
    [GET] = {"SELECT " COLUMNS " FROM user u WHERE u.id = ?"},
    /* A proved address goes before a username of the same text. */
    [FIND] = {"SELECT " COLUMNS " FROM user u WHERE u.proved_email = ? "
	      "OR u.username_key = ? ORDER BY u.proved_email <=> ? DESC "
	      "LIMIT 1"},
    [BY_ADDRESS] = {"SELECT " COLUMNS " FROM user u WHERE u.email_key = ? "
		    "AND u.password_hash <> '' "
		    "ORDER BY u.email_verified DESC, u.id LIMIT 10"},
    [PROVED] = {"SELECT " COLUMNS " FROM user u WHERE u.proved_email = ?"},
    /* not the login of an invitation, which has no customer profile */
    [UNCLAIMED] = {"SELECT " COLUMNS " FROM user u WHERE u.email_key = ? "
		   "AND NOT u.email_verified AND u.password_hash = '' "
		   "AND u.is_active AND EXISTS (SELECT 1 FROM profile p "
		   "WHERE p.user_id = u.id AND p.kind = 'customer' "
		   "AND p.is_active) ORDER BY u.id LIMIT 1"},
};

const struct statements user_find_statements = {sql, STATEMENTS};

static void
read_user(struct user *u, struct rows *r)
{
	u->id = col_int(r);
	u->username = col_text(r);
	u->email = col_text(r);
	u->email_verified = col_bool(r);
	u->first_name = col_text(r);
	u->last_name = col_text(r);
	u->full_name = col_text(r);
	u->password_hash = col_text(r);
	u->is_active = col_bool(r);
	u->wants_mail = col_bool(r);
	u->mail_bounced_at = col_text(r);
	u->last_login_at = col_text(r);
	u->created_at = col_text(r);
}

enum err
user_get(struct user **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET], ARGS(arg_int(id)));

	if (!e)
		read_user(*out = arena_alloc(c->arena, sizeof(**out)), &rows);
	return e;
}

enum err
user_list_by_address(struct user **out, size_t *n, struct ctx *c,
		     const char *email)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[BY_ADDRESS],
			      ARGS(arg_text(account_key(c->arena, email))));

	if (e)
		return e;
	*n = rows.count;
	*out = arena_alloc(c->arena, (rows.count + 1) * sizeof(**out));
	for (size_t i = 0; rows_next(&rows); i++)
		read_user(&(*out)[i], &rows);
	return OK;
}

static enum err
find_by_key(struct user **out, struct ctx *c, int which, const char *address)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[which],
			    ARGS(arg_text(address_key(c->arena, address))));

	if (!e)
		read_user(*out = arena_alloc(c->arena, sizeof(**out)), &rows);
	return e;
}

enum err
user_find_proved(struct user **out, struct ctx *c, const char *address)
{
	return find_by_key(out, c, PROVED, address);
}

enum err
user_find_unclaimed(struct user **out, struct ctx *c, const char *address)
{
	return find_by_key(out, c, UNCLAIMED, address);
}

enum err
user_find(struct user **out, struct ctx *c, const char *login)
{
	const struct arg address = arg_text(address_key(c->arena, login)),
			 name = arg_text(account_key(c->arena, login));
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[FIND], ARGS(address, name, address));

	if (!e)
		read_user(*out = arena_alloc(c->arena, sizeof(**out)), &rows);
	return e;
}
