/* What becomes of files: they are deleted, arrive from Linear, and are removed
 * when their time has come. A deleted file is hidden at once. Its row and, if
 * nothing else in the organization has it, its content follow after
 * DELETED_GRACE, so that a mistake can be undone from the database. */

#include "attachment_row.h"
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/issue.h"
#include "issue_store.h"

#define BATCH 100

/* How long the row of a file waits until the reply in Linear that refers to it
 * is changed. */
#define REPLY_TIME (7 * 24 * 3600 * USEC_PER_SEC)

enum { DUE, DELETED, STATEMENTS };

static struct stmt sql[] = {
    [DUE] = {"SELECT " ATTACHMENT_COLUMNS " FROM attachment a "
	     "WHERE a.remove_at <= ? AND (NOT a.sent_to_linear "
	     "OR a.remove_at <= ?) ORDER BY a.remove_at LIMIT ? "
	     "FOR UPDATE"},
    [DELETED] = {"SELECT " ATTACHMENT_COLUMNS " FROM attachment a "
		 "WHERE a.remove_at IS NOT NULL AND (a.deleted_at IS NOT NULL "
		 "OR a.remove_at <= ?) ORDER BY a.remove_at LIMIT ? "
		 "FOR UPDATE"},
};

const struct statements attachment_change_statements = {sql, STATEMENTS};

/* The arguments of delete_within(). */
struct attachment_deletion {
	struct ctx *c;
	const struct actor *who;
	int64_t id, issue_id; /* 0: not bound */
};

static enum err
check_deleter(const struct attachment_deletion *d, const struct attachment *a)
{
	usec_t since = 0;

	if (d->who->role == ROLE_VENDOR || !a->issue_id)
		return OK;
	(void)clock_parse(&since, a->created_at);
	if (a->user_id == d->who->user_id &&
	    d->c->now - since <= ATTACHMENT_DELETE_S * USEC_PER_SEC)
		return OK;
	(void)fault_add(&d->c->faults, "non_field_errors",
			"Only an owner can delete this file, or for 15 minutes "
			"the person who uploaded it.");
	return ERR_FORBIDDEN;
}

static enum err
delete_bound(struct attachment_deletion *d, const struct issue *issue,
	     const struct attachment *a)
{
	struct ctx *c = d->c;
	const struct activity_file entry = {.organization_id =
						a->organization_id,
					    .issue_id = a->issue_id,
					    .field = "attachment_removed",
					    .filename = a->filename,
					    .customer = attachment_customer(a),
					    .is_gone = true,
					    .is_public = !a->is_internal};
	enum err e = attachment_hide(c, a->id, c->now + DELETED_GRACE);

	if (!e)
		e = issue_store_attached(c, issue->id);
	return e ? e : activity_of_file(c, d->who, &entry);
}

static enum err
delete_within(void *arg)
{
	struct attachment_deletion *d = arg;
	struct ctx *c = d->c;
	struct issue *issue = NULL;
	struct attachment *a = NULL;
	enum err e = OK;

	faults_init(&c->faults, c->arena);
	if (d->issue_id)
		e = issue_lock(&issue, c, d->who, d->issue_id);
	if (!e)
		e = attachment_lock(&a, c, d->id);
	/* bound meanwhile */
	if (!e && a->issue_id != d->issue_id)
		e = ERR_NOTFOUND;
	if (!e)
		e = check_deleter(d, a);
	if (e)
		return e;
	return issue ? delete_bound(d, issue, a)
		     : attachment_hide(c, a->id, c->now);
}

enum err
attachment_delete(struct ctx *c, const struct actor *who, int64_t id)
{
	struct attachment_deletion d = {.c = c, .who = who, .id = id};
	struct attachment *a;
	enum err e = attachment_get(&a, c, who, id);

	if (e)
		return e;
	d.issue_id = a->issue_id;
	return db_transaction(c->db, delete_within, &d);
}

/* The arguments of set_state_within(). */
struct state_change {
	struct ctx *c;
	int64_t id;
	enum attachment_state from, to;
};

static enum err
set_state_within(void *arg)
{
	const struct state_change *s = arg;
	enum err e = attachment_store_state(s->c, s->id, s->from, s->to);

	return e || s->to != ATTACHMENT_READY || !db_affected(s->c->db)
		   ? e
		   : attachment_mark_job(s->c, s->id);
}

enum err
attachment_set_state(struct ctx *c, int64_t id, enum attachment_state from,
		     enum attachment_state to)
{
	struct state_change s = {c, id, from, to};

	return db_transaction(c->db, set_state_within, &s);
}

enum err
attachment_forget(struct ctx *c, const struct attachment *a)
{
	enum err e = attachment_hide_for_good(c, a->id, c->now + DELETED_GRACE);

	return e ? e : issue_store_attached(c, a->issue_id);
}

enum err
attachment_comment_restored(struct ctx *c, int64_t issue_id, int64_t comment_id)
{
	enum err e = attachment_show_of_comment(c, comment_id);

	return e ? e : issue_store_attached(c, issue_id);
}

/* The arguments of receive_within(). */
struct receiving {
	struct ctx *c;
	int64_t id;
	const struct attachment_new *new;
	content_keep *keep;
	void *arg;
};

static enum err
receive_within(void *arg)
{
	struct receiving *g = arg;
	struct attachment *a;
	enum err e = attachment_lock(&a, g->c, g->id);

	if (!e)
		e = stored_file_use(g->c, a->organization_id, g->new->sha256,
				    g->new->size, g->keep, g->arg);
	if (!e)
		e = attachment_set_content(g->c, g->id, g->new);
	if (!e && a->sha256)
		e = stored_file_unused(g->c, a->organization_id, a->sha256);
	return e;
}

enum err
attachment_received(struct ctx *c, int64_t id, const struct attachment_new *new,
		    content_keep *keep, void *arg)
{
	struct receiving g = {c, id, new, keep, arg};

	return db_transaction(c->db, receive_within, &g);
}

/* The arguments of purge_within(). */
struct purging {
	struct ctx *c;
	bool all, more;
};

static enum err
purge_within(void *arg)
{
	struct purging *p = arg;
	struct ctx *c = p->c;
	struct attachment *list;
	struct rows rows;
	size_t n = 0;
	const struct arg now = arg_time(c->now), limit = arg_int(BATCH);
	enum err e =
	    p->all ? db_query(&rows, c->db, &sql[DELETED], ARGS(now, limit))
		   : db_query(&rows, c->db, &sql[DUE],
			      ARGS(now, arg_time(c->now - REPLY_TIME), limit));

	if (!e)
		attachment_read_all(&list, &n, c, &rows);
	for (size_t i = 0; !e && i < n; i++) {
		e = attachment_remove(c, list[i].id);
		if (!e && list[i].sha256)
			e = stored_file_unused(c, list[i].organization_id,
					       list[i].sha256);
	}
	p->more = n == BATCH;
	return e;
}

enum err
attachment_purge(bool *more, struct ctx *c, bool all)
{
	struct purging p = {.c = c, .all = all};
	enum err e = db_transaction(c->db, purge_within, &p);

	if (!e)
		*more = p.more;
	return e;
}
