#include <string.h>

#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "desk/issue.h"
#include "desk/security_log.h"

#define BULK_MAX 100
#define BATCH	 100

const struct field in_bulk_update[] = {
    {"issue_ids", FIELD_IDS, F_REQUIRED, 1, BULK_MAX, NULL},
    {"status", FIELD_CHOICE, 0, 0, 0, status_words},
    {"priority", FIELD_CHOICE, 0, 0, 0, priority_words},
    {"assigned_to", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},
    FIELDS_END};

/* Changes one of the issues and adds its result. ERR_DB and ERR_AGAIN end the
 * whole request. */
static enum err
update_one(struct req *r, struct jsonout *j, int64_t id,
	   const struct issue_change *ch, int64_t *updated)
{
	struct issue_outcome out;
	const struct fault *why;
	enum err e = issue_change(&out, r->ctx, &r->actor, id, ch);

	if (e == ERR_DB || e == ERR_AGAIN)
		return e;
	why = r->ctx->faults.first;
	json_object(j, NULL);
	json_integer(j, "issue_id", id);
	json_string(j, "status",
		    e		  ? "failed"
		    : out.changed ? "updated"
				  : "unchanged");
	if (e)
		json_string(j, "error", why ? why->text : "Not found.");
	json_end(j);
	*updated += !e;
	return OK;
}

/* POST /api/issues/bulk_update/: each issue by itself, in its own
 * transaction. */
enum err
do_bulk_update(struct req *r)
{
	const struct value *ids = input_get(&r->input, "issue_ids");
	const bool unassign = is_null(r, "assigned_to");
	const struct issue_change ch = {
	    .act = ACT_EDIT,
	    .set =
		(has_value(r, "status") ? SET_STATUS : 0U) |
		(has_value(r, "priority") ? SET_PRIORITY : 0U) |
		(has_value(r, "assigned_to") || unassign ? SET_ASSIGNEE : 0U),
	    .status = (enum status)in_int(r, "status"),
	    .priority = (enum priority)in_int(r, "priority"),
	    .assigned_to = in_int(r, "assigned_to")};
	struct jsonout *j;
	int64_t updated = 0;
	enum err e = OK;

	if (!ch.set)
		return fault_add(&r->ctx->faults, "non_field_errors",
				 "One of status, priority and assigned_to is "
				 "required.");
	j = reply(r, 200);
	json_array(j, "results");
	for (size_t i = 0; !e && i < ids->n; i++)
		e = update_one(r, j, ids->ids[i], &ch, &updated);
	json_end(j);
	json_string(j, "message", "Bulk update finished");
	json_integer(j, "updated_count", updated);
	json_integer(j, "failed_count", (int64_t)ids->n - updated);
	return e;
}

/* The bytes of a character at s that makes a formula of a cell that it begins,
 * 0 where there is none. The wide ones, too: spreadsheets of East Asia take
 * them for the narrow ones. */
static size_t
formula_sign(const char *s)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b",
					   "\xef\xbc\x8d", "\xef\xbc\xa0"};

	if (*s && strchr("=+-@\t\r", *s))
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (strncmp(s, wide[i], 3) == 0)
			return 3;
	return 0;
}

/* One cell of RFC 4180. An apostrophe leads whatever a spreadsheet would take
 * for a formula (OWASP, CSV injection): at its beginning, and behind all that
 * ends a cell or a line where another sign than ours separates, as ';' does
 * for Excel in half of Europe. Quotes do not hide it. */
static void
put_cell(struct buf *b, const char *s, bool last)
{
	bool begins = true;

	buf_addc(b, '"');
	for (; s && *s; s++) {
		if (begins && formula_sign(s))
			buf_addc(b, '\'');
		if (*s != '"')
			begins = strchr(",;\t\r\n", *s) != NULL;
		else
			buf_addc(b, '"');
		buf_addc(b, *s);
	}
	buf_adds(b, last ? "\"\r\n" : "\",");
}

static void
put_issue(struct buf *b, const struct issue *i)
{
	const struct issue_kind *k = &i->kind;

	put_cell(b, i->number, false);
	put_cell(b, i->organization_name, false);
	put_cell(b, i->title, false);
	put_cell(b, i->description, false);
	put_cell(b, enum_name_text(status_words, (int)k->status), false);
	put_cell(b, enum_name_text(priority_words, (int)k->priority), false);
	put_cell(b, enum_name_text(category_words, (int)k->category), false);
	put_cell(b, i->raiser_name, false);
	put_cell(b, i->raiser_email, false);
	put_cell(b, i->assignee_name, false);
	put_cell(b, i->vendor_name, false);
	put_cell(b, i->order_number, false);
	put_cell(b, i->resolution_notes, false);
	put_cell(b, i->linear_url, false);
	put_cell(b, i->resolved_at, false);
	put_cell(b, i->created_at, false);
	put_cell(b, i->updated_at, true);
}

/* A part of the stream; false when nobody takes it any more. */
static bool
put_page(void *arg, const struct issue_page *page)
{
	struct req *r = arg;

	for (size_t i = 0; i < page->n; i++)
		put_issue(&r->out, &page->issues[i]);
	return http_stream(r);
}

/* GET /api/issues/export/: the filtered list as CSV, streamed. */
enum err
do_issue_export(struct req *r)
{
	struct issue_filter f;
	enum err e;

	e = security_log_add(r->ctx, SECURITY_ISSUES_EXPORTED, &r->actor,
			     r->actor.user_id, NULL);
	if (e)
		return e;
	read_issue_filter(&f, r);
	reply_stream(r, "text/csv; charset=utf-8");
	reply_header(r, "Content-Disposition",
		     "attachment; filename=\"issues.csv\"");
	/* Excel reads UTF-8 only behind a byte order mark */
	buf_adds(&r->out,
		 "\xef\xbb\xbf"
		 "issue_number,organization,title,description,status,"
		 "priority,category,raised_by,raised_by_email,assigned_to,"
		 "vendor,order_number,resolution_notes,linear_issue_url,"
		 "resolved_at,created_at,updated_at\r\n");
	return issue_walk(r->ctx, &r->actor, &f, put_page, r);
}
