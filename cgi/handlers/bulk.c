/* Handlers for many issues at once: the same change of several, and the export
 * of a list as CSV, which is streamed page by page. */
#include <string.h>

#include "base/arena.h"
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

/* POST /api/issues/bulk_update/: changes each issue in a transaction of its
 * own. */
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
put_cell(struct buf *b, const char *s)
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
	buf_addc(b, '"');
}

struct csv_row {
	struct buf *b;
	const char *separator; /* before the next cell */
};

static void
put_next(struct csv_row *row, const char *text)
{
	buf_adds(row->b, row->separator);
	put_cell(row->b, text);
	row->separator = ",";
}

/* The columns of a field: its value, or what its id is called. */
static void
put_columns(struct buf *b, const struct issue_field *f)
{
	if (!f->exported)
		return;
	buf_printf(b, "%s%s", f == issue_fields ? "" : ",",
		   f->called ? f->called : f->name);
	if (f->called_email)
		buf_printf(b, ",%s", f->called_email);
}

/* Its cells; empty for those who may not see it. */
static void
put_field(struct csv_row *row, const struct req *r, const struct issue *i,
	  enum issue_field_id id)
{
	const struct issue_field *f = &issue_fields[id];
	struct issue_naming naming = {NULL, NULL};

	if (!f->exported)
		return;
	if (!issue_field_shown(f, r->actor.role))
		put_next(row, NULL);
	else if (f->called) {
		naming = issue_naming(i, id);
		put_next(row, naming.name);
	} else
		put_next(row, issue_value_text(r->ctx->arena, id,
					       issue_value(i, id)));
	if (f->called_email)
		put_next(row, naming.email);
}

static void
put_issue(struct req *r, const struct issue *i)
{
	struct csv_row row = {&r->out, ""};

	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		put_field(&row, r, i, (enum issue_field_id)id);
	buf_adds(row.b, "\r\n");
}

/* Sends a part of the stream; false when the client is gone. */
static bool
put_page(void *arg, const struct issue_page *page)
{
	struct req *r = arg;

	for (size_t i = 0; i < page->n; i++)
		put_issue(r, &page->issues[i]);
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
	buf_adds(&r->out, "\xef\xbb\xbf");
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		put_columns(&r->out, &issue_fields[id]);
	buf_adds(&r->out, "\r\n");
	return issue_walk(r->ctx, &r->actor, &f, put_page, r);
}
