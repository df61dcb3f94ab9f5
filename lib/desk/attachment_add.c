/* Attaching files: uploads, to an issue or to be bound later, and files from
 * Linear and from mails. The rows, the history entry and the use of the content
 * are in one transaction. */

#include "attachment_row.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/idempotency.h"
#include "desk/issue.h"
#include "issue_store.h"
#include "quota.h"

enum { OF_ISSUE, UNBOUND, STATEMENTS };

static struct stmt sql[] = {
    [OF_ISSUE] = {"SELECT COUNT(*) FROM attachment WHERE issue_id = ? "
		  "AND deleted_at IS NULL"},
    [UNBOUND] = {"SELECT COUNT(*) FROM attachment WHERE user_id = ? "
		 "AND issue_id IS NULL AND deleted_at IS NULL "
		 "AND remove_at > ?"},
};

const struct statements attachment_add_statements = {sql, STATEMENTS};

/* Refuses n more where `rows` has as many as there may be. */
static enum err
check_number(struct ctx *c, struct rows *rows, size_t n, const char *what)
{
	if (col_int(rows) + (int64_t)n <= ATTACHMENTS_MAX)
		return OK;
	return fault_add(&c->faults, "non_field_errors",
			 "%s can have at most %d files.", what,
			 ATTACHMENTS_MAX);
}

enum err
attachment_check_number(struct ctx *c, int64_t issue_id, size_t n)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[OF_ISSUE], ARGS(arg_int(issue_id)));

	return e ? e : check_number(c, &rows, n, "An issue");
}

/* Not exact where a person uploads several at once: it bounds what a person
 * can leave lying about. */
static enum err
check_unbound(struct ctx *c, const struct actor *who, size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[UNBOUND],
			    ARGS(arg_int(who->user_id), arg_time(c->now)));

	return e ? e
		 : check_number(c, &rows, n, "A message that is not sent yet");
}

/* Uses the content, if it is here, and inserts the row. */
static enum err
store_attachment(int64_t *id, struct ctx *c, const struct actor *who,
		 const struct attachment_place *at,
		 const struct attachment_new *new, content_keep *keep,
		 void *arg)
{
	enum err e = OK;

	if (new->sha256)
		e = stored_file_use(c, at->organization_id, new->sha256,
				    new->size, keep, arg);
	return e ? e : attachment_insert(id, c, who, at, new);
}

enum err
attachment_add_within(int64_t *id, struct ctx *c, const struct actor *who,
		      struct issue *issue, int64_t comment_id, bool is_internal,
		      const struct attachment_new *new, content_keep *keep,
		      void *arg)
{
	const struct attachment_place at = {.organization_id =
						issue->kind.organization_id,
					    .issue_id = issue->id,
					    .comment_id = comment_id,
					    .is_internal = is_internal};
	enum err e = attachment_check_number(c, issue->id, 1);

	if (!e)
		e = store_attachment(id, c, who, &at, new, keep, arg);
	return e ? e : issue_store_attached(c, issue->id);
}

/* The arguments of upload_within(). */
struct uploading {
	struct ctx *c;
	const struct actor *who;
	const struct attachment_upload *u;
	struct attachment_place at;
	struct issue *issue; /* NULL: to be bound later */
	int64_t first;
};

enum err
attachment_record(struct ctx *c, const struct actor *who,
		  const struct issue *issue, const char *filename,
		  bool is_internal)
{
	const struct activity_file entry = {
	    .organization_id = issue->kind.organization_id,
	    .issue_id = issue->id,
	    .field = "attachment",
	    .filename = filename,
	    .customer = who->role == ROLE_CUSTOMER ? who->user_id : 0,
	    .is_public = !is_internal};

	return activity_of_file(c, who, &entry);
}

/* What follows from files that come without a comment: an entry of the history
 * for each, and the customer sees the issue again if they are for them. */
static enum err
record_uploads(struct uploading *g)
{
	const struct attachment_upload *u = g->u;
	enum err e = OK;

	for (size_t i = 0; !e && i < u->n; i++)
		e = attachment_record(g->c, g->who, g->issue,
				      u->files[i].filename, u->is_internal);
	if (e || u->is_internal || g->who->role == ROLE_CUSTOMER)
		return e;
	return issue_show_again(g->c, g->issue);
}

static enum err
store_uploads(struct uploading *g)
{
	const struct attachment_upload *u = g->u;
	enum err e = OK;
	int64_t id;

	for (size_t i = 0; !e && i < u->n; i++) {
		e = store_attachment(&id, g->c, g->who, &g->at, &u->files[i],
				     u->keep, u->arg);
		if (!e && i == 0)
			g->first = id;
	}
	return e;
}

/* Locks the issue, and adds the comment that the files belong to. */
static enum err
prepare_issue(struct uploading *g)
{
	const struct attachment_upload *u = g->u;
	enum err e = issue_lock(&g->issue, g->c, g->who, u->issue_id);

	if (!e)
		e = attachment_check_number(g->c, u->issue_id, u->n);
	if (e)
		return e;
	g->at.issue_id = g->issue->id;
	g->at.organization_id = g->issue->kind.organization_id;
	g->at.is_internal = u->is_internal;
	return u->comment ? comment_add_within(&g->at.comment_id, g->c, g->who,
					       g->issue, u->comment,
					       u->is_internal, NULL)
			  : OK;
}

static enum err
take_uploads(struct uploading *g)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < g->u->n; i++)
		e = quota_take(g->c, QUOTA_UPLOADS, g->who->user_id,
			       g->c->conf->uploads_per_hour);
	return e;
}

static enum err
upload_within(void *arg)
{
	struct uploading *g = arg;
	enum err e;

	faults_init(&g->c->faults, g->c->arena);
	g->at = (struct attachment_place){0};
	e = g->u->issue_id ? prepare_issue(g)
			   : check_unbound(g->c, g->who, g->u->n);
	if (!e)
		e = take_uploads(g);
	if (!e)
		e = store_uploads(g);
	if (!e && g->issue)
		e = issue_store_attached(g->c, g->issue->id);
	if (!e && g->issue && !g->u->comment)
		e = record_uploads(g);
	return e ? e : idempotency_claim(g->c, g->first);
}

enum err
attachment_upload(int64_t *id, struct ctx *c, const struct actor *who,
		  const struct attachment_upload *u)
{
	struct uploading g = {.c = c, .who = who, .u = u};
	enum err e = db_transaction(c->db, upload_within, &g);

	if (!e)
		*id = g.first;
	return e;
}
