/* What the tests of bodies and queries share: the data that their rows name by
 * $words, and the rows for updates of an issue, which follow from ISSUE_FIELDS.
 */

#include "inputs.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "desk/issue.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

#define UPDATE_ROWS (2 * CHANGE_MAX)

static struct world w;
static struct person other;
static int64_t issue, comment, attachment;

void
inputs_set_up(void)
{
	fixture_begin();
	make_world(&w);
	other = make_person("other", ROLE_EMPLOYEE, w.org);
	issue = raise_issue(&w.customer, w.org, "Subject");
	comment =
	    int_at(POST(w.employee.token, issue_path(issue, "add_comment/"),
			json("{'content':'said'}")),
		   "comment.id");
	with("Content-Type: text/plain");
	attachment =
	    int_at(POST(w.employee.token,
			issue_path(issue, "attachments/?filename=a"), "x"),
		   "attachment.id");
	sql_run("UPDATE organization SET staff_may_raise = TRUE WHERE id = ?",
		ARGS(arg_int(w.org)));
}

int64_t
inputs_digest(void)
{
	return database_digest(w.org);
}

const char *
input_token(enum who who)
{
	const char *const tokens[] = {[CUSTOMER] = w.customer.token,
				      [EMPLOYEE] = w.employee.token,
				      [VENDOR] = w.vendor.token};

	return tokens[who];
}

const char *
input_filled(const char *s)
{
	const struct {
		const char *word;
		const char *by;
	} words[] = {
	    {"$org", text("%lld", (long long)w.org)},
	    {"$issue", text("%lld", (long long)issue)},
	    {"$comment", text("%lld", (long long)comment)},
	    {"$attachment", text("%lld", (long long)attachment)},
	    {"$order", text("%lld", (long long)w.order)},
	    {"$other", text("%lld", (long long)other.profile)},
	    {"$vendor", text("%lld", (long long)w.supplier)},
	    {"$assigned_to", text("%lld", (long long)w.employee.profile)},
	    {"$profile", text("%lld", (long long)w.employee.profile)},
	    {"$customer", text("%lld", (long long)w.customer.user)},
	    {"$new", unique("new")},
	};
	const char *p;

	for (size_t i = 0; i < COUNT(words); i++)
		while ((p = strstr(s, words[i].word)) != NULL)
			s = text("%.*s%s%s", (int)(p - s), s, words[i].by,
				 p + strlen(words[i].word));
	return s;
}

size_t
inputs_count(void)
{
	return input_row_count + UPDATE_ROWS;
}

/* How an update takes a field of an issue. */
static void
fill_row(struct row *row, const struct issue_field *f)
{
	row->name = f->name;
	row->max = (int)f->max;
	switch (f->kind) {
	case KIND_OF_INT:
		row->kind = INT;
		row->flags = ZERO;
		row->fits = "7";
		break;
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		row->kind = ID;
		row->flags = NULLABLE;
		row->fits = text("$%s", f->name);
		break;
	case KIND_OF_BOOL:
		row->kind = BOOL;
		row->fits = "true";
		break;
	case KIND_OF_CHOICE:
		row->kind = CHOICE;
		row->fits = text("'%s'", f->words[1].text);
		break;
	case KIND_OF_TIME:
		row->kind = TIME;
		row->flags = NULLABLE;
		row->fits = "'2026-01-02T03:04:05Z'";
		break;
	case KIND_OF_LINE:
		row->kind = LINE;
		row->fits = "'t'";
		break;
	case KIND_OF_TEXT:
		row->kind = TEXT;
		row->flags = NULLABLE;
		row->fits = "'t'";
		break;
	case KIND_OF_BLANK_TEXT:
		row->kind = TEXT;
		row->flags = BLANK;
		row->fits = "'t'";
		break;
	}
}

const struct row *
input_row(size_t i)
{
	struct row *row;
	int n;

	if (i < input_row_count)
		return &input_rows[i];
	i -= input_row_count;
	row = arena_alloc(test_arena(), sizeof(*row));
	row->method = i < CHANGE_MAX ? "PATCH" : "PUT";
	row->path = "/api/issues/$issue/";
	row->who = EMPLOYEE;
	n = (int)(i % CHANGE_MAX);
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].set == 1U << n)
			fill_row(row, &issue_fields[id]);
	return row;
}

const char *
input_string(const char *c, int n)
{
	struct buf b;
	const char *s;

	buf_init(&b, 1 << 20);
	buf_addc(&b, '"');
	for (int i = 0; i < n; i++)
		buf_adds(&b, c);
	buf_addc(&b, '"');
	s = arena_memdup(test_arena(), b.data, b.len);
	buf_release(&b);
	return s;
}

const char *
input_pattern(const char *path)
{
	const char *p;

	while ((p = strchr(path, '$')) != NULL)
		path = text("%.*s{%s}%s", (int)(p - path), path,
			    strncmp(p, "$comment", 8) == 0 ? "cid" : "id",
			    p + strcspn(p, "/"));
	return path;
}
