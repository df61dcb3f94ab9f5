#include "desk/directory.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/handover.h"
#include "desk/invitation.h"
#include "desk/issue.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "desk/user.h"

enum {
	VENDORS,
	VENDORS_COUNT,
	VENDOR_CREATE,
	VENDOR_FITS,
	ORDERS_OF_STAFF,
	ORDERS_OF_STAFF_COUNT,
	ORDERS_OF_USER,
	ORDERS_OF_USER_COUNT,
	ORDER_CREATE,
	EMPLOYEES,
	EMPLOYEES_COUNT,
	EMPLOYEE,
	INVITED,
	RENEW,
	OWNERS_LOCK,
	OWNERS,
	CHANGE,
	STATEMENTS
};

#define OF_VENDORS                                                       \
	"FROM vendor v JOIN organization o ON o.id = v.organization_id " \
	"WHERE v.organization_id = ? AND (? OR (o.is_active AND ("       \
	"EXISTS (SELECT 1 FROM customer k WHERE k.user_id = ? "          \
	"AND k.organization_id = o.id) OR "                              \
	"EXISTS (SELECT 1 FROM purchase b WHERE b.user_id = ? "          \
	"AND b.organization_id = o.id)))) "

#define ORDER                                                              \
	"SELECT b.id, b.organization_id, b.user_id, " SQL_FULL_NAME(       \
	    "u") ", b.vendor_id, v.name,"                                  \
		 " b.order_number, b.title, b.created_at FROM purchase b " \
		 "JOIN user u ON u.id = b.user_id "                        \
		 "LEFT JOIN vendor v ON v.id = b.vendor_id "

#define OF_USER "b.user_id = ? AND (? IS NULL OR b.organization_id = ?) "

#define EMPLOYEE_COLUMNS                                   \
	"SELECT p.id, p.user_id, p.kind + 0, u.username, " \
	"u.email, u.email_verified, u.first_name, "        \
	"u.last_name, " SQL_FULL_NAME(                     \
	    "u") ", p.is_active AND u.is_active, "         \
		 "u.password_hash = '', u.last_login_at, p.created_at "

#define OF_EMPLOYEES                                      \
	"FROM profile p JOIN user u ON u.id = p.user_id " \
	"WHERE p.organization_id = ? "

/* Counts stop at COUNT_CAP. */
#define CAPPED(rows) "SELECT COUNT(*) FROM (SELECT 1 " rows "LIMIT ?) k"
#define PAGE	     "LIMIT ? OFFSET ?"

static struct stmt sql[] = {
    [VENDORS] = {"SELECT v.id, v.organization_id, v.name, v.email, "
		 "v.created_at " OF_VENDORS "ORDER BY v.name, v.id " PAGE},
    [VENDORS_COUNT] = {CAPPED(OF_VENDORS)},
    [VENDOR_CREATE] = {"INSERT INTO vendor (organization_id, name, email, "
		       "created_at) VALUES (?, ?, ?, ?)"},
    [VENDOR_FITS] = {"SELECT 1 FROM vendor WHERE id = ? "
		     "AND organization_id = ?"},
    [ORDERS_OF_STAFF] = {ORDER "WHERE b.organization_id = ? "
			       "ORDER BY b.id DESC " PAGE},
    [ORDERS_OF_STAFF_COUNT] = {CAPPED("FROM purchase b "
				      "WHERE b.organization_id = ? ")},
    [ORDERS_OF_USER] = {ORDER "WHERE " OF_USER "ORDER BY b.id DESC " PAGE},
    [ORDERS_OF_USER_COUNT] = {CAPPED("FROM purchase b WHERE " OF_USER)},
    [ORDER_CREATE] = {"INSERT INTO purchase (organization_id, user_id, "
		      "vendor_id, order_number, title, created_at) "
		      "VALUES (?, ?, ?, ?, ?, ?)"},
    [EMPLOYEES] = {EMPLOYEE_COLUMNS OF_EMPLOYEES
		   "AND (p.is_active AND u.is_active OR ?) "
		   "ORDER BY " SQL_FULL_NAME("u") ", p.id " PAGE},
    [EMPLOYEES_COUNT] = {CAPPED(OF_EMPLOYEES
				"AND (p.is_active AND u.is_active OR ?) ")},
    [EMPLOYEE] = {EMPLOYEE_COLUMNS OF_EMPLOYEES "AND p.id = ?"},
    [INVITED] =
	{"SELECT p.id, u.id, u.password_hash = '' "
	 "AND NOT u.email_verified AND NOT EXISTS (SELECT 1 FROM invitation i "
	 "WHERE i.profile_id = p.id AND i.expires_at > ? "
	 "AND p.is_active) FROM user u JOIN profile p "
	 "ON p.user_id = u.id WHERE u.email_key = ? "
	 "AND p.organization_id = ? LIMIT 1"},
    [RENEW] = {"UPDATE profile SET is_active = TRUE, kind = ? WHERE id = ?",
	       true},
    [OWNERS_LOCK] = {"UPDATE organization SET updated_at = ? WHERE id = ?"},
    [OWNERS] = {"SELECT COUNT(*) " OF_EMPLOYEES
		"AND p.kind = 'vendor' AND p.is_active AND u.is_active "
		"AND u.password_hash <> '' "
		"AND p.id <> ?"},
    [CHANGE] = {"UPDATE profile SET is_active = IF(?, ?, is_active), "
		"kind = COALESCE(?, kind) WHERE id = ? "
		"AND organization_id = ?",
		true},
};

const struct statements directory_statements = {sql, STATEMENTS};

/* The organization whose things the actor may list: 0 for none. */
static int64_t
reach(const struct actor *who, int64_t organization_id)
{
	if (!actor_is_staff(who))
		return organization_id;
	if (organization_id && organization_id != who->organization_id)
		return 0;
	return who->organization_id;
}

static enum err
count(int64_t *total, struct ctx *c, int which, const struct arg *args,
      size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[which], args, n);

	if (!e)
		*total = col_int(&rows);
	return e;
}

enum err
vendor_list(struct vendor **out, size_t *n, int64_t *total, struct ctx *c,
	    const struct actor *who, int64_t organization_id,
	    const struct directory_page *page)
{
	const struct arg org = arg_int(reach(who, organization_id)),
			 staff = arg_int(actor_is_staff(who)),
			 user = arg_int(who->user_id);
	struct rows rows;
	struct vendor *v;
	enum err e = count(total, c, VENDORS_COUNT,
			   ARGS(org, staff, user, user, arg_int(COUNT_CAP)));

	if (!e)
		e = db_query(&rows, c->db, &sql[VENDORS],
			     ARGS(org, staff, user, user, arg_int(page->limit),
				  arg_int(page->offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = v = arena_alloc(c->arena, (rows.count + 1) * sizeof(*v));
	for (; rows_next(&rows); v++) {
		v->id = col_int(&rows);
		v->organization_id = col_int(&rows);
		v->name = col_text(&rows);
		v->email = col_text(&rows);
		v->created_at = col_text(&rows);
	}
	return OK;
}

enum err
vendor_create(int64_t *id, struct ctx *c, const struct actor *who,
	      const char *name, const char *email)
{
	enum err e =
	    db_run(c->db, &sql[VENDOR_CREATE],
		   ARGS(arg_int(who->organization_id), arg_text(name),
			arg_text(email ? email : ""), arg_time(c->now)));

	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "name",
				 "There is a vendor of this name already.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

static void
read_order(struct order *o, struct rows *r)
{
	o->id = col_int(r);
	o->organization_id = col_int(r);
	o->user_id = col_int(r);
	o->user_name = col_text(r);
	o->vendor_id = col_int(r);
	o->vendor_name = col_text(r);
	o->number = col_text(r);
	o->title = col_text(r);
	o->created_at = col_text(r);
}

enum err
order_list(struct order **out, size_t *n, int64_t *total, struct ctx *c,
	   const struct actor *who, int64_t organization_id,
	   const struct directory_page *page)
{
	const struct arg user = arg_int(who->user_id),
			 org = arg_id(reach(who, organization_id)),
			 limit = arg_int(page->limit),
			 offset = arg_int(page->offset),
			 cap = arg_int(COUNT_CAP);
	struct rows rows;
	struct order *o;
	enum err e;

	if (actor_is_staff(who)) {
		e = count(total, c, ORDERS_OF_STAFF_COUNT, ARGS(org, cap));
		if (!e)
			e = db_query(&rows, c->db, &sql[ORDERS_OF_STAFF],
				     ARGS(org, limit, offset));
	} else {
		e = count(total, c, ORDERS_OF_USER_COUNT,
			  ARGS(user, org, org, cap));
		if (!e)
			e = db_query(&rows, c->db, &sql[ORDERS_OF_USER],
				     ARGS(user, org, org, limit, offset));
	}
	if (e)
		return e;
	*n = rows.count;
	*out = o = arena_alloc(c->arena, (rows.count + 1) * sizeof(*o));
	while (rows_next(&rows))
		read_order(o++, &rows);
	return OK;
}

/* Both references of a new order are of the right kind. */
static enum err
check_order(struct ctx *c, const struct actor *who, const struct order_new *new)
{
	struct user *user;
	struct rows rows;
	enum err e = user_get(&user, c, new->user_id), f = OK;

	if (e == ERR_NOTFOUND)
		e = fault_add(&c->faults, "user", "There is no such user.");
	if (new->vendor_id && (!e || e == ERR_INVALID))
		f = db_one(&rows, c->db, &sql[VENDOR_FITS],
			   ARGS(arg_int(new->vendor_id),
				arg_int(who->organization_id)));
	if (f == ERR_NOTFOUND)
		f = fault_add(&c->faults, "vendor",
			      "This organization has no such vendor.");
	return e ? e : f;
}

enum err
order_create(int64_t *id, struct ctx *c, const struct actor *who,
	     const struct order_new *new)
{
	enum err e = check_order(c, who, new);

	if (!e)
		e = db_run(c->db, &sql[ORDER_CREATE],
			   ARGS(arg_int(who->organization_id),
				arg_int(new->user_id), arg_id(new->vendor_id),
				arg_text(new->number),
				arg_text(new->title ? new->title : ""),
				arg_time(c->now)));
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "order_number",
				 "There is an order of this number already.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

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

enum err
employee_list(struct employee **out, size_t *n, int64_t *total, struct ctx *c,
	      const struct actor *who, bool all,
	      const struct directory_page *page)
{
	const struct arg org = arg_int(who->organization_id);
	struct rows rows;
	struct employee *p;
	enum err e = count(total, c, EMPLOYEES_COUNT,
			   ARGS(org, arg_int(all), arg_int(COUNT_CAP)));

	if (!e)
		e = db_query(&rows, c->db, &sql[EMPLOYEES],
			     ARGS(org, arg_int(all), arg_int(page->limit),
				  arg_int(page->offset)));
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
	enum err e = db_one(&rows, c->db, &sql[EMPLOYEE],
			    ARGS(arg_int(who->organization_id), arg_int(id)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_employee(*out, &rows);
	return OK;
}

enum err
employee_add(int64_t *id, struct ctx *c, const struct actor *who,
	     int64_t user_id, enum role role)
{
	struct user *user;
	enum err e = user_get(&user, c, user_id);

	if (e == ERR_NOTFOUND)
		return fault_add(&c->faults, "user", "There is no such user.");
	if (!e)
		e = profile_create(id, c, user_id, role, who->organization_id);
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "user",
				 "This person is on the staff already.");
	return e;
}

/* As the security log tells it. */
static const char *
role_name(enum role role)
{
	return role == ROLE_VENDOR ? "vendor" : "employee";
}

struct inviting {
	struct ctx *c;
	const struct actor *who;
	const struct employee_new *new;
	int64_t user_id;
	struct employee_invited out;
};

/* The staff profile waits in a login of its own, whoever has the address: who
 * invites must not get to know, or to set the password of somebody's login. */
static enum err
make_waiting(struct inviting *v)
{
	const struct user_new user = {
	    .username = v->new->username ? v->new->username
					 : user_name_of(v->c, v->new->email),
	    .email = v->new->email,
	    .first_name = v->new->first_name,
	    .last_name = v->new->last_name};
	enum err e = v->new->username
			 ? user_create(&v->user_id, v->c, &user)
			 : user_create_named(&v->user_id, v->c, &user);

	return e ? e
		 : profile_create(&v->out.id, v->c, v->user_id, v->new->role,
				  v->who->organization_id);
}

/* OK: the profile is there. An invitation that was declined or has expired may
 * be sent again. */
static enum err
find_waiting(struct inviting *v)
{
	struct ctx *c = v->c;
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[INVITED],
			    ARGS(arg_time(c->now),
				 arg_text(account_key(c->arena, v->new->email)),
				 arg_int(v->who->organization_id)));

	if (e == ERR_NOTFOUND)
		return make_waiting(v);
	if (e)
		return e;
	v->out.id = col_int(&rows);
	v->user_id = col_int(&rows);
	if (!col_bool(&rows))
		return fault_add(&c->faults, "email",
				 "This person is on the staff already.");
	e = db_run(c->db, &sql[RENEW],
		   ARGS(arg_int(v->new->role), arg_int(v->out.id)));
	return e ? e : handover_end(c, v->out.id);
}

/* Where no mail is configured, who invites hands the link over. */
static enum err
make_link(struct inviting *v)
{
	struct ctx *c = v->c;
	const usec_t expires = c->now + INVITATION_LIFE;
	char iso[CLOCK_TEXT];

	v->out.expires_at = arena_strdup(c->arena, clock_iso(iso, expires));
	*v->out.token = '\0';
	if (c->conf->smtp_url)
		return OK;
	return token_issue(v->out.token, NULL, c, v->user_id, v->out.id,
			   TOKEN_PASSWORD, "invitation", expires);
}

static enum err
invite(void *arg)
{
	struct inviting *v = arg;
	enum err e = find_waiting(v);

	if (!e)
		e = invitation_send(v->c, v->who->organization_id, v->out.id,
				    v->new->email);
	if (!e)
		e = make_link(v);
	return e ? e
		 : security_log_add(v->c, SECURITY_ROLE_INVITED, v->who,
				    v->user_id, role_name(v->new->role));
}

enum err
employee_invite(struct employee_invited *out, struct ctx *c,
		const struct actor *who, const struct employee_new *new)
{
	struct inviting v = {.c = c, .who = who, .new = new};
	enum err e = db_transaction(c->db, invite, &v);

	if (!e)
		*out = v.out;
	return e;
}

struct changing {
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	const struct employee_change *change;
};

/* Refuses when there is no other active owner. The row of the organization is
 * written, not only locked, so that two owners who remove each other cannot
 * both succeed, not even on two nodes of a cluster. */
static enum err
check_owners(struct changing *g)
{
	struct ctx *c = g->c;
	const struct arg org = arg_int(g->who->organization_id);
	struct rows rows;
	enum err e =
	    db_run(c->db, &sql[OWNERS_LOCK], ARGS(arg_time(c->now), org));

	if (!e)
		e = db_one(&rows, c->db, &sql[OWNERS],
			   ARGS(org, arg_int(g->id)));
	if (!e && col_int(&rows) == 0)
		return fault_add(&c->faults,
				 g->change->set_active ? "is_active"
						       : "profile_type",
				 "An organization keeps its last owner.");
	return e;
}

static bool
leaves(const struct employee_change *ch)
{
	return ch->set_active && !ch->is_active;
}

static enum err
note_change(struct changing *g, const struct employee *p)
{
	const struct employee_change *ch = g->change;
	enum err e = OK;

	if (ch->set_active && ch->is_active != p->is_active)
		e = security_log_add(g->c,
				     ch->is_active ? SECURITY_ROLE_ACTIVATED
						   : SECURITY_ROLE_DEACTIVATED,
				     g->who, p->user_id, role_name(p->role));
	if (!e && ch->role && ch->role != p->role)
		e = security_log_add(g->c, SECURITY_ROLE_CHANGED, g->who,
				     p->user_id, role_name(ch->role));
	return e;
}

static enum err
change(void *arg)
{
	struct changing *g = arg;
	const struct employee_change *ch = g->change;
	struct employee *p;
	enum err e = employee_get(&p, g->c, g->who, g->id);

	if (e)
		return e;
	if (p->role == ROLE_VENDOR && p->is_active &&
	    (leaves(ch) || ch->role == ROLE_EMPLOYEE))
		e = check_owners(g);
	if (!e)
		e = db_run(g->c->db, &sql[CHANGE],
			   ARGS(arg_int(ch->set_active), arg_int(ch->is_active),
				arg_id(ch->role), arg_int(g->id),
				arg_int(g->who->organization_id)));
	if (!e && leaves(ch))
		e = token_revoke_of_profile(g->c, g->id);
	if (!e && leaves(ch))
		e = handover_begin(g->c, g->who, g->id, ch->successor);
	else if (!e && ch->set_active)
		e = handover_end(g->c, g->id);
	return e ? e : note_change(g, p);
}

enum err
employee_change(struct ctx *c, const struct actor *who, int64_t id,
		const struct employee_change *ch)
{
	struct changing g = {.c = c, .who = who, .id = id, .change = ch};
	bool more;
	enum err e;

	if (ch->successor && !leaves(ch))
		return fault_add(&c->faults, "successor",
				 "Only who is deactivated has a successor.");
	e = db_transaction(c->db, change, &g);
	return e || !leaves(ch) ? e : handover_some(&more, c, id);
}
