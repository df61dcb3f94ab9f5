/* The files of issues: uploading them, to an issue or to be bound to one that
 * is raised later or to a comment; listing, serving, linking and deleting
 * them. */

#include "desk/attachment.h"

#include "base/arena.h"
#include "cgi/handlers.h"
#include "cgi/send_file.h"
#include "cgi/upload.h"
#include "cgi/view.h"
#include "desk/idempotency.h"
#include "desk/outbox.h"
#include "files/link.h"
#include "files/store.h"

struct attaching
attachments_asked(const struct req *r)
{
	const struct value *v = input_get(&r->input, "attachments");

	return (struct attaching){
	    .ids = v->ids, .n = v->n, .keep = file_keep_unbound};
}

/* Answers with what was uploaded: the files, and the comment that they came
 * with. */
static enum err
reply_uploaded(struct req *r, int64_t first)
{
	struct attachment *list;
	struct comment *comment = NULL;
	struct jsonout *j;
	size_t n;
	enum err e =
	    attachment_list_together(&list, &n, r->ctx, &r->actor, first);

	if (!e && !n)
		e = ERR_NOTFOUND; /* deleted since */
	if (!e && list[0].comment_id)
		e = comment_get(&comment, r->ctx, &r->actor,
				list[0].comment_id);
	if (e)
		return e;
	j = reply(r, 201);
	json_string(j, "message",
		    n == 1 ? "File uploaded successfully"
			   : "Files uploaded successfully");
	view_attachment(j, "attachment", r, &list[0]);
	view_attachments(j, "attachments", r, list, n, 0);
	if (comment)
		view_comment(j, "comment", r, comment, list, n);
	else
		json_null(j, "comment");
	return OK;
}

/* Stores what the body has, and answers. */
static enum err
upload(struct req *r, struct attachment_upload *u)
{
	const struct idempotency *key = r->ctx->idempotency;
	int64_t first = key ? key->resource_id : 0;
	enum err e = OK;

	if (!first) {
		e = upload_receive(r, &u->files, &u->n);
		if (e || r->status)
			return e;
		u->keep = upload_keep;
		u->arg = r->upload;
		if (u->issue_id) {
			/* a form may have brought them */
			u->comment = in_text(r, "content");
			u->is_internal = in_int(r, "internal");
		}
		if (u->is_internal && !actor_is_staff(&r->actor))
			return ERR_FORBIDDEN;
		e = attachment_upload(&first, r->ctx, &r->actor, u);
	}
	return e ? e : reply_uploaded(r, first);
}

const struct field in_attachment_add[] = {
    {"filename", FIELD_LINE, F_QUERY | F_BLANK, 0, 1000, NULL},
    {"internal", FIELD_BOOL, F_QUERY, 0, 0, NULL},
    {"content", FIELD_TEXT, F_QUERY, 1, COMMENT_MAX, NULL},
    FIELDS_END};

/* POST /api/issues/{id}/attachments/: attaches files to an issue. Whether the
 * actor may see it is checked before the body is read. */
enum err
do_attachment_add(struct req *r)
{
	struct attachment_upload u = {.issue_id = r->id};
	struct issue *issue;
	enum err e = issue_get(&issue, r->ctx, &r->actor, r->id);

	if (!e && in_int(r, "internal") && !actor_is_staff(&r->actor))
		e = ERR_FORBIDDEN;
	return e ? e : upload(r, &u);
}

const struct field in_attachment_upload[] = {
    {"filename", FIELD_LINE, F_QUERY | F_BLANK, 0, 1000, NULL}, FIELDS_END};

/* POST /api/attachments/: uploads files that a request to come binds. */
enum err
do_attachment_upload(struct req *r)
{
	struct attachment_upload u = {.issue_id = 0};

	return upload(r, &u);
}

/* GET /api/issues/{id}/attachments/ */
enum err
do_attachment_list(struct req *r)
{
	struct attachment *list;
	struct issue *issue;
	struct jsonout *j;
	size_t n;
	enum err e = issue_get(&issue, r->ctx, &r->actor, r->id);

	if (!e)
		e = attachment_list(&list, &n, r->ctx, &r->actor, issue);
	if (e)
		return e;
	j = reply(r, 200);
	json_integer(j, "count", (int64_t)n);
	view_attachments(j, "attachments", r, list, n, 0);
	return OK;
}

/* The file of a request with a token, or with a signed link. */
static enum err
find_asked(struct attachment **out, struct req *r)
{
	const char *signature = in_text(r, "signature");
	enum err e;

	if (r->actor.user_id || !signature)
		return attachment_get(out, r->ctx, &r->actor, r->id);
	e = file_link_check(r->ctx, r->id, in_int(r, "expires"), signature);
	if (e != ERR_CREDENTIALS)
		return e ? e : attachment_find(out, r->ctx, r->id);
	reply_header(r, "WWW-Authenticate", "Token");
	return reply_error(r, 401, "invalid_link",
			   "This link is not valid, or has expired.");
}

/* Why a file that the scanner has not cleared is not served, or NULL. Staff may
 * open it at their own risk, unless the check is required. A link was only made
 * for somebody who may open the file. */
static const char *
not_cleared(const struct req *r, const struct attachment *a)
{
	const bool is_required = r->ctx->conf->clamd_required;

	if (a->state == ATTACHMENT_UNCHECKED)
		return is_required ? "This file could not be checked, and must "
				     "not be opened here."
				   : NULL;
	return !is_required && (!r->actor.user_id || actor_is_staff(&r->actor))
		   ? NULL
		   : "This file is still being checked. Please try again in a "
		     "moment.";
}

/* Why a file is not served, or NULL. */
static const char *
why_withheld(const struct req *r, const struct attachment *a)
{
	switch (a->state) {
	case ATTACHMENT_CHECKING:
	case ATTACHMENT_UNCHECKED:
		return a->sha256 ? not_cleared(r, a)
				 : "This file is still being fetched. Please "
				   "try again in a moment.";
	case ATTACHMENT_INFECTED:
		return "This file contains malware, and cannot be opened.";
	case ATTACHMENT_GONE:
		return "This file is not available any more.";
	case ATTACHMENT_READY:
		break;
	}
	return a->sha256 ? NULL : "This file is not here yet.";
}

/* Answers 409 if the file is not served. */
static void
refuse_withheld(struct req *r, const struct attachment *a)
{
	const char *why = why_withheld(r, a);

	if (why)
		(void)reply_error(
		    r, 409,
		    enum_name_text(attachment_state_words, (int)a->state), why);
}

const struct field in_attachment_show[] = {
    {"download", FIELD_BOOL, F_QUERY, 0, 0, NULL},
    {"expires", FIELD_INT, F_QUERY, 0, INT64_MAX, NULL},
    {"signature", FIELD_LINE, F_QUERY, 1, HMAC_HEX_TEXT, NULL},
    FIELDS_END};

/* GET /api/attachments/{id}/: the content of a file. */
enum err
do_attachment_show(struct req *r)
{
	struct attachment *a = NULL;
	enum err e = find_asked(&a, r);

	if (!e && a)
		refuse_withheld(r, a);
	return e || r->status ? e
			      : serve_attachment(r, a, in_int(r, "download"));
}

/* POST /api/attachments/{id}/link/: a link that needs no token, for a minute.
 */
enum err
do_attachment_link(struct req *r)
{
	const int64_t expires = r->ctx->now / USEC_PER_SEC + FILE_LINK_S;
	char signature[HMAC_HEX_TEXT];
	struct arena *a = r->ctx->arena;
	struct attachment *file;
	struct jsonout *j;
	enum err e = attachment_get(&file, r->ctx, &r->actor, r->id);

	if (!e)
		refuse_withheld(r, file);
	if (!e && !r->status)
		e = file_link_sign(signature, r->ctx, r->id, expires);
	if (e || r->status)
		return e;
	j = reply(r, 200);
	json_string(j, "url",
		    http_url(r, arena_printf(a,
					     "/api/attachments/%lld/"
					     "?expires=%lld&signature=%s",
					     (long long)r->id,
					     (long long)expires, signature)));
	json_string(j, "expires_at", clock_text(a, expires * USEC_PER_SEC));
	return OK;
}

/* DELETE /api/attachments/{id}/ */
enum err
do_attachment_delete(struct req *r)
{
	enum err e = attachment_delete(r->ctx, &r->actor, r->id);

	if (!e)
		reply_empty(r, 204);
	return e;
}
