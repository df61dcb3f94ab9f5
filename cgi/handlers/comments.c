/* Handlers for the comments of an issue: listing, adding, editing and
 * withdrawing them. How a comment looks in an answer is view.c's. */
#include "desk/comment.h"

#include "base/arena.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/idempotency.h"
#include "desk/outbox.h"

const struct field in_comment_list[] = {
    {"before", FIELD_ID, F_QUERY, 1, INT64_MAX, NULL}, FIELDS_END};

/* The address of the comments before these, or NULL if there are none. */
static const char *
earlier_comments(struct req *r, const struct comments *shown)
{
	if (shown->n < COMMENTS_SHOWN)
		return NULL;
	return http_url_with(
	    r, "before",
	    arena_printf(r->ctx->arena, "%lld", (long long)shown->list[0].id));
}

/* GET /api/issues/{id}/comments/: the latest comments, oldest first. `next`
 * leads to earlier ones. Customers get the public ones. */
enum err
do_comment_list(struct req *r)
{
	struct issue *issue;
	struct comment *list;
	struct attachment *files;
	struct comments comments;
	struct jsonout *j;
	int64_t count;
	enum err e = issue_get(&issue, r->ctx, &r->actor, r->id);

	if (!e)
		e = comment_count(&count, r->ctx, &r->actor, r->id);
	if (!e)
		e = comment_list(&list, &comments.n, r->ctx, &r->actor, r->id,
				 in_int(r, "before"));
	if (!e)
		e = attachment_list(&files, &comments.n_files, r->ctx,
				    &r->actor, issue);
	if (e)
		return e;
	comments.list = list;
	comments.files = files;
	j = reply(r, 200);
	json_integer(j, "count", count);
	json_string(j, "next", earlier_comments(r, &comments));
	view_comments(j, "comments", r, &comments);
	return OK;
}

/* Answers with a comment and its files. */
static enum err
view_one(struct req *r, int status, const char *message, int64_t id)
{
	struct attachment *files = NULL;
	struct comment *comment;
	struct jsonout *j;
	size_t n = 0;
	enum err e = comment_get(&comment, r->ctx, &r->actor, id);

	if (!e && comment->may_have_files)
		e = attachment_list_of_comment(&files, &n, r->ctx, id);
	if (e)
		return e;
	j = reply(r, status);
	json_string(j, "message", message);
	view_comment(j, "comment", r, comment, files, n);
	json_bool(j, "synced_to_linear",
		  comment->synced_to_linear && !comment->linear_dirty);
	return OK;
}

/* Adds a comment, waits a moment for Linear unless it is internal, and answers
 * {message, comment, synced_to_linear}. */
static enum err
reply_added_comment(struct req *r, const char *content, bool is_internal)
{
	const struct idempotency *key = r->ctx->idempotency;
	const struct attaching files = attachments_asked(r);
	int64_t id = key ? key->resource_id : 0;
	enum err e = OK;

	if (!id) {
		e = comment_add(&id, r->ctx, &r->actor, r->id, content,
				is_internal, &files);
		if (!e && !is_internal)
			(void)outbox_wake_and_wait(r->ctx, r->id);
	}
	return e ? e : view_one(r, 201, "Comment added successfully", id);
}

const struct field in_client_comment[] = {
    {"comment", FIELD_TEXT, F_REQUIRED, 1, COMMENT_MAX, NULL},
    ATTACHMENTS_INPUT,
    FIELDS_END};

/* POST /api/client/issues/{id}/comment/: adds a public comment of the customer.
 */
enum err
do_client_comment(struct req *r)
{
	return reply_added_comment(r, in_text(r, "comment"), false);
}

const struct field in_comment_add[] = {
    {"content", FIELD_TEXT, F_REQUIRED, 1, COMMENT_MAX, NULL},
    {"internal", FIELD_BOOL, 0, 0, 0, NULL},
    ATTACHMENTS_INPUT,
    FIELDS_END};

/* POST /api/issues/{id}/add_comment/: adds a comment, which staff can make
 * internal. */
enum err
do_comment_add(struct req *r)
{
	if (in_int(r, "internal") && !actor_is_staff(&r->actor))
		return ERR_FORBIDDEN;
	return reply_added_comment(r, in_text(r, "content"),
				   in_int(r, "internal"));
}

const struct field in_comment_edit[] = {
    {"content", FIELD_TEXT, F_REQUIRED, 1, COMMENT_MAX, NULL}, FIELDS_END};

/* PATCH /api/issues/{id}/comments/{cid}/: edits a comment, by its author within
 * 15 minutes. */
enum err
do_comment_edit(struct req *r)
{
	struct comment *comment;
	enum err e = comment_change(&comment, r->ctx, &r->actor, r->id,
				    r->inner_id, in_text(r, "content"));

	if (!e && !comment->is_internal)
		(void)outbox_wake_and_wait(r->ctx, r->id);
	return e ? e
		 : view_one(r, 200, "Comment edited successfully", r->inner_id);
}

/* DELETE /api/issues/{id}/comments/{cid}/: withdraws a comment, as long as it
 * could be edited. */
enum err
do_comment_withdraw(struct req *r)
{
	struct comment *comment;
	enum err e = comment_change(&comment, r->ctx, &r->actor, r->id,
				    r->inner_id, NULL);

	if (e)
		return e;
	if (!comment->is_internal)
		outbox_wake(r->ctx);
	reply_empty(r, 204);
	return OK;
}
