/* Organizations of all tenants, for docketctl. */
#include "admin/admin.h"
#include "admin_rows.h"
#include "base/arena.h"
#include "db/statements.h"

enum {
	ORGANIZATIONS,
	ORGANIZATIONS_COUNT,
	ORGANIZATION_FIND,
	TEAM_OWNER,
	IS_EMPTY,
	STATEMENTS
};

#define OF_ORGANIZATIONS                                   \
	"FROM organization o WHERE (? IS NULL OR " BEGINS( \
	    "o.name") "OR " BEGINS("o.slug") ") "

static struct stmt sql[] = {
    [ORGANIZATIONS] =
	{"SELECT o.id, o.name, o.slug, o.is_active, o.linear_team_id, "
	 "o.linear_team_name, (SELECT COUNT(*) FROM profile p "
	 "WHERE p.organization_id = o.id AND p.is_active), "
	 "(SELECT COALESCE(SUM(k.n), 0) FROM issue_count k "
	 "WHERE k.scope = 'organization' AND k.scope_id = o.id), "
	 "o.created_at " OF_ORGANIZATIONS "ORDER BY o.id " PAGE},
    [ORGANIZATIONS_COUNT] = {"SELECT COUNT(*) " OF_ORGANIZATIONS},
    [ORGANIZATION_FIND] = {"SELECT id FROM organization WHERE slug = ?"},
    [TEAM_OWNER] = {"SELECT slug FROM organization WHERE linear_team_id = ?"},
    [IS_EMPTY] = {"SELECT NOT EXISTS (SELECT 1 FROM organization) "
		  "AND NOT EXISTS (SELECT 1 FROM user)"},
};

const struct statements admin_organizations_statements = {sql, STATEMENTS};

enum err
admin_organizations(struct organization_line **out, size_t *n, int64_t *total,
		    struct ctx *c, const struct admin_page *page)
{
	struct organization_line *o;
	struct rows rows;
	enum err e = db_number(total, c->db, &sql[ORGANIZATIONS_COUNT],
			       ARGS(SEARCH(page->search)));

	if (!e)
		e = db_query(&rows, c->db, &sql[ORGANIZATIONS],
			     ARGS(SEARCH(page->search),
				  arg_int(page->page.limit),
				  arg_int(page->page.offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = o = arena_alloc(c->arena, (rows.count + 1) * sizeof(*o));
	for (; rows_next(&rows); o++) {
		o->id = col_int(&rows);
		o->name = col_text(&rows);
		o->slug = col_text(&rows);
		o->is_active = col_bool(&rows);
		o->linear_team_id = col_text(&rows);
		o->linear_team_name = col_text(&rows);
		o->staff = col_int(&rows);
		o->issues = col_int(&rows);
		o->created_at = col_text(&rows);
	}
	return OK;
}

enum err
admin_organization_find(int64_t *id, struct ctx *c, const char *slug)
{
	return db_number(id, c->db, &sql[ORGANIZATION_FIND],
			 ARGS(arg_text(slug)));
}

enum err
admin_team_owner(const char **slug, struct ctx *c, const char *team_id)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[TEAM_OWNER], ARGS(arg_text(team_id)));

	if (!e)
		*slug = col_text(&rows);
	if (e == ERR_NOTFOUND)
		*slug = NULL;
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
admin_is_empty(bool *out, struct ctx *c)
{
	int64_t empty = 0;
	enum err e = db_number(&empty, c->db, &sql[IS_EMPTY], NO_ARGS);

	if (!e)
		*out = empty != 0;
	return e;
}
