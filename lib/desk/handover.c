/* Handing over the issues of staff who leave: handover.h says how.
 *
 * A row of table handover is a handover in progress, with the place that it has
 * reached along the index issue.by_assignee. Issues are changed through
 * issue_change(), so that history, counts and Linear follow as for any other
 * change. */

#include "desk/handover.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"

/* Issues in a batch. */
#define PAGE 50

enum { FITS, BEGIN, BEGIN_ALL, END, END_ALL, GET, ISSUES, MOVE_ON, STATEMENTS };

#define BEGIN_OF                                                 \
	"REPLACE INTO handover (profile_id, organization_id, "   \
	"successor_id, actor_id, actor_name, created_at) "       \
	"SELECT p.id, p.organization_id, ?, ?, LEFT(?, 255), ? " \
	"FROM profile p WHERE p.organization_id IS NOT NULL AND "

static struct stmt sql[] = {
    [FITS] = {"SELECT 1 FROM profile p JOIN user u ON u.id = p.user_id "
	      "WHERE p.id = ? AND p.organization_id = ? AND p.is_active "
	      "AND u.is_active LOCK IN SHARE MODE"},
    [BEGIN] = {BEGIN_OF "p.id = ? AND p.organization_id = ?"},
    [BEGIN_ALL] = {BEGIN_OF "p.user_id = ?"},
    [END] = {"DELETE FROM handover WHERE profile_id = ?"},
    [END_ALL] = {"DELETE FROM handover WHERE profile_id IN "
		 "(SELECT p.id FROM profile p WHERE p.user_id = ?)"},
    [GET] = {"SELECT profile_id, organization_id, successor_id, actor_id, "
	     "actor_name, behind_at, behind_id FROM handover "
	     "WHERE (? IS NULL OR profile_id = ?) LIMIT 1"},
    /* Walks the index by_assignee once. Resolved and closed issues stay in it,
     * and are skipped. */
    [ISSUES] = {"SELECT id, created_at, status IN ('open', 'in_progress') "
		"AND deleted_at IS NULL FROM issue FORCE INDEX (by_assignee) "
		"WHERE organization_id = ? AND assigned_to = ? "
		"AND (? IS NULL OR created_at > ? "
		"OR (created_at = ? AND id > ?)) "
		"ORDER BY created_at, id LIMIT ?"},
    [MOVE_ON] = {"UPDATE handover SET behind_at = ?, behind_id = ? "
		 "WHERE profile_id = ?"},
};

const struct statements handover_statements = {sql, STATEMENTS};

struct handover {
	struct actor who; /* who did it, for the history */
	int64_t profile_id, successor_id;
	usec_t behind_at; /* 0: nothing is done yet */
	int64_t behind_id;
};

static enum err
check_successor(struct ctx *c, const struct actor *who, int64_t profile_id,
		int64_t successor)
{
	bool fits = false;
	enum err e = OK;

	if (!successor)
		return OK;
	if (successor != profile_id)
		e = db_exists(
		    &fits, c->db, &sql[FITS],
		    ARGS(arg_int(successor), arg_int(who->organization_id)));
	if (!e && !fits)
		e = fault_add(&c->faults, "successor",
			      "Choose another active employee of this "
			      "organization.");
	return e;
}

enum err
handover_begin(struct ctx *c, const struct actor *who, int64_t profile_id,
	       int64_t successor)
{
	enum err e = check_successor(c, who, profile_id, successor);

	return e ? e
		 : db_run(c->db, &sql[BEGIN],
			  ARGS(arg_id(successor), arg_id(who->user_id),
			       arg_text(who->name), arg_time(c->now),
			       arg_int(profile_id),
			       arg_int(who->organization_id)));
}

enum err
handover_begin_all(struct ctx *c, const char *name, int64_t user_id)
{
	return db_run(c->db, &sql[BEGIN_ALL],
		      ARGS(arg_id(0), arg_id(0), arg_text(name),
			   arg_time(c->now), arg_int(user_id)));
}

enum err
handover_end(struct ctx *c, int64_t profile_id)
{
	return db_run(c->db, &sql[END], ARGS(arg_int(profile_id)));
}

enum err
handover_end_all(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[END_ALL], ARGS(arg_int(user_id)));
}

static enum err
find_handover(struct handover *h, struct ctx *c, int64_t profile_id)
{
	struct rows rows;
	const char *at;
	enum err e = db_one(&rows, c->db, &sql[GET],
			    ARGS(arg_id(profile_id), arg_id(profile_id)));

	if (e)
		return e;
	*h = (struct handover){.who = {.role = ROLE_VENDOR}};
	h->profile_id = col_int(&rows);
	h->who.organization_id = col_int(&rows);
	h->successor_id = col_int(&rows);
	h->who.user_id = col_int(&rows);
	h->who.name = col_text(&rows);
	at = col_text(&rows);
	if (at)
		(void)clock_parse(&h->behind_at, at);
	h->behind_id = col_int(&rows);
	return OK;
}

/* The issue goes to nobody if the successor has left as well. Only the first
 * batch notifies the successor: there may be a hundred thousand issues. */
static enum err
hand_issue_over(struct ctx *c, const struct handover *h, int64_t issue_id)
{
	struct issue_change ch = {.act = ACT_EDIT,
				  .set = SET_ASSIGNEE,
				  .assigned_to = h->successor_id,
				  .if_assigned_to = h->profile_id,
				  .untold = h->behind_at != 0};
	struct issue_outcome out;
	enum err e = issue_change(&out, c, &h->who, issue_id, &ch);

	if (e == ERR_INVALID && ch.assigned_to) {
		ch.assigned_to = 0;
		e = issue_change(&out, c, &h->who, issue_id, &ch);
	}
	return e == ERR_NOTFOUND ? OK : e;
}

static enum err
hand_page_over(bool *more, struct ctx *c, const struct handover *h)
{
	struct rows rows;
	int64_t id = 0;
	const char *at = NULL;
	usec_t behind = 0;
	enum err e = db_query(
	    &rows, c->db, &sql[ISSUES],
	    ARGS(arg_int(h->who.organization_id), arg_int(h->profile_id),
		 arg_time(h->behind_at), arg_time(h->behind_at),
		 arg_time(h->behind_at), arg_int(h->behind_id), arg_int(PAGE)));

	if (e)
		return e;
	*more = rows.count == PAGE;
	while (!e && rows_next(&rows)) {
		id = col_int(&rows);
		at = col_text(&rows);
		if (col_bool(&rows))
			e = hand_issue_over(c, h, id);
	}
	if (e || !*more)
		return e ? e : handover_end(c, h->profile_id);
	(void)clock_parse(&behind, at);
	return db_run(
	    c->db, &sql[MOVE_ON],
	    ARGS(arg_time(behind), arg_int(id), arg_int(h->profile_id)));
}

enum err
handover_some(bool *more, struct ctx *c, int64_t profile_id)
{
	struct handover h;
	enum err e = find_handover(&h, c, profile_id);

	*more = false;
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	e = hand_page_over(more, c, &h);
	*more = !e && (*more || !profile_id);
	return e;
}
