#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "comment_row.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/idempotency.h"
#include "desk/notification.h"
#include "desk/outbox.h"
#include "desk/search_index.h"
#include "desk/trend.h"
#include "quota.h"

#define OF_ISSUE                                               \
	"issue_id = ? AND (organization_id = ? OR ? IS NULL) " \
	"AND deleted_at IS NULL AND (NOT is_internal OR ?) "

enum { ADD, ANSWERED, GET, LIST, COUNT, RENAME_AUTHOR, STATEMENTS };

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO comment (organization_id, issue_id, author_id, "
	     "author_name, author_kind, content, is_internal, linear_id, "
	     "synced_to_linear, created_at, updated_at) "
	     "VALUES (?, ?, ?, LEFT(?, 255), ?, ?, ?, ?, ?, ?, ?)"},
    [ANSWERED] = {"UPDATE issue SET first_answered_at = ? WHERE id = ? "
		  "AND organization_id = ?"},
    [GET] = {"SELECT " COMMENT_COLUMNS " FROM comment m WHERE id = ? "
	     "AND (organization_id = ? OR ? IS NULL) "
	     "AND deleted_at IS NULL AND (NOT is_internal OR ?)"},
    [LIST] = {"SELECT " COMMENT_COLUMNS " FROM comment m WHERE " OF_ISSUE
	      "AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?"},
    [COUNT] = {"SELECT COUNT(*) FROM comment WHERE " OF_ISSUE},
    [RENAME_AUTHOR] = {"UPDATE comment SET author_name = ?, "
		       "linear_dirty = linear_dirty OR (NOT is_internal "
		       "AND linear_id IS NOT NULL AND deleted_at IS NULL) "
		       "WHERE id > ? AND id <= ? AND author_id = ?"},
};

const struct statements comment_statements = {sql, STATEMENTS};

const struct enum_name author_words[] = {{"customer", AUTHOR_CUSTOMER},
					 {"staff", AUTHOR_STAFF},
					 {"linear", AUTHOR_LINEAR},
					 {NULL, 0}};

void
comment_read(struct comment *m, struct rows *r)
{
	m->id = col_int(r);
	m->issue_id = col_int(r);
	m->author_id = col_int(r);
	m->author_name = col_text(r);
	m->author_kind = (enum author_kind)col_int(r);
	m->content = col_text(r);
	m->is_internal = col_bool(r);
	m->linear_id = col_text(r);
	m->synced_to_linear = col_bool(r);
	m->linear_dirty = col_bool(r);
	m->created_at = col_text(r);
	m->updated_at = col_text(r);
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
	/* read newest first, shown oldest first */
	for (m += rows.count; rows_next(&rows);)
		comment_read(--m, &rows);
	return OK;
}

enum err
comment_count(int64_t *out, struct ctx *c, const struct actor *who,
	      int64_t issue_id)
{
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[COUNT],
	    ARGS(arg_int(issue_id), arg_id(who->organization_id),
		 arg_id(who->organization_id), arg_int(actor_is_staff(who))));

	if (!e)
		*out = col_int(&rows);
	return e;
}

/* The customer has a first answer now. */
static enum err
note_answer(struct ctx *c, const struct actor *who, const struct issue *issue)
{
	enum err e;

	if (who->role == ROLE_CUSTOMER || !issue->raised_by ||
	    issue->first_answered_at)
		return OK;
	e = db_run(c->db, &sql[ANSWERED],
		   ARGS(arg_time(c->now), arg_int(issue->id),
			arg_int(issue->kind.organization_id)));
	return e ? e : trend_answered(c, issue);
}

/* What follows from one that its customer reads. */
static enum err
follow_up(struct ctx *c, const struct actor *who, const struct issue *issue,
	  int64_t id, bool is_ours)
{
	enum err e = note_answer(c, who, issue);

	if (!e && who->role != ROLE_CUSTOMER)
		e = issue_show_again(c, issue);
	if (!e)
		e = notify(c, who, issue, NOTICE_REPLIED, id);
	return e || !is_ours ? e : outbox_mark(c, issue);
}

enum err
comment_add_within(int64_t *id, struct ctx *c, const struct actor *who,
		   const struct issue *issue, const char *content,
		   bool is_internal, const struct comment_there *there)
{
	const int64_t org = issue->kind.organization_id;
	const char *linear_id = there ? there->id : NULL;
	char uuid[UUID_TEXT];
	enum err e = OK;

	if (who->role == ROLE_CUSTOMER)
		e = quota_take(c, QUOTA_COMMENTS, who->user_id,
			       c->conf->comments_per_hour);
	if (e)
		return e;
	/* its id in Linear is chosen before Linear hears of it, so that
	 * telling it twice makes one; an internal one is never told */
	if (!there && !is_internal) {
		random_uuid(uuid);
		linear_id = uuid;
	}
	e = db_run(c->db, &sql[ADD],
		   ARGS(arg_int(org), arg_int(issue->id), arg_id(who->user_id),
			arg_text(who->name), arg_int(actor_author_kind(who)),
			arg_text(content), arg_int(is_internal),
			arg_text(linear_id), arg_int(there != NULL),
			arg_time(there ? there->created_at : c->now),
			arg_time(c->now)));
	if (e)
		return e;
	*id = db_insert_id(c->db);
	e = search_index_comment(c, org,
				 &(struct comment){.id = *id,
						   .issue_id = issue->id,
						   .content = content,
						   .is_internal = is_internal});
	if (!e)
		e = activity_of_comment(c, who, org, issue->id, *id, "comment",
					NULL, content, !is_internal);
	return e || is_internal ? e : follow_up(c, who, issue, *id, !there);
}

struct adding {
	struct ctx *c;
	const struct actor *who;
	int64_t issue_id;
	const char *content;
	bool is_internal;
	int64_t id;
};

static enum err
add(void *arg)
{
	struct adding *a = arg;
	struct issue *issue;
	enum err e = issue_lock(&issue, a->c, a->who, a->issue_id);

	if (e)
		return e;
	e = comment_add_within(&a->id, a->c, a->who, issue, a->content,
			       a->is_internal, NULL);
	return e ? e : idempotency_claim(a->c, a->id);
}

enum err
comment_add(int64_t *id, struct ctx *c, const struct actor *who,
	    int64_t issue_id, const char *content, bool is_internal)
{
	struct adding a = {.c = c,
			   .who = who,
			   .issue_id = issue_id,
			   .content = content,
			   .is_internal = is_internal && actor_is_staff(who)};
	enum err e = db_transaction(c->db, add, &a);

	if (!e)
		*id = a.id;
	return e;
}

enum err
comment_rename_author(struct ctx *c, int64_t user_id, const char *name,
		      int64_t behind, int64_t to)
{
	return db_run(c->db, &sql[RENAME_AUTHOR],
		      ARGS(arg_text(name), arg_int(behind), arg_int(to),
			   arg_int(user_id)));
}
