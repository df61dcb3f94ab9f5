#include "cgi/handlers.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/outbox.h"

const struct field in_issue_update[] = {
    {"title", FIELD_LINE, 0, 1, TITLE_MAX, NULL},
    {"description", FIELD_TEXT, F_BLANK, 0, DESCRIPTION_MAX, NULL},
    {"status", FIELD_CHOICE, 0, 0, 0, status_words},
    {"priority", FIELD_CHOICE, 0, 0, 0, priority_words},
    {"category", FIELD_CHOICE, 0, 0, 0, category_words},
    {"assigned_to", FIELD_ID, F_NULL | F_OBJECT, 1, INT64_MAX, NULL},
    {"vendor", FIELD_ID, F_NULL | F_OBJECT, 1, INT64_MAX, NULL},
    {"order", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},
    {"resolution_notes", FIELD_TEXT, F_NULL, 1, NOTES_MAX, NULL},
    FIELDS_END};

/* The bit of SET_ when the field was sent at all, null included. */
static unsigned
sent(const struct req *r, const char *name, unsigned bit)
{
	return has_value(r, name) || is_null(r, name) ? bit : 0;
}

/* PATCH and PUT /api/issues/{id}/: any of the fields, by staff; by its customer
 * title, description, priority and category. */
enum err
do_issue_update(struct req *r)
{
	const struct issue_change ch = {
	    .act = ACT_EDIT,
	    .set = sent(r, "title", SET_TITLE) |
		   sent(r, "description", SET_DESCRIPTION) |
		   sent(r, "status", SET_STATUS) |
		   sent(r, "priority", SET_PRIORITY) |
		   sent(r, "category", SET_CATEGORY) |
		   sent(r, "assigned_to", SET_ASSIGNEE) |
		   sent(r, "vendor", SET_VENDOR) | sent(r, "order", SET_ORDER) |
		   sent(r, "resolution_notes", SET_NOTES),
	    .title = in_text(r, "title"),
	    .description = in_text(r, "description"),
	    .status = (enum status)in_int(r, "status"),
	    .priority = (enum priority)in_int(r, "priority"),
	    .category = (enum category)in_int(r, "category"),
	    .assigned_to = in_int(r, "assigned_to"),
	    .vendor_id = in_int(r, "vendor"),
	    .order_id = in_int(r, "order"),
	    .resolution_notes = in_text(r, "resolution_notes")};

	return reply_change(r, &ch, "Issue updated successfully", REPLY_ISSUE);
}

const struct field in_issue_resolve[] = {
    {"resolution_notes", FIELD_TEXT, F_NULL | F_BLANK, 0, NOTES_MAX, NULL},
    FIELDS_END};

/* POST /api/issues/{id}/resolve/: 400 when it is resolved already. */
enum err
do_issue_resolve(struct req *r)
{
	const char *notes = in_text(r, "resolution_notes");
	const struct issue_change ch = {.act = ACT_RESOLVE,
					.set = notes && *notes ? SET_NOTES : 0,
					.resolution_notes = notes};

	return reply_change(r, &ch, "Issue resolved successfully",
			    REPLY_MERGED);
}

const struct field in_issue_assign[] = {
    {"employee_id", FIELD_ID, F_REQUIRED | F_NULL, 1, INT64_MAX, NULL},
    FIELDS_END};

/* POST /api/issues/{id}/assign/: null unassigns; an open issue that gets
 * somebody is in progress. */
enum err
do_issue_assign(struct req *r)
{
	const struct issue_change ch = {.act = ACT_ASSIGN,
					.set = SET_ASSIGNEE,
					.assigned_to =
					    in_int(r, "employee_id")};

	return reply_change(r, &ch,
			    ch.assigned_to ? "Issue assigned successfully"
					   : "Issue unassigned successfully",
			    REPLY_MESSAGE);
}

const struct field in_issue_reopen[] = {
    {"comment", FIELD_TEXT, F_NULL | F_BLANK, 0, COMMENT_MAX, NULL},
    FIELDS_END};

/* POST /api/issues/{id}/reopen/: by staff, or by its customer in the window. */
enum err
do_issue_reopen(struct req *r)
{
	const char *comment = in_text(r, "comment");
	const struct issue_change ch = {
	    .act = ACT_REOPEN, .comment = comment && *comment ? comment : NULL};

	return reply_change(r, &ch, "Issue reopened successfully",
			    REPLY_MERGED);
}

/* POST /api/issues/{id}/close/: by its customer, it is withdrawn. */
enum err
do_issue_close(struct req *r)
{
	const struct issue_change ch = {.act = ACT_CLOSE};

	return reply_change(r, &ch, "Issue closed successfully", REPLY_MERGED);
}

/* DELETE /api/issues/{id}/: by the owner, gone for everybody here, while Linear
 * keeps its own; by its customer, closed, and gone for them alone. */
enum err
do_issue_delete(struct req *r)
{
	const struct issue_change ch = {.act = ACT_DELETE,
					.if_version = http_if_match(r)};
	struct issue_outcome out;
	enum err e = issue_change(&out, r->ctx, &r->actor, r->id, &ch);

	if (e)
		return e == ERR_STALE ? reply_stale(r) : e;
	if (out.queued)
		outbox_wake(r->ctx);
	reply_empty(r, 204);
	return OK;
}
