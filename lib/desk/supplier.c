#include "desk/supplier.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/issue.h"
#include "desk/organization.h"

enum { LIST, COUNT, FIND, CREATE, EXISTS, STATEMENTS };

/* Takes the organization, whether the actor is staff, and their user twice. */
#define VISIBLE                                                 \
	"v.organization_id = ? AND (? OR (o.is_active AND ("    \
	"EXISTS (SELECT 1 FROM customer k WHERE k.user_id = ? " \
	"AND k.organization_id = o.id) OR "                     \
	"EXISTS (SELECT 1 FROM purchase b WHERE b.user_id = ? " \
	"AND b.organization_id = o.id)))) "

#define ALL                                                              \
	"FROM vendor v JOIN organization o ON o.id = v.organization_id " \
	"WHERE " VISIBLE
#define COLUMNS "v.id, v.organization_id, v.name, v.email, v.created_at"

static struct stmt sql[] = {
    [LIST] = {"SELECT " COLUMNS " " ALL "ORDER BY v.name, v.id " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(ALL)},
    [FIND] =
	{"SELECT " SQL_DIRECTORY_COUNTED(COLUMNS) " FROM " SQL_DIRECTORY_WALK(
	    "'supplier'") "JOIN vendor v "
			  "ON v.id = w.entry_id JOIN organization o "
			  "ON o.id = v.organization_id "
			  "WHERE " SQL_DIRECTORY_FITS(
			      "'supplier'") " AND " VISIBLE SQL_DIRECTORY_PAGE},
    [CREATE] = {"INSERT INTO vendor (organization_id, name, email, "
		"created_at) VALUES (?, ?, ?, ?)"},
    [EXISTS] = {"SELECT 1 FROM vendor WHERE id = ? AND organization_id = ?"},
};

const struct statements supplier_statements = {sql, STATEMENTS};

static enum err
find_suppliers(struct rows *rows, int64_t *total, struct ctx *c, int64_t org,
	       const struct list_page *page, const struct arg *visible,
	       size_t n)
{
	struct directory_query q;
	bool has_words;
	enum err e = directory_query_read(&q, &has_words, c, DIRECTORY_SUPPLIER,
					  org, page->search);

	return e || !has_words ? e
			       : directory_find(rows, total, c, &sql[FIND], org,
						&q, page, visible, n);
}

enum err
supplier_list(struct supplier **out, size_t *n, int64_t *total, struct ctx *c,
	      const struct actor *who, int64_t organization_id,
	      const struct list_page *page)
{
	const int64_t org = organization_listed(who, organization_id);
	const struct arg visible[] = {
	    arg_int(org), arg_int(actor_is_staff(who)), arg_int(who->user_id),
	    arg_int(who->user_id)};
	const size_t count = sizeof(visible) / sizeof(visible[0]);
	struct rows rows = {0};
	struct supplier *s;
	enum err e;

	*total = 0;
	e = page->search
		? find_suppliers(&rows, total, c, org, page, visible, count)
		: list_read(&rows, total, c, &sql[COUNT], &sql[LIST], page,
			    visible, count);
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

/* The arguments of create_supplier(). */
struct supplier_creation {
	struct ctx *c;
	int64_t organization_id, id;
	const char *name, *email;
};

static enum err
create_supplier(void *arg)
{
	struct supplier_creation *s = arg;
	enum err e = db_run(s->c->db, &sql[CREATE],
			    ARGS(arg_int(s->organization_id), arg_text(s->name),
				 arg_text(s->email), arg_time(s->c->now)));

	if (e)
		return e;
	s->id = db_insert_id(s->c->db);
	return directory_write(s->c, DIRECTORY_SUPPLIER, s->organization_id,
			       s->id, s->name, NULL);
}

enum err
supplier_create(int64_t *id, struct ctx *c, const struct actor *who,
		const char *name, const char *email)
{
	struct supplier_creation s = {.c = c,
				      .organization_id = who->organization_id,
				      .name = name,
				      .email = email ? email : ""};
	enum err e = db_transaction(c->db, create_supplier, &s);

	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "name",
				 "There is a vendor with this name already.");
	if (!e)
		*id = s.id;
	return e;
}

enum err
supplier_exists(bool *out, struct ctx *c, int64_t organization_id, int64_t id)
{
	return db_exists(out, c->db, &sql[EXISTS],
			 ARGS(arg_int(id), arg_int(organization_id)));
}
