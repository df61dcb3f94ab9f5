/* Rows of table profile: what users may act as. Each function is one statement,
 * but for those that add somebody to a staff: they also write the words by
 * which the person is found. When profiles are created, changed and deactivated
 * is decided in user.c, staff.c, invitation.c and erasure.c. */

#include "desk/profile.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/list_revision.h"
#include "notification_count.h"

enum {
	LIST,
	CREATE_STAFF,
	CREATE_CUSTOMER,
	MOVE,
	CHANGE,
	SET_CUSTOMER_ACTIVE,
	DEACTIVATE_ALL,
	READ_NOTIFICATIONS,
	STATEMENTS
};

static struct stmt sql[] = {
    /* For a customer's organization, one row of each of two indexes is read. */
    [LIST] = {"SELECT p.id, p.user_id, u.email, p.kind + 0, "
	      "p.organization_id, o.id, o.name, o.slug, p.is_primary, "
	      "p.is_active, p.created_at "
	      "FROM profile p JOIN user u ON u.id = p.user_id "
	      "LEFT JOIN organization o ON o.id = COALESCE("
	      "p.organization_id, "
	      "(SELECT i.organization_id FROM issue i "
	      "WHERE i.raised_by = p.user_id "
	      "ORDER BY i.created_at, i.id LIMIT 1), "
	      "(SELECT a.id FROM organization a "
	      "WHERE a.is_active AND a.is_listed ORDER BY a.id LIMIT 1)) "
	      "WHERE p.user_id = ? AND p.is_active "
	      "ORDER BY p.is_primary DESC, p.id"},
    [CREATE_STAFF] = {"INSERT INTO profile (user_id, kind, organization_id, "
		      "is_primary, created_at) SELECT ?, ?, ?, "
		      "NOT EXISTS (SELECT 1 FROM profile q "
		      "WHERE q.user_id = ?), ? FROM DUAL",
		      true},
    /* The unique key would allow several rows without an organization. */
    [CREATE_CUSTOMER] =
	{"INSERT INTO profile (user_id, kind, is_primary, created_at) "
	 "SELECT ?, 'customer', NOT EXISTS (SELECT 1 FROM profile q "
	 "WHERE q.user_id = ?), ? FROM DUAL WHERE NOT EXISTS "
	 "(SELECT 1 FROM profile q WHERE q.user_id = ? "
	 "AND q.kind = 'customer')",
	 true},
    [MOVE] = {"UPDATE profile SET user_id = ?, is_primary = FALSE "
	      "WHERE id = ?",
	      true},
    [CHANGE] = {"UPDATE profile SET is_active = IF(?, ?, is_active), "
		"kind = COALESCE(?, kind) WHERE id = ? "
		"AND organization_id = ?",
		true},
    [SET_CUSTOMER_ACTIVE] = {"UPDATE profile SET is_active = ? WHERE id = ? "
			     "AND user_id = ? AND kind = 'customer'",
			     true},
    [DEACTIVATE_ALL] = {"UPDATE profile SET is_active = FALSE "
			"WHERE user_id = ?",
			true},
    [READ_NOTIFICATIONS] = {"UPDATE profile SET notifications_read_to = "
			    "(SELECT COALESCE(MAX(id), 0) FROM notification) "
			    "WHERE id = ?"},
};

const struct statements profile_statements = {sql, STATEMENTS};

const struct enum_name role_names[] = {{"customer", ROLE_CUSTOMER},
				       {"employee", ROLE_EMPLOYEE},
				       {"vendor", ROLE_VENDOR},
				       {NULL, 0}};

const struct enum_name staff_role_names[] = {
    {"employee", ROLE_EMPLOYEE}, {"vendor", ROLE_VENDOR}, {NULL, 0}};

enum err
profile_list(struct profile **out, size_t *n, struct ctx *c, int64_t user_id)
{
	struct rows rows;
	struct profile *p;
	enum err e = db_query(&rows, c->db, &sql[LIST], ARGS(arg_int(user_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = p = arena_alloc(c->arena, (rows.count + 1) * sizeof(*p));
	for (; rows_next(&rows); p++) {
		p->id = col_int(&rows);
		p->user_id = col_int(&rows);
		p->user_email = col_text(&rows);
		p->role = (enum role)col_int(&rows);
		p->organization_id = col_int(&rows);
		p->shown_id = col_int(&rows);
		p->organization_name = col_text(&rows);
		p->organization_slug = col_text(&rows);
		p->is_primary = col_bool(&rows);
		p->is_active = col_bool(&rows);
		p->created_at = col_text(&rows);
	}
	return OK;
}

/* Writes the words by which a person on the staff is found. What the staff was
 * told before they came is no news to them. */
static enum err
begin_staff(struct ctx *c, int64_t id, int64_t user_id)
{
	enum err e = unread_end(c, id);

	return e ? e : directory_person_changed(c, user_id);
}

enum err
profile_create(int64_t *id, struct ctx *c, int64_t user_id, enum role role,
	       int64_t organization_id)
{
	enum err e;

	if (role == ROLE_CUSTOMER)
		e = db_run(c->db, &sql[CREATE_CUSTOMER],
			   ARGS(arg_int(user_id), arg_int(user_id),
				arg_time(c->now), arg_int(user_id)));
	else
		e = db_run(c->db, &sql[CREATE_STAFF],
			   ARGS(arg_int(user_id), arg_int(role),
				arg_int(organization_id), arg_int(user_id),
				arg_time(c->now)));
	if (!e && db_affected(c->db) == 0)
		return ERR_CONFLICT;
	if (e)
		return e;
	*id = db_insert_id(c->db);
	return role == ROLE_CUSTOMER ? OK : begin_staff(c, *id, user_id);
}

enum err
profile_move(struct ctx *c, int64_t id, int64_t user_id)
{
	enum err e =
	    revision_run(c, &(struct renamed){.user_id = user_id}, &sql[MOVE],
			 ARGS(arg_int(user_id), arg_int(id)));

	return e ? e : begin_staff(c, id, user_id);
}

enum err
profile_change(struct ctx *c, int64_t organization_id, int64_t id,
	       const struct profile_change *change)
{
	return db_run(c->db, &sql[CHANGE],
		      ARGS(arg_int(change->set_active),
			   arg_int(change->is_active), arg_id(change->role),
			   arg_int(id), arg_int(organization_id)));
}

enum err
profile_set_customer_active(struct ctx *c, int64_t user_id, int64_t id,
			    bool active)
{
	enum err e =
	    db_run(c->db, &sql[SET_CUSTOMER_ACTIVE],
		   ARGS(arg_int(active), arg_int(id), arg_int(user_id)));

	return !e && db_affected(c->db) == 0 ? ERR_NOTFOUND : e;
}

enum err
profile_deactivate_all(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[DEACTIVATE_ALL], ARGS(arg_int(user_id)));
}

enum err
profile_read_notifications(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[READ_NOTIFICATIONS], ARGS(arg_int(id)));
}
