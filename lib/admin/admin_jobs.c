/* The queue to Linear, for docketctl. */
#include "admin/admin.h"
#include "admin_rows.h"
#include "base/arena.h"
#include "db/statements.h"

enum { JOBS, JOBS_COUNT, STATEMENTS };

#define WANTED "WHERE (j.state = 'dead' OR NOT ?) "

static struct stmt sql[] = {
    [JOBS] = {"SELECT j.issue_id, o.name, i.issue_number, j.state = 'dead', "
	      "COALESCE(j.lease_until > ?, FALSE), j.attempts, "
	      "j.dirty_since, j.run_at, j.error_code, j.error_text "
	      "FROM sync_job j JOIN issue i ON i.id = j.issue_id "
	      "JOIN organization o ON o.id = j.organization_id " WANTED
	      "ORDER BY j.dirty_since, j.issue_id " PAGE},
    [JOBS_COUNT] = {"SELECT COUNT(*) FROM sync_job j " WANTED},
};

const struct statements admin_jobs_statements = {sql, STATEMENTS};

enum err
admin_jobs(struct job_line **out, size_t *n, int64_t *total, struct ctx *c,
	   bool dead, const struct list_page *page)
{
	struct job_line *j;
	struct rows rows;
	enum err e =
	    db_number(total, c->db, &sql[JOBS_COUNT], ARGS(arg_int(dead)));

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
