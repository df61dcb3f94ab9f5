/* The staff of an organization: who is on it, and how somebody joins or leaves.
 *
 * A person is on the staff by a staff profile. One that leaves is deactivated,
 * never deleted, because issues and histories refer to it. Deactivating it
 * revokes its tokens and hands its open issues over (handover.c), and is
 * refused for the last active owner. Invitations by e-mail are in invitation.c;
 * the rows of the profiles themselves in profile.c. */

#include "desk/staff.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/handover.h"
#include "desk/issue.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "desk/user.h"

enum { LIST, COUNT, FIND, GET, STATEMENTS };

#define COLUMNS                                     \
	"p.id, p.user_id, p.kind + 0, u.username, " \
	"u.email, u.email_verified, u.first_name, " \
	"u.last_name, " SQL_FULL_NAME(              \
	    "u") ", p.is_active AND u.is_active, "  \
		 "u.password_hash = '', u.last_login_at, p.created_at "

#define OF_ORGANIZATION                                   \
	"FROM profile p JOIN user u ON u.id = p.user_id " \
	"WHERE p.organization_id = ? "

#define ACTIVE_OR_ALL "AND (p.is_active AND u.is_active OR ?) "

static struct stmt sql[] = {
    [LIST] = {"SELECT " COLUMNS OF_ORGANIZATION ACTIVE_OR_ALL
	      "ORDER BY " SQL_FULL_NAME("u") ", p.id " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(OF_ORGANIZATION ACTIVE_OR_ALL)},
    [FIND] =
	{"SELECT " SQL_DIRECTORY_COUNTED(COLUMNS) " FROM " SQL_DIRECTORY_WALK(
	    "'staff'") "JOIN profile p "
		       "ON p.id = w.entry_id JOIN user u ON u.id = p.user_id "
		       "WHERE " SQL_DIRECTORY_FITS(
			   "'staff'") " AND p.organization_id = "
				      "? " ACTIVE_OR_ALL SQL_DIRECTORY_PAGE},
    [GET] = {"SELECT " COLUMNS OF_ORGANIZATION "AND p.id = ?"},
};

const struct statements staff_statements = {sql, STATEMENTS};

static void
read_employee(struct employee *p, struct rows *r)
{
	p->id = col_int(r);
	p->user_id = col_int(r);
	p->role = (enum role)col_int(r);
	p->username = col_text(r);
	p->email = col_text(r);
	p->email_verified = col_bool(r);
	p->first_name = col_text(r);
	p->last_name = col_text(r);
	p->full_name = col_text(r);
	p->is_active = col_bool(r);
	p->is_invited = col_bool(r);
	p->last_login_at = col_text(r);
	p->created_at = col_text(r);
}

static enum err
find_staff(struct rows *rows, int64_t *total, struct ctx *c, int64_t org,
	   bool all, const struct list_page *page)
{
	struct directory_query q;
	bool has_words;
	enum err e = directory_query_read(&q, &has_words, c, DIRECTORY_STAFF,
					  org, page->search);

	return e || !has_words
		   ? e
		   : directory_find(rows, total, c, &sql[FIND], org, &q, page,
				    ARGS(arg_int(org), arg_int(all)));
}

enum err
employee_list(struct employee **out, size_t *n, int64_t *total, struct ctx *c,
	      const struct actor *who, bool all, const struct list_page *page)
{
	struct rows rows = {0};
	struct employee *p;
	enum err e;

	*total = 0;
	e = page->search
		? find_staff(&rows, total, c, who->organization_id, all, page)
		: list_read(&rows, total, c, &sql[COUNT], &sql[LIST], page,
			    ARGS(arg_int(who->organization_id), arg_int(all)));
	if (e)
		return e;
	*n = rows.count;
	*out = p = arena_alloc(c->arena, (rows.count + 1) * sizeof(*p));
	while (rows_next(&rows))
		read_employee(p++, &rows);
	return OK;
}

enum err
employee_get(struct employee **out, struct ctx *c, const struct actor *who,
	     int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET],
			    ARGS(arg_int(who->organization_id), arg_int(id)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_employee(*out, &rows);
	return OK;
}

/* The arguments of add_within(). */
struct staff_addition {
	struct ctx *c;
	const struct actor *who;
	int64_t user_id, profile_id;
	enum role role;
};

static enum err
add_within(void *arg)
{
	struct staff_addition *g = arg;
	enum err e = profile_create(&g->profile_id, g->c, g->user_id, g->role,
				    g->who->organization_id);

	return e ? e
		 : security_log_add(g->c, SECURITY_ROLE_ACTIVATED, g->who,
				    g->user_id,
				    enum_name_text(role_names, g->role));
}

enum err
employee_add(int64_t *id, struct ctx *c, const struct actor *who,
	     int64_t user_id, enum role role)
{
	struct staff_addition g = {
	    .c = c, .who = who, .user_id = user_id, .role = role};
	struct user *user;
	enum err e = user_get(&user, c, user_id);

	if (e == ERR_NOTFOUND)
		return fault_add(&c->faults, "user", "There is no such user.");
	if (!e)
		e = db_transaction(c->db, add_within, &g);
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "user",
				 "This person is already on the staff.");
	if (!e)
		*id = g.profile_id;
	return e;
}

/* The arguments of change_within(). */
struct staff_change {
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	const struct employee_change *change;
};

static enum err
check_last_owner(struct staff_change *g)
{
	bool has_other;
	enum err e = organization_has_other_owner(
	    &has_other, g->c, g->who->organization_id, g->id);

	if (!e && !has_other)
		return fault_add(&g->c->faults,
				 g->change->set_active ? "is_active"
						       : "profile_type",
				 "An organization must keep at least one "
				 "owner.");
	return e;
}

static bool
deactivates(const struct employee_change *ch)
{
	return ch->set_active && !ch->is_active;
}

static enum err
log_change(struct staff_change *g, const struct employee *was)
{
	const struct employee_change *ch = g->change;
	enum err e = OK;

	if (ch->set_active && ch->is_active != was->is_active)
		e = security_log_add(g->c,
				     ch->is_active ? SECURITY_ROLE_ACTIVATED
						   : SECURITY_ROLE_DEACTIVATED,
				     g->who, was->user_id,
				     enum_name_text(role_names, was->role));
	if (!e && ch->role && ch->role != was->role)
		e = security_log_add(g->c, SECURITY_ROLE_CHANGED, g->who,
				     was->user_id,
				     enum_name_text(role_names, ch->role));
	return e;
}

static enum err
change_within(void *arg)
{
	struct staff_change *g = arg;
	const struct employee_change *ch = g->change;
	const struct profile_change profile = {.set_active = ch->set_active,
					       .is_active = ch->is_active,
					       .role = ch->role};
	struct employee *was;
	enum err e = employee_get(&was, g->c, g->who, g->id);

	if (e)
		return e;
	if (was->role == ROLE_VENDOR && was->is_active &&
	    (deactivates(ch) || ch->role == ROLE_EMPLOYEE))
		e = check_last_owner(g);
	if (!e)
		e = profile_change(g->c, g->who->organization_id, g->id,
				   &profile);
	if (!e && deactivates(ch))
		e = token_revoke_of_profile(g->c, g->id);
	if (!e && deactivates(ch))
		e = handover_begin(g->c, g->who, g->id, ch->successor);
	else if (!e && ch->set_active)
		e = handover_end(g->c, g->id);
	return e ? e : log_change(g, was);
}

enum err
employee_change(struct ctx *c, const struct actor *who, int64_t id,
		const struct employee_change *ch)
{
	struct staff_change g = {.c = c, .who = who, .id = id, .change = ch};
	bool more;
	enum err e;

	if (ch->successor && !deactivates(ch))
		return fault_add(&c->faults, "successor",
				 "A successor is allowed only when an employee "
				 "is deactivated.");
	e = db_transaction(c->db, change_within, &g);
	return e || !deactivates(ch) ? e : handover_some(&more, c, id);
}
