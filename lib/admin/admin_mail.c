#include "admin/admin_mail.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"

enum { LIST, COUNT, STATEMENTS };

#define WANTED                                                           \
	"WHERE m.state IN ('dead', IF(?, 'dead', 'due'), IF(?, 'dead', " \
	"'held')) "

/* Notifications that are held have no mail yet: they have the id 0. */
#define HELD                                                        \
	"FROM notification n LEFT JOIN user u ON u.id = n.user_id " \
	"JOIN issue i ON i.id = n.issue_id "                        \
	"JOIN organization o ON o.id = i.organization_id "          \
	"WHERE n.mail_state = 'held' AND NOT ? "

static struct stmt sql[] = {
    [LIST] = {"SELECT m.id, m.kind, m.state, COALESCE(m.address, u.email), "
	      "i.issue_number, "
	      "o.name, m.attempts, m.created_at, m.due_at, m.error "
	      "FROM mail_job m LEFT JOIN user u ON u.id = m.user_id "
	      "LEFT JOIN issue i ON i.id = m.issue_id "
	      "LEFT JOIN organization o ON o.id = "
	      "COALESCE(m.organization_id, i.organization_id) " WANTED
	      "UNION ALL SELECT 0, 'notices', 'held', u.email, "
	      "i.issue_number, o.name, 0, n.created_at, n.mail_due_at, "
	      "NULL " HELD "ORDER BY 1, 8 LIMIT ? OFFSET ?"},
    [COUNT] = {"SELECT (SELECT COUNT(*) FROM mail_job m " WANTED
	       ") + (SELECT COUNT(*) " HELD ")"},
};

const struct statements admin_mail_statements = {sql, STATEMENTS};

enum err
admin_mails(struct mail_line **out, size_t *n, int64_t *total, struct ctx *c,
	    bool dead, const struct list_page *page)
{
	struct mail_line *m;
	struct rows rows, count;
	enum err e = db_one(&count, c->db, &sql[COUNT],
			    ARGS(arg_int(dead), arg_int(dead), arg_int(dead)));

	if (!e)
		e = db_query(&rows, c->db, &sql[LIST],
			     ARGS(arg_int(dead), arg_int(dead), arg_int(dead),
				  arg_int(page->limit), arg_int(page->offset)));
	if (e)
		return e;
	*total = col_int(&count);
	*n = rows.count;
	*out = m = arena_alloc(c->arena, (rows.count + 1) * sizeof(*m));
	for (; rows_next(&rows); m++) {
		m->id = col_int(&rows);
		m->kind = col_text(&rows);
		m->state = col_text(&rows);
		m->to = col_text(&rows);
		m->issue_number = col_text(&rows);
		m->organization = col_text(&rows);
		m->attempts = col_int(&rows);
		m->created_at = col_text(&rows);
		m->due_at = col_text(&rows);
		m->error = col_text(&rows);
	}
	return OK;
}
