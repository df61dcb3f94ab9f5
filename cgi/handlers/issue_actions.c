/* Handlers that change one issue: updating it, resolving, assigning,
 * reopening, closing and deleting it. Which fields a request may set follows
 * from ISSUE_FIELDS; issue_reply.c answers, after waiting a moment for Linear.
 */
#include "base/clock.h"
#include "cgi/handlers.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/outbox.h"

/* What ISSUE_FIELDS lets a request change. What customers are shown as null,
 * they may send back as null, whatever its kind. */
/* clang-format off */
#define INPUT_INT(max)      FIELD_INT, 0, 0, max, NULL
#define INPUT_ID            FIELD_ID, F_NULL, 1, INT64_MAX, NULL
#define INPUT_OBJECT        FIELD_ID, F_NULL | F_OBJECT, 1, INT64_MAX, NULL
#define INPUT_BOOL          FIELD_BOOL, 0, 0, 0, NULL
#define INPUT_TIME          FIELD_TIME, F_NULL, 0, 0, NULL
#define INPUT_LINE(max)     FIELD_LINE, 0, 1, max, NULL
#define INPUT_TEXT(max)     FIELD_TEXT, F_NULL, 1, max, NULL
#define INPUT_BLANK_TEXT(max) FIELD_TEXT, F_BLANK, 0, max, NULL
#define INPUT_CHOICE(x)     FIELD_CHOICE, 0, 0, 0, x##_words
#define NULL_TO_ANYONE      0
#define NULL_TO_SPECIAL     0
#define NULL_TO_HIDDEN      0
#define NULL_TO_STAFF       F_NULL
#define INPUT(viewers, name, type, flags, min, max, words) \
	{name, type, (flags) | NULL_TO_##viewers, min, max, words},
#define TAKES_CUSTOMER(viewers, name, ...) INPUT(viewers, name, __VA_ARGS__)
#define TAKES_STAFF TAKES_CUSTOMER
#define TAKES_DERIVED(viewers, name, ...)
#define TAKES_NOBODY(viewers, name, ...)
#define TAKES(id, place, column, kind, name, viewers, changers, ...) \
	TAKES_##changers(viewers, name, INPUT_##kind)

const struct field in_issue_update[] = {
	ISSUE_FIELDS(TAKES)
	FIELDS_END};
/* clang-format on */

static bool
may_be_null(const struct issue_field *f)
{
	return f->kind == KIND_OF_ID || f->kind == KIND_OF_OBJECT ||
	       f->kind == KIND_OF_TIME || f->kind == KIND_OF_TEXT;
}

/* Whether the request sets the field, be it to null. A customer does not by
 * sending back the null that stands for what they may not see. */
static bool
sets_field(const struct req *r, const struct issue_field *f)
{
	if (has_value(r, f->name))
		return true;
	if (!is_null(r, f->name))
		return false;
	if (r->actor.role == ROLE_CUSTOMER && f->viewers == VIEWERS_STAFF)
		return false;
	if (!may_be_null(f))
		(void)fault_add(&r->ctx->faults, f->name,
				"This field may not be null.");
	return true;
}

/* PATCH and PUT /api/issues/{id}/: any of the fields, by staff; by its customer
 * those that ISSUE_FIELDS gives them. */
enum err
do_issue_update(struct req *r)
{
	struct issue_change ch = {.act = ACT_EDIT};

#define TAKEN_INT(max)	      in_int
#define TAKEN_ID	      in_int
#define TAKEN_OBJECT	      in_int
#define TAKEN_BOOL	      0 != in_int
#define TIME_OF(r, name)      clock_text((r)->ctx->arena, in_int(r, name))
#define TAKEN_TIME	      TIME_OF
#define TAKEN_LINE(max)	      in_text
#define TAKEN_TEXT(max)	      in_text
#define TAKEN_BLANK_TEXT(max) in_text
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type */
#define TAKEN_CHOICE(x) (enum x) in_int
#define TAKE_CUSTOMER(id, column, value)                      \
	if (sets_field(r, &issue_fields[ISSUE_FIELD_##id])) { \
		ch.set |= SET_##id;                           \
		ch.column = value;                            \
	}
#define TAKE_STAFF TAKE_CUSTOMER
#define TAKE_DERIVED(id, column, value)
#define TAKE_NOBODY(id, column, value)
#define TAKE(id, place, column, kind, name, viewers, changers, ...) \
	TAKE_##changers(id, column, TAKEN_##kind(r, name))
	ISSUE_FIELDS(TAKE)
	if (r->ctx->faults.first)
		return ERR_INVALID;
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

/* POST /api/issues/{id}/close/: its customer withdraws it. */
enum err
do_issue_close(struct req *r)
{
	const struct issue_change ch = {.act = ACT_CLOSE};

	return reply_change(r, &ch, "Issue closed successfully", REPLY_MERGED);
}

/* DELETE /api/issues/{id}/: an owner deletes it for everybody here, while
 * Linear keeps its own; its customer closes it and no longer sees it. */
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
