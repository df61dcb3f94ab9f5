#include "admin/admin.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

enum {
	ORGANIZATIONS,
	ORGANIZATIONS_COUNT,
	ORGANIZATION_FIND,
	TEAM_OWNER,
	USERS,
	USERS_COUNT,
	PROFILES,
	TOKENS,
	JOBS,
	JOBS_COUNT,
	RETRY,
	RETRY_ALL,
	IS_EMPTY,
	STATEMENTS
};

/* Reads the whole table: operators search seldom. */
#define BEGINS(column) "LEFT(" column ", CHAR_LENGTH(?)) = ? "
#define PAGE	       "LIMIT ? OFFSET ?"

#define OF_ORGANIZATIONS                                   \
	"FROM organization o WHERE (? IS NULL OR " BEGINS( \
	    "o.name") "OR " BEGINS("o.slug") ") "
#define OF_USERS                                                              \
	"FROM user u WHERE (? IS NULL OR " BEGINS("u.username") "OR " BEGINS( \
	    "u.email") ") "
#define WANTED "WHERE (j.state = 'dead' OR NOT ?) "

/* A person waits for it now. */
#define REVIVE                                                \
	"UPDATE sync_job SET state = 'ready', attempts = 0, " \
	"background = FALSE, run_at = ? "

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
    [JOBS] = {"SELECT j.issue_id, o.name, i.issue_number, j.state = 'dead', "
	      "COALESCE(j.lease_until > ?, FALSE), j.attempts, "
	      "j.dirty_since, j.run_at, j.error_code, j.error_text "
	      "FROM sync_job j JOIN issue i ON i.id = j.issue_id "
	      "JOIN organization o ON o.id = j.organization_id " WANTED
	      "ORDER BY j.dirty_since, j.issue_id " PAGE},
    [JOBS_COUNT] = {"SELECT COUNT(*) FROM sync_job j " WANTED},
    [RETRY] = {REVIVE "WHERE issue_id = ?"},
    [RETRY_ALL] = {REVIVE "WHERE state = 'dead'"},
    [IS_EMPTY] = {"SELECT NOT EXISTS (SELECT 1 FROM organization) "
		  "AND NOT EXISTS (SELECT 1 FROM user)"},
};

const struct statements admin_statements = {sql, STATEMENTS};

#define SEARCH(text)                                                    \
	arg_text(text), arg_text(text), arg_text(text), arg_text(text), \
	    arg_text(text)

static enum err
count_rows(int64_t *total, struct ctx *c, int which, const struct arg *args,
	   size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[which], args, n);

	if (!e)
		*total = col_int(&rows);
	return e;
}

enum err
admin_organizations(struct organization_line **out, size_t *n, int64_t *total,
		    struct ctx *c, const struct admin_page *page)
{
	struct organization_line *o;
	struct rows rows;
	enum err e = count_rows(total, c, ORGANIZATIONS_COUNT,
				ARGS(SEARCH(page->search)));

	if (!e)
		e = db_query(&rows, c->db, &sql[ORGANIZATIONS],
			     ARGS(SEARCH(page->search), arg_int(page->limit),
				  arg_int(page->offset)));
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
	return count_rows(id, c, ORGANIZATION_FIND, ARGS(arg_text(slug)));
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
admin_users(struct user_line **out, size_t *n, int64_t *total, struct ctx *c,
	    const struct admin_page *page)
{
	struct user_line *u;
	struct rows rows;
	enum err e =
	    count_rows(total, c, USERS_COUNT, ARGS(SEARCH(page->search)));

	if (!e)
		e = db_query(&rows, c->db, &sql[USERS],
			     ARGS(SEARCH(page->search), arg_int(page->limit),
				  arg_int(page->offset)));
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

enum err
admin_jobs(struct job_line **out, size_t *n, int64_t *total, struct ctx *c,
	   bool dead, const struct admin_page *page)
{
	struct job_line *j;
	struct rows rows;
	enum err e = count_rows(total, c, JOBS_COUNT, ARGS(arg_int(dead)));

	if (!e)
		e = db_query(&rows, c->db, &sql[JOBS],
			     ARGS(arg_time(c->now), arg_int(dead),
				  arg_int(page->limit), arg_int(page->offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = j = arena_alloc(c->arena, (rows.count + 1) * sizeof(*j));
	for (; rows_next(&rows); j++) {
		j->issue_id = col_int(&rows);
		j->organization = col_text(&rows);
		j->issue_number = col_text(&rows);
		j->is_dead = col_bool(&rows);
		j->is_leased = col_bool(&rows);
		j->attempts = col_int(&rows);
		j->dirty_since = col_text(&rows);
		j->run_at = col_text(&rows);
		j->error_code = col_text(&rows);
		j->error_text = col_text(&rows);
	}
	return OK;
}

enum err
admin_retry(int64_t *n, struct ctx *c, int64_t issue_id)
{
	enum err e;

	if (issue_id)
		e = db_run(c->db, &sql[RETRY],
			   ARGS(arg_time(c->now), arg_int(issue_id)));
	else
		e = db_run(c->db, &sql[RETRY_ALL], ARGS(arg_time(c->now)));
	if (!e)
		*n = db_affected(c->db);
	return e;
}

enum err
admin_is_empty(bool *out, struct ctx *c)
{
	int64_t empty = 0;
	enum err e = count_rows(&empty, c, IS_EMPTY, NO_ARGS);

	if (!e)
		*out = empty != 0;
	return e;
}
