#include "assignee.h"

#include "base/address.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"

enum { BY_EMAIL, EMAIL, NAME, STATEMENTS };

static struct stmt sql[] = {
    [BY_EMAIL] = {"SELECT p.id FROM profile p "
		  "JOIN user u ON u.id = p.user_id "
		  "WHERE u.proved_email = ? AND p.organization_id = ? "
		  "AND p.kind <> 'customer' AND p.is_active "
		  "AND u.is_active"},
    [EMAIL] = {"SELECT u.email FROM profile p "
	       "JOIN user u ON u.id = p.user_id WHERE p.id = ?"},
    [NAME] = {"SELECT " SQL_FULL_NAME(
	"u") " FROM profile p "
	     "JOIN user u ON u.id = p.user_id WHERE p.id = ?"},
};

const struct statements sync_assignee_statements = {sql, STATEMENTS};

enum err
profile_by_email(int64_t *out, struct ctx *c, int64_t organization_id,
		 const char *email)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[BY_EMAIL],
			    ARGS(arg_text(account_key(c->arena, email)),
				 arg_int(organization_id)));

	if (e && e != ERR_NOTFOUND)
		return e;
	*out = e ? 0 : col_int(&rows);
	return OK;
}

/* One text about a profile. */
static enum err
profile_text(const char **out, struct ctx *c, int64_t profile_id,
	     struct stmt *which)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, which, ARGS(arg_int(profile_id)));

	if (e && e != ERR_NOTFOUND)
		return e;
	*out = e ? NULL : col_text(&rows);
	return OK;
}

enum err
profile_email(const char **out, struct ctx *c, int64_t profile_id)
{
	return profile_text(out, c, profile_id, &sql[EMAIL]);
}

enum err
profile_name(const char **out, struct ctx *c, int64_t profile_id)
{
	return profile_text(out, c, profile_id, &sql[NAME]);
}
