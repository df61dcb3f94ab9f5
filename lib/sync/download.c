/* Table linear_download: which files in Linear are to be fetched, and when. A
 * row is added with its attachment and deleted with what becomes of it, in one
 * transaction each, so a process that dies leaves the file to the next one. */

#include "sync/download.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/issue.h"

/* A file takes up to a minute for each redirect. */
#define HOLD_TIME (5 * LEASE_TIME)

enum {
	ADD,
	DUE,
	TAKE,
	RELEASE,
	FAIL,
	REMOVE,
	LEASED,
	BREAK,
	EXPEDITE,
	STATEMENTS
};

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO linear_download (attachment_id, run_at) "
	     "VALUES (?, ?) ON DUPLICATE KEY UPDATE run_at = run_at"},
    [DUE] = {"SELECT attachment_id, attempts FROM linear_download "
	     "WHERE run_at <= ? AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED"},
    [TAKE] = {"UPDATE linear_download SET lease_owner = ?, lease_until = ? "
	      "WHERE attachment_id = ?"},
    [RELEASE] = {"UPDATE linear_download SET lease_owner = NULL, "
		 "lease_until = NULL WHERE attachment_id = ?"},
    [FAIL] = {"UPDATE linear_download SET lease_owner = NULL, "
	      "lease_until = NULL, attempts = attempts + 1, run_at = ? "
	      "WHERE attachment_id = ?"},
    [REMOVE] = {"DELETE FROM linear_download WHERE attachment_id = ?"},
    [LEASED] = {"SELECT attachment_id, attempts, lease_owner "
		"FROM linear_download WHERE lease_owner IS NOT NULL"},
    [BREAK] = {"UPDATE linear_download SET lease_owner = NULL, "
	       "lease_until = NULL WHERE attachment_id = ? "
	       "AND lease_owner = ?"},
    [EXPEDITE] = {"UPDATE linear_download SET run_at = ? WHERE run_at > ?"},
};

const struct statements sync_download_statements = {sql, STATEMENTS};

enum err
download_add(struct ctx *c, int64_t attachment_id)
{
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_int(attachment_id), arg_time(c->now)));
}

static enum err
remove_row(struct ctx *c, int64_t attachment_id)
{
	return db_run(c->db, &sql[REMOVE], ARGS(arg_int(attachment_id)));
}

/* The arguments of the transactions. */
struct downloading {
	struct ctx *c;
	const struct download *d;
	struct download taken;
	const char *owner;
	const struct attachment_new *new;
	content_keep *keep;
	void *arg;
	bool last, given_up;
	const char *text;
};

/* Whether the content of a file is still wanted. */
static bool
is_awaited(const struct attachment *a)
{
	return a->state == ATTACHMENT_CHECKING && !a->sha256;
}

/* taken.file is NULL if the row was one of a file that is no longer wanted. */
static enum err
lease_download(void *arg)
{
	struct downloading *g = arg;
	struct ctx *c = g->c;
	struct rows rows;
	int64_t id;
	enum err e = db_one(&rows, c->db, &sql[DUE],
			    ARGS(arg_time(c->now), arg_time(c->now)));

	if (e)
		return e;
	id = col_int(&rows);
	g->taken = (struct download){.attempts = col_int(&rows)};
	e = attachment_find(&g->taken.file, c, id);
	if (e == ERR_NOTFOUND || (!e && !is_awaited(g->taken.file))) {
		g->taken.file = NULL;
		return remove_row(c, id);
	}
	return e ? e
		 : db_run(c->db, &sql[TAKE],
			  ARGS(arg_text(g->owner), arg_time(c->now + HOLD_TIME),
			       arg_int(id)));
}

enum err
download_lease(struct download *out, struct ctx *c, const char *owner)
{
	struct downloading g = {.c = c, .owner = owner};
	enum err e;

	do
		e = db_transaction(c->db, lease_download, &g);
	while (!e && !g.taken.file);
	if (!e)
		*out = g.taken;
	return e;
}

static enum err
finish_within(void *arg)
{
	struct downloading *g = arg;
	const int64_t id = g->d->file->id;
	enum err e = attachment_received(g->c, id, g->new, g->keep, g->arg);

	if (e && e != ERR_NOTFOUND) /* deleted meanwhile */
		return e;
	return remove_row(g->c, id);
}

enum err
download_finish(struct ctx *c, const struct download *d,
		const struct attachment_new *new, content_keep *keep, void *arg)
{
	struct downloading g = {
	    .c = c, .d = d, .new = new, .keep = keep, .arg = arg};

	return db_transaction(c->db, finish_within, &g);
}

static enum err
give_up(struct downloading *g)
{
	const struct attachment *a = g->d->file;
	const struct actor who = {.role = ROLE_LINEAR,
				  .organization_id = a->organization_id,
				  .name = "Docket"};
	struct issue *issue;
	enum err e = issue_lock(&issue, g->c, &who, a->issue_id);

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	e = attachment_set_state(g->c, a->id, ATTACHMENT_CHECKING,
				 ATTACHMENT_GONE);
	return e ? e
		 : activity_add(g->c, &who, a->organization_id, a->issue_id,
				"linear_warning", NULL,
				arena_printf(g->c->arena,
					     "The file %s in Linear could not "
					     "be fetched. %s",
					     a->filename, g->text),
				ACTIVITY_INTERNAL);
}

static enum err
fail_within(void *arg)
{
	struct downloading *g = arg;
	const struct download *d = g->d;
	struct ctx *c = g->c;
	enum err e;

	g->given_up = g->last || d->attempts + 1 >= DOWNLOAD_ATTEMPTS_MAX;
	if (!g->given_up)
		return db_run(
		    c->db, &sql[FAIL],
		    ARGS(arg_time(c->now + lease_backoff(2 * d->attempts)),
			 arg_int(d->file->id)));
	e = give_up(g);
	return e ? e : remove_row(c, d->file->id);
}

enum err
download_fail(bool *given_up, struct ctx *c, const struct download *d,
	      bool last, const char *text)
{
	struct downloading g = {.c = c, .d = d, .last = last, .text = text};
	enum err e = db_transaction(c->db, fail_within, &g);

	if (!e)
		*given_up = g.given_up;
	return e;
}

enum err
download_release(struct ctx *c, const struct download *d)
{
	return db_run(c->db, &sql[RELEASE], ARGS(arg_int(d->file->id)));
}

static bool
is_busy_with(const int64_t *busy, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (busy[i] == id)
			return true;
	return false;
}

/* The lease was committed or was not given back, and its owner does not know.
 * What made it fail may go on. */
static enum err
fail_lost(struct ctx *c, int64_t id, int64_t attempts)
{
	return db_run(
	    c->db, &sql[FAIL],
	    ARGS(arg_time(c->now + lease_backoff(2 * attempts)), arg_int(id)));
}

enum err
download_break_leases(struct ctx *c, const char *host, const char *owner,
		      const int64_t *busy, size_t n)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[LEASED], NO_ARGS);

	while (!e && rows_next(&rows)) {
		const int64_t id = col_int(&rows), attempts = col_int(&rows);
		const char *holder = col_text(&rows);

		if (lease_is_dead(holder, host))
			e = db_run(c->db, &sql[BREAK],
				   ARGS(arg_int(id), arg_text(holder)));
		else if (strcmp(holder, owner) == 0 &&
			 !is_busy_with(busy, n, id))
			e = fail_lost(c, id, attempts);
	}
	return e;
}

enum err
download_expedite(struct ctx *c, usec_t after)
{
	return db_run(c->db, &sql[EXPEDITE],
		      ARGS(arg_time(c->now), arg_time(after)));
}
