/* Reads mails that came in: staff those of their organization, the operator all
 * of them. */
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/mail_in.h"

#define COUNT_MAX 10000

#define COLUMNS                                                         \
	"m.id, m.state + 0, m.reason, m.deed + 0, m.recipient, "        \
	"m.from_address, m.from_name, m.subject, m.organization_id, "   \
	"m.issue_id, m.comment_id, m.user_id, i.issue_number, m.size, " \
	"m.received_at, m.decided_at, m.decided_by, "

/* `texts` are the columns of the two texts. */
#define MAILS(texts)                               \
	"SELECT " COLUMNS texts " FROM mail_in m " \
	"LEFT JOIN issue i ON i.id = m.issue_id "

#define ONE  MAILS("m.content, m.whole")
#define LIST MAILS("NULL, NULL")

#define OF_ORGANIZATION "m.organization_id = ? "
#define IN_STATE	OF_ORGANIZATION "AND m.state = ? "
#define OF_ALL		"(? IS NULL OR m.state = ?) "

#define PAGE	    "ORDER BY m.id DESC " SQL_PAGE
#define COUNT(rows) SQL_COUNT_CAPPED("FROM mail_in m WHERE " rows)

enum {
	GET,
	GET_LOCKED,
	GET_ANY,
	LIST_ALL,
	COUNT_ALL,
	LIST_STATE,
	COUNT_STATE,
	LIST_ANY,
	COUNT_ANY,
	SUMMARY,
	STATEMENTS
};

static struct stmt sql[] = {
    [GET] = {ONE "WHERE m.id = ? AND " OF_ORGANIZATION},
    [GET_LOCKED] = {"SELECT " COLUMNS "m.content, m.whole FROM mail_in m "
		    "LEFT JOIN issue i ON FALSE "
		    "WHERE m.id = ? AND " OF_ORGANIZATION "FOR UPDATE"},
    [GET_ANY] = {ONE "WHERE m.id = ?"},
    [LIST_ALL] = {LIST "WHERE " OF_ORGANIZATION PAGE},
    [COUNT_ALL] = {COUNT(OF_ORGANIZATION)},
    [LIST_STATE] = {LIST "WHERE " IN_STATE PAGE},
    [COUNT_STATE] = {COUNT(IN_STATE)},
    [LIST_ANY] = {LIST "WHERE " OF_ALL PAGE},
    [COUNT_ANY] = {COUNT(OF_ALL)},
    [SUMMARY] = {"SELECT EXISTS(SELECT 1 FROM mail_in m "
		 "WHERE m.organization_id = ?), (SELECT COUNT(*) FROM "
		 "(SELECT 1 FROM mail_in m WHERE m.organization_id = ? "
		 "AND m.state = 'held' LIMIT 1000) held)"},
};

const struct statements mail_in_list_statements = {sql, STATEMENTS};

static void
read_mail_in(struct mail_in *m, struct rows *r)
{
	m->id = col_int(r);
	m->state = (enum mail_in_state)col_int(r);
	m->reason = col_text(r);
	m->deed = (enum mail_in_deed)col_int(r);
	m->recipient = col_text(r);
	m->from = col_text(r);
	m->from_name = col_text(r);
	m->subject = col_text(r);
	m->organization_id = col_int(r);
	m->issue_id = col_int(r);
	m->comment_id = col_int(r);
	m->user_id = col_int(r);
	m->issue_number = col_text(r);
	m->size = col_int(r);
	m->received_at = col_text(r);
	m->decided_at = col_text(r);
	m->decided_by = col_int(r);
	m->content = col_text(r);
	m->whole = col_text(r);
	if (!m->whole)
		m->whole = m->content;
}

static void
read_mails_in(struct mail_in **out, size_t *n, struct ctx *c, struct rows *rows)
{
	struct mail_in *m;

	*n = rows->count;
	*out = m = arena_alloc(c->arena, (rows->count + 1) * sizeof(*m));
	while (rows_next(rows))
		read_mail_in(m++, rows);
}

static enum err
read_one(struct mail_in **out, struct ctx *c, enum err e, struct rows *rows)
{
	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_mail_in(*out, rows);
	return OK;
}

enum err
mail_in_summary(bool *any, int64_t *held, struct ctx *c,
		const struct actor *who)
{
	const struct arg org = arg_int(who->organization_id);
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[SUMMARY], ARGS(org, org));

	if (e)
		return e;
	*any = col_bool(&rows);
	*held = col_int(&rows);
	return OK;
}

enum err
mail_in_get(struct mail_in **out, struct ctx *c, const struct actor *who,
	    int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET],
			    ARGS(arg_int(id), arg_int(who->organization_id)));

	return read_one(out, c, e, &rows);
}

enum err
mail_in_get_locked(struct mail_in **out, struct ctx *c, const struct actor *who,
		   int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET_LOCKED],
			    ARGS(arg_int(id), arg_int(who->organization_id)));

	return read_one(out, c, e, &rows);
}

enum err
mail_in_get_any(struct mail_in **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET_ANY], ARGS(arg_int(id)));

	return read_one(out, c, e, &rows);
}

enum err
mail_in_list(struct mail_in **out, size_t *n, int64_t *total, struct ctx *c,
	     const struct actor *who, enum mail_in_state state,
	     const struct list_page *page)
{
	const struct arg org = arg_int(who->organization_id),
			 limit = arg_int(page->limit),
			 offset = arg_int(page->offset),
			 most = arg_int(COUNT_MAX), in = arg_int(state);
	struct rows rows;
	enum err e = state ? db_query(&rows, c->db, &sql[LIST_STATE],
				      ARGS(org, in, limit, offset))
			   : db_query(&rows, c->db, &sql[LIST_ALL],
				      ARGS(org, limit, offset));

	if (!e)
		e = state ? db_number(total, c->db, &sql[COUNT_STATE],
				      ARGS(org, in, most))
			  : db_number(total, c->db, &sql[COUNT_ALL],
				      ARGS(org, most));
	if (!e)
		read_mails_in(out, n, c, &rows);
	return e;
}

enum err
mail_in_list_all(struct mail_in **out, size_t *n, int64_t *total, struct ctx *c,
		 enum mail_in_state state, const struct list_page *page)
{
	const struct arg in = arg_id(state);
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[LIST_ANY],
		     ARGS(in, in, arg_int(page->limit), arg_int(page->offset)));

	if (!e)
		e = db_number(total, c->db, &sql[COUNT_ANY],
			      ARGS(in, in, arg_int(COUNT_MAX)));
	if (!e)
		read_mails_in(out, n, c, &rows);
	return e;
}
