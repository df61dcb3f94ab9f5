#include "desk/supplier.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/organization.h"

enum { LIST, COUNT, CREATE, EXISTS, STATEMENTS };

/* Takes the organization, whether the actor is staff, and their user twice. */
#define VISIBLE                                                          \
	"FROM vendor v JOIN organization o ON o.id = v.organization_id " \
	"WHERE v.organization_id = ? AND (? OR (o.is_active AND ("       \
	"EXISTS (SELECT 1 FROM customer k WHERE k.user_id = ? "          \
	"AND k.organization_id = o.id) OR "                              \
	"EXISTS (SELECT 1 FROM purchase b WHERE b.user_id = ? "          \
	"AND b.organization_id = o.id)))) "

static struct stmt sql[] = {
    [LIST] = {"SELECT v.id, v.organization_id, v.name, v.email, "
	      "v.created_at " VISIBLE "ORDER BY v.name, v.id " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(VISIBLE)},
    [CREATE] = {"INSERT INTO vendor (organization_id, name, email, "
		"created_at) VALUES (?, ?, ?, ?)"},
    [EXISTS] = {"SELECT 1 FROM vendor WHERE id = ? AND organization_id = ?"},
};

const struct statements supplier_statements = {sql, STATEMENTS};

enum err
supplier_list(struct supplier **out, size_t *n, int64_t *total, struct ctx *c,
	      const struct actor *who, int64_t organization_id,
	      const struct list_page *page)
{
	const struct arg org =
			     arg_int(organization_listed(who, organization_id)),
			 staff = arg_int(actor_is_staff(who)),
			 user = arg_int(who->user_id);
	struct rows rows;
	struct supplier *s;
	enum err e =
	    list_count(total, c, &sql[COUNT],
		       ARGS(org, staff, user, user, arg_int(COUNT_CAP)));

	if (!e)
		e = db_query(&rows, c->db, &sql[LIST],
			     ARGS(org, staff, user, user, arg_int(page->limit),
				  arg_int(page->offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = s = arena_alloc(c->arena, (rows.count + 1) * sizeof(*s));
	for (; rows_next(&rows); s++) {
		s->id = col_int(&rows);
		s->organization_id = col_int(&rows);
		s->name = col_text(&rows);
		s->email = col_text(&rows);
		s->created_at = col_text(&rows);
	}
	return OK;
}

enum err
supplier_create(int64_t *id, struct ctx *c, const struct actor *who,
		const char *name, const char *email)
{
	enum err e =
	    db_run(c->db, &sql[CREATE],
		   ARGS(arg_int(who->organization_id), arg_text(name),
			arg_text(email ? email : ""), arg_time(c->now)));

	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "name",
				 "There is a vendor with this name already.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
supplier_exists(bool *out, struct ctx *c, int64_t organization_id, int64_t id)
{
	return db_exists(out, c->db, &sql[EXISTS],
			 ARGS(arg_int(id), arg_int(organization_id)));
}
