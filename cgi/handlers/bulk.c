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

/* The text of a cell, by the kind of the field. */

static const char *
csv_text(const struct req *r, enum issue_field_id id, const char *value)
{
	(void)r;
	(void)id;
	return value;
}

static const char *
csv_value(const struct req *r, enum issue_field_id id, int64_t value)
{
	if (issue_fields[id].words)
		return enum_name_text(issue_fields[id].words, (int)value);
	if (strcmp(issue_fields[id].kind, "BOOL") == 0)
		return value ? "true" : "false";
	return arena_printf(r->ctx->arena, "%lld", (long long)value);
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

/* clang-format off */
#define DISCARD(...)

/* The names of what ISSUE_FIELDS exports, each behind a comma. */
#define HEADER_CELL(name)                  "," name
#define HEADER_LEFT_OUT(name)
#define HEADER_CALLED(name, member)        "," name DISCARD
#define HEADER_PERSON(name, member, email) "," name "," name "_email" DISCARD
#define HEADER(id, m, column, kind, name, viewers, changers, linear, history, export) \
	HEADER_##export(name)

/* Its cells. */
#define CSV_INT           csv_value
#define CSV_ID            csv_value
#define CSV_OBJECT        csv_value
#define CSV_BOOL          csv_value
#define CSV_TIME          csv_text
#define CSV_LINE(max)     csv_text
#define CSV_TEXT(max)     csv_text
#define CSV_BLANK_TEXT(max) csv_text
#define CSV_CHOICE(x)     csv_value
#define EXPORT_CELL(text) put_next(&row, text);
#define EXPORT_LEFT_OUT(text)
#define EXPORT_CALLED(name, member) put_next(&row, i->member); DISCARD
#define EXPORT_PERSON(name, member, email) \
	put_next(&row, i->member); put_next(&row, i->email); DISCARD
#define EXPORT(id, m, column, kind, name, viewers, changers, linear, history, export) \
	EXPORT_##export(CSV_##kind(r, ISSUE_FIELD_##id, i->m))
/* clang-format on */

static void
put_issue(struct req *r, const struct issue *i)
{
	struct csv_row row = {&r->out, ""};

	ISSUE_FIELDS(EXPORT)
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
	buf_adds(&r->out, &(ISSUE_FIELDS(HEADER) "\r\n")[1]);
	return issue_walk(r->ctx, &r->actor, &f, put_page, r);
}
