/* The comments of an issue: how they are listed and added.
 *
 * A comment is internal (for staff alone) or public. A public one also goes to
 * the customer and into Linear: adding it sets the time of the first answer
 * and shows an issue again that its customer had withdrawn, in one transaction;
 * from the history lib/events derives notifications and the job for Linear.
 * Comments that were written in Linear come the same way (comment_add_within).
 * Rows are written by comment_row.c; authors edit and withdraw in
 * comment_change.c. */

#include "attachment_row.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "comment_row.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/idempotency.h"
#include "first_answer.h"
#include "issue_store.h"
#include "quota.h"

#define OF_ISSUE                                               \
	"issue_id = ? AND (organization_id = ? OR ? IS NULL) " \
	"AND deleted_at IS NULL AND (NOT is_internal OR ?) "

enum { GET, LIST, COUNT, STATEMENTS };

static struct stmt sql[] = {
    [GET] = {"SELECT " COMMENT_COLUMNS ", (SELECT i.attachment_count > 0 "
	     "FROM issue i WHERE i.id = m.issue_id) "
	     "FROM comment m WHERE id = ? "
	     "AND (organization_id = ? OR ? IS NULL) "
	     "AND deleted_at IS NULL AND (NOT is_internal OR ?)"},
    [LIST] = {"SELECT " COMMENT_COLUMNS " FROM comment m WHERE " OF_ISSUE
	      "AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?"},
    [COUNT] = {"SELECT COUNT(*) FROM comment WHERE " OF_ISSUE},
};

const struct statements comment_statements = {sql, STATEMENTS};

const struct enum_name author_words[] = {{"customer", AUTHOR_CUSTOMER},
					 {"staff", AUTHOR_STAFF},
					 {"linear", AUTHOR_LINEAR},
					 {NULL, 0}};

const char *
comment_source(const struct comment *m)
{
	return m->by_mail			 ? "mail"
	       : m->author_kind == AUTHOR_LINEAR ? "linear"
						 : "api";
}

enum err
comment_get(struct comment **out, struct ctx *c, const struct actor *who,
	    int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET],
			    ARGS(arg_int(id), arg_id(who->organization_id),
				 arg_id(who->organization_id),
				 arg_int(actor_is_staff(who))));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	comment_read(*out, &rows);
	(*out)->may_have_files = col_bool(&rows);
	return OK;
}

enum err
comment_list(struct comment **out, size_t *n, struct ctx *c,
	     const struct actor *who, int64_t issue_id, int64_t before)
{
	struct rows rows;
	struct comment *m;
	enum err e = db_query(
	    &rows, c->db, &sql[LIST],
	    ARGS(arg_int(issue_id), arg_id(who->organization_id),
		 arg_id(who->organization_id), arg_int(actor_is_staff(who)),
		 arg_id(before), arg_id(before), arg_int(COMMENTS_SHOWN)));

	if (e)
		return e;
	*n = rows.count;
	*out = m = arena_alloc(c->arena, (rows.count + 1) * sizeof(*m));
	/* The rows come newest first; the list is oldest first. */
	for (m += rows.count; rows_next(&rows);)
		comment_read(--m, &rows);
	return OK;
}

enum err
comment_count(int64_t *out, struct ctx *c, const struct actor *who,
	      int64_t issue_id)
{
	return db_number(out, c->db, &sql[COUNT],
			 ARGS(arg_int(issue_id), arg_id(who->organization_id),
			      arg_id(who->organization_id),
			      arg_int(actor_is_staff(who))));
}

/* What follows from a public comment. */
static enum err
follow_up(struct ctx *c, const struct actor *who, struct issue *issue)
{
	enum err e = first_answer_added(c, who, issue);

	if (!e && who->role != ROLE_CUSTOMER)
		e = issue_show_again(c, issue);
	return e;
}

enum err
comment_add_within(int64_t *id, struct ctx *c, const struct actor *who,
		   struct issue *issue, const char *content, bool is_internal,
		   const struct comment_there *there)
{
	struct comment_new new = {
	    .organization_id = issue->kind.organization_id,
	    .issue_id = issue->id,
	    .content = content,
	    .is_internal = is_internal,
	    .linear_id = there ? there->id : NULL,
	    .from_linear = there != NULL,
	    .created_at = there ? there->created_at : c->now};
	char uuid[UUID_TEXT];
	enum err e = quota_take_text(c, who);

	if (e)
		return e;
	/* The id in Linear is chosen before Linear is called, so that sending
	 * the comment twice creates one. Internal comments are never sent. */
	if (!there && !is_internal) {
		random_uuid(uuid);
		new.linear_id = uuid;
	}
	e = comment_insert(id, c, who, &new);
	if (!e)
		e = activity_of_comment(c, who, new.organization_id, issue->id,
					*id, "comment", NULL, content,
					!is_internal);
	return e || is_internal ? e : follow_up(c, who, issue);
}

/* The arguments of add_comment_within(). */
struct comment_add {
	struct ctx *c;
	const struct actor *who;
	int64_t issue_id;
	const char *content;
	bool is_internal;
	const struct attaching *files;
	int64_t id;
};

/* Binds the uploads that came with the comment. */
static enum err
bind_files(struct comment_add *a, const struct issue *issue)
{
	enum err e;

	if (!a->files || !a->files->n)
		return OK;
	e = attachment_bind(a->c, a->who, issue->kind.organization_id,
			    issue->id, a->id, a->is_internal, a->files);
	return e ? e : issue_store_attached(a->c, issue->id);
}

/* The uploads exist, and the issue has room for them. */
static enum err
take_files(struct comment_add *a, const struct issue *issue)
{
	enum err e;

	if (!a->files || !a->files->n)
		return OK;
	e = attachment_check_number(a->c, issue->id, a->files->n);
	return e ? e
		 : attachment_take(a->c, a->who, issue->kind.organization_id,
				   a->files);
}

static enum err
add_comment_within(void *arg)
{
	struct comment_add *a = arg;
	struct issue *issue;
	enum err e;

	faults_init(&a->c->faults, a->c->arena);
	e = issue_lock(&issue, a->c, a->who, a->issue_id);
	if (!e)
		e = take_files(a, issue);
	if (!e)
		e = comment_add_within(&a->id, a->c, a->who, issue, a->content,
				       a->is_internal, NULL);
	if (!e)
		e = bind_files(a, issue);
	return e ? e : idempotency_claim(a->c, a->id);
}

enum err
comment_add(int64_t *id, struct ctx *c, const struct actor *who,
	    int64_t issue_id, const char *content, bool is_internal,
	    const struct attaching *files)
{
	struct comment_add a = {.c = c,
				.who = who,
				.issue_id = issue_id,
				.content = content,
				.files = files,
				.is_internal =
				    is_internal && actor_is_staff(who)};
	enum err e = db_transaction(c->db, add_comment_within, &a);

	if (!e)
		*id = a.id;
	return e;
}
