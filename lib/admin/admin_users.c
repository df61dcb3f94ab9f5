/* Users of all tenants, with their profiles and tokens, for docketctl. */
#include "admin/admin.h"
#include "admin_rows.h"
#include "base/arena.h"
#include "db/statements.h"

enum { USERS, USERS_COUNT, PROFILES, TOKENS, STATEMENTS };

#define OF_USERS                                                              \
	"FROM user u WHERE (? IS NULL OR " BEGINS("u.username") "OR " BEGINS( \
	    "u.email") ") "

static struct stmt sql[] = {
    [USERS] =
	{"SELECT u.id, u.username, u.email, u.email_verified, " SQL_FULL_NAME(
	    "u") ", u.is_active, u.password_hash <> '', (SELECT COUNT(*) "
		 "FROM profile p WHERE p.user_id = u.id AND p.is_active), "
		 "u.last_login_at, u.created_at " OF_USERS
		 "ORDER BY u.id " PAGE},
    [USERS_COUNT] = {"SELECT COUNT(*) " OF_USERS},
    [PROFILES] = {"SELECT p.id, p.user_id, p.kind + 0, p.organization_id, "
		  "o.name, o.slug, p.is_primary, p.is_active FROM profile p "
		  "LEFT JOIN organization o ON o.id = p.organization_id "
		  "WHERE p.user_id = ? ORDER BY p.is_primary DESC, p.id"},
    [TOKENS] = {"SELECT id, kind + 0, name, profile_id, created_at, "
		"expires_at, expires_at <= ? FROM token WHERE user_id = ? "
		"ORDER BY id DESC"},
};

const struct statements admin_users_statements = {sql, STATEMENTS};

enum err
admin_users(struct user_line **out, size_t *n, int64_t *total, struct ctx *c,
	    const struct admin_page *page)
{
	struct user_line *u;
	struct rows rows;
	enum err e = db_number(total, c->db, &sql[USERS_COUNT],
			       ARGS(SEARCH(page->search)));

	if (!e)
		e = db_query(&rows, c->db, &sql[USERS],
			     ARGS(SEARCH(page->search),
				  arg_int(page->page.limit),
				  arg_int(page->page.offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = u = arena_alloc(c->arena, (rows.count + 1) * sizeof(*u));
	for (; rows_next(&rows); u++) {
		u->id = col_int(&rows);
		u->username = col_text(&rows);
		u->email = col_text(&rows);
		u->email_verified = col_bool(&rows);
		u->full_name = col_text(&rows);
		u->is_active = col_bool(&rows);
		u->has_password = col_bool(&rows);
		u->profiles = col_int(&rows);
		u->last_login_at = col_text(&rows);
		u->created_at = col_text(&rows);
	}
	return OK;
}

enum err
admin_profiles(struct profile **out, size_t *n, struct ctx *c, int64_t user_id)
{
	struct profile *p;
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[PROFILES], ARGS(arg_int(user_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = p = arena_alloc(c->arena, (rows.count + 1) * sizeof(*p));
	for (; rows_next(&rows); p++) {
		p->id = col_int(&rows);
		p->user_id = col_int(&rows);
		p->role = (enum role)col_int(&rows);
		p->organization_id = p->shown_id = col_int(&rows);
		p->organization_name = col_text(&rows);
		p->organization_slug = col_text(&rows);
		p->is_primary = col_bool(&rows);
		p->is_active = col_bool(&rows);
	}
	return OK;
}

enum err
admin_tokens(struct token_line **out, size_t *n, struct ctx *c, int64_t user_id)
{
	struct token_line *t;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[TOKENS],
			      ARGS(arg_time(c->now), arg_int(user_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = t = arena_alloc(c->arena, (rows.count + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->id = col_int(&rows);
		t->kind = (enum token_kind)col_int(&rows);
		t->name = col_text(&rows);
		t->profile_id = col_int(&rows);
		t->created_at = col_text(&rows);
		t->expires_at = col_text(&rows);
		t->is_expired = col_bool(&rows);
	}
	return OK;
}
