/* Every field of ISSUE_FIELDS, whichever there are: who sees it, in detail, in
 * lists, in answers to changes and in the export; who can change it; what of
 * its changes is in whose history; and whether Linear hears of it. A new field
 * needs no test of its own, unless it is an id of a new kind (then sent_value()
 * has to know one) or is sent to Linear in a form that what_is_pushed_arrives
 * cannot see. */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "desk/issue.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/simulator.h"

static struct world w;
static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, unique("Fields"));
}

static bool
is_id(const struct issue_field *f)
{
	return f->kind == KIND_OF_ID || f->kind == KIND_OF_OBJECT;
}

static bool
is_changed_by_requests(const struct issue_field *f)
{
	return f->changers == CHANGERS_STAFF ||
	       f->changers == CHANGERS_CUSTOMER;
}

static const char *
last_word(const struct enum_name *words)
{
	while (words[1].text)
		words++;
	return words->text;
}

/* A value, as JSON, that a new issue does not have. */
static const char *
sent_value(const struct issue_field *f)
{
	if (f == &issue_fields[ISSUE_FIELD_ASSIGNEE])
		return text("%lld", (long long)w.employee.profile);
	if (f == &issue_fields[ISSUE_FIELD_VENDOR])
		return text("%lld", (long long)w.supplier);
	if (f == &issue_fields[ISSUE_FIELD_ORDER])
		return text("%lld", (long long)w.order);
	if (f->words)
		return text("'%s'", last_word(f->words));
	switch (f->kind) {
	case KIND_OF_BOOL:
		return "true";
	case KIND_OF_INT:
		return "7";
	case KIND_OF_TIME:
		return "'2026-01-02T03:04:05Z'";
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		ck_abort_msg("sent_value() knows no id for %s", f->name);
	case KIND_OF_CHOICE:
	case KIND_OF_LINE:
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		break;
	}
	return "'Something else'";
}

static struct answer *
patch(const struct person *p, int64_t id, const struct issue_field *f)
{
	return PATCH(p->token, issue_path(id, ""),
		     json("{'%s':%s}", f->name, sent_value(f)));
}

/* Gives the column a value that is neither NULL nor false, so that a view that
 * shows it shows something. */
static void
fill_column(const struct issue_field *f)
{
	const char *value = "7";

	switch (f->kind) {
	case KIND_OF_LINE:
		/* ids of Linear are UUIDs */
		value = strstr(f->name, "_identifier") ? "'TOO-1'"
			: strstr(f->name, "_id")       ? "UUID()"
						       : "'filled'";
		break;
	case KIND_OF_TEXT:
	case KIND_OF_BLANK_TEXT:
		value = "'filled'";
		break;
	case KIND_OF_TIME:
		value = "'2026-01-02 03:04:05'";
		break;
	case KIND_OF_BOOL:
	case KIND_OF_CHOICE:
		value = "1";
		break;
	case KIND_OF_INT:
	case KIND_OF_ID:
	case KIND_OF_OBJECT:
		break;
	}
	sql_run(text("UPDATE issue SET %s = %s WHERE id = ?", f->column, value),
		ARGS(arg_int(issue)));
}

/* What somebody gets of the field, in the object at that path. */
static void
expect_view(const struct answer *a, const char *path,
	    const struct issue_field *f, bool staff)
{
	const struct json *m = json_get(at(a, path), f->name);

	expect_status(a, 200);
	expect(a, at(a, path) != NULL);
	ck_assert_msg((f->viewers == VIEWERS_HIDDEN) == (m == NULL),
		      "\"%s\" of %s", f->name, a->request.path);
	if (f->viewers == VIEWERS_STAFF)
		ck_assert_msg(json_is_null(m) != staff,
			      "staff alone see \"%s\", but not in %s", f->name,
			      a->request.path);
}

static void
expect_views(const struct person *p, const struct issue_field *f, bool staff)
{
	expect_view(GET(p->token, issue_path(issue, "")), "", f, staff);
	expect_view(GET(p->token, "/api/issues/"), "results.0", f, staff);
	if (staff)
		return;
	expect_view(GET(p->token, client_path(issue, "")), "", f, staff);
	expect_view(GET(p->token, "/api/client/issues/"), "results.0", f,
		    staff);
	expect_view(PATCH(p->token, issue_path(issue, ""), "{}"), "", f, staff);
}

START_TEST(every_field_in_every_view)
{
	const struct issue_field *f = &issue_fields[_i];

	if (f->viewers == VIEWERS_STAFF)
		fill_column(f);
	expect_views(&w.employee, f, true);
	expect_views(&w.vendor, f, true);
	expect_views(&w.customer, f, false);
}
END_TEST

static bool
has_history(const struct person *p, const char *field)
{
	const struct answer *a = GET(p->token, issue_path(issue, "activity/"));
	const struct json *row;

	expect_status(a, 200);
	for (row = json_first(at(a, "results")); row; row = json_next(row))
		if (strcmp(json_text(json_get(row, "field")), field) == 0)
			return true;
	return false;
}

START_TEST(every_field_in_the_history)
{
	const struct issue_field *f = &issue_fields[_i];

	if (!is_changed_by_requests(f))
		return;
	expect_status(patch(&w.employee, issue, f), 200);
	ck_assert_msg(has_history(&w.vendor, f->name) ==
			  (f->history != HISTORY_UNRECORDED),
		      "staff read of \"%s\"", f->name);
	ck_assert_msg(has_history(&w.customer, f->name) ==
			  (f->history != HISTORY_UNRECORDED &&
			   f->viewers != VIEWERS_STAFF &&
			   f->viewers != VIEWERS_HIDDEN),
		      "customers read of \"%s\"", f->name);
}
END_TEST

START_TEST(customers_change_only_their_fields)
{
	const struct issue_field *f = &issue_fields[_i];
	const char *column = text("SELECT CAST(%s AS CHAR) FROM issue "
				  "WHERE id = ?",
				  f->column);
	const char *before = sql_text(column, ARGS(arg_int(issue)));
	const char *after;

	if (is_changed_by_requests(f)) {
		expect_status(patch(&w.customer, issue, f),
			      f->changers == CHANGERS_CUSTOMER ? 200 : 400);
	} else if (!is_id(f)) {
		expect_status(patch(&w.customer, issue, f), 200);
		expect_status(patch(&w.employee, issue, f), 200);
	}
	after = sql_text(column, ARGS(arg_int(issue)));
	ck_assert_msg(
	    f->changers == CHANGERS_CUSTOMER ||
		(before ? after && strcmp(before, after) == 0 : !after),
	    "\"%s\" was changed", f->name);
}
END_TEST

/* A customer's clients send back what they were shown, null for what only staff
 * see. That changes nothing, and every other value is refused, whatever the
 * field holds: otherwise it could be found out by trying. */
START_TEST(secrets_are_not_found_out_by_trying)
{
	const struct issue_field *f = &issue_fields[_i];
	const char *null = json("{'%s':null}", f->name), *before;
	const char *value = text("SELECT CAST(%s AS CHAR) FROM issue "
				 "WHERE id = ?",
				 f->column);

	if (f->viewers != VIEWERS_STAFF || !is_changed_by_requests(f))
		return;
	for (int i = 0; i < 2; i++) {
		before = sql_text(value, ARGS(arg_int(issue)));
		expect_status(
		    PATCH(w.customer.token, issue_path(issue, ""), null), 200);
		expect_status(patch(&w.customer, issue, f), 400);
		ck_assert_pstr_eq(sql_text(value, ARGS(arg_int(issue))),
				  before);
		expect_status(patch(&w.employee, issue, f), 200);
	}
}
END_TEST

START_TEST(rows_make_sense)
{
	const struct issue_field *f = &issue_fields[_i];
	const bool is_secret =
	    f->viewers == VIEWERS_STAFF || f->viewers == VIEWERS_HIDDEN;

	ck_assert_msg(!is_secret || f->changers != CHANGERS_CUSTOMER,
		      "customers change \"%s\" without seeing it", f->name);
	ck_assert_msg(f->viewers != VIEWERS_HIDDEN || !f->exported,
		      "nobody sees \"%s\", but it is exported", f->name);
	ck_assert_msg(!is_changed_by_requests(f) || f->exported,
		      "people change \"%s\", but it is not exported", f->name);
	ck_assert_msg(!is_changed_by_requests(f) ||
			  f->history != HISTORY_UNRECORDED,
		      "people change \"%s\", but no history has it", f->name);
}
END_TEST

/* --- the export ----------------------------------------------------------- */

/* The columns that the rows of ISSUE_FIELDS ask for. */
static const char *
wanted_header(void)
{
	const char *head = "";

	for (int id = 0; id < ISSUE_FIELD_MAX; id++) {
		const struct issue_field *f = &issue_fields[id];

		if (f->exported)
			head = text("%s%s%s", head, *head ? "," : "",
				    f->called ? f->called : f->name);
		if (f->called_email)
			head = text("%s,%s", head, f->called_email);
	}
	return head;
}

/* The beginning of the n-th cell (from 0) of a line; NULL: it has fewer. */
static const char *
nth_cell(const char *line, int n)
{
	bool quoted = false;

	for (; n && *line && (quoted || *line != '\r'); line++) {
		if (*line == '"')
			quoted = !quoted;
		n -= !quoted && *line == ',';
	}
	return n || !*line || *line == '\r' ? NULL : line;
}

/* What somebody's export has of the one issue, in the n-th cell, with its
 * quotes and without what follows. */
static const char *
exported_cell(const struct person *p, int n)
{
	const struct answer *a = GET(p->token, "/api/issues/export/");
	const char *row, *cell, *end;

	expect_status(a, 200);
	row = strstr(a->text, "\r\n");
	expect(a, row != NULL);
	cell = nth_cell(row + 2, n);
	expect(a, cell != NULL);
	end = nth_cell(cell, 1);
	return text("%.*s",
		    (int)(end ? (size_t)(end - 1 - cell) : strcspn(cell, "\r")),
		    cell);
}

/* Each column of the header has a cell in each row, and each exported field has
 * one, which shows what its reader may see. */
START_TEST(the_export_is_whole)
{
	const struct answer *a;
	int n = 0;

	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (is_changed_by_requests(&issue_fields[id]))
			expect_status(
			    patch(&w.employee, issue, &issue_fields[id]), 200);
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].viewers == VIEWERS_STAFF)
			fill_column(&issue_fields[id]);
	a = GET(w.vendor.token, "/api/issues/export/");
	expect_status(a, 200);
	expect_with(a, text("\xef\xbb\xbf%s\r\n", wanted_header()));
	for (int id = 0; id < ISSUE_FIELD_MAX; id++) {
		const struct issue_field *f = &issue_fields[id];

		if (!f->exported)
			continue;
		if (is_changed_by_requests(f) || f->viewers == VIEWERS_STAFF)
			ck_assert_str_ne(exported_cell(&w.vendor, n), "\"\"");
		ck_assert_str_eq(exported_cell(&w.customer, n),
				 f->viewers == VIEWERS_STAFF
				     ? "\"\""
				     : exported_cell(&w.vendor, n));
		n += f->called_email ? 2 : 1;
	}
	expect(a, !nth_cell(strstr(a->text, "\r\n") + 2, n));
}
END_TEST

/* --- Linear --------------------------------------------------------------- */

static const char *
in_linear(int64_t id)
{
	return linear_issue(linear_id_of(id))->text;
}

/* While Linear is down, the jobs stay. A field that Linear has must then look
 * different there, so that none is sent for nothing. */
START_TEST(every_field_is_pushed_or_silent)
{
	int64_t ids[ISSUE_FIELD_MAX], jobs;

	link_to_team(w.org, TEAM_FREE);
	for (int i = 0; i < ISSUE_FIELD_MAX; i++)
		if (is_changed_by_requests(&issue_fields[i]))
			ids[i] = raise_issue(&w.customer, w.org, "To change");
	expect_no_jobs(w.org);
	linear_down();
	for (int i = 0; i < ISSUE_FIELD_MAX; i++) {
		if (!is_changed_by_requests(&issue_fields[i]))
			continue;
		expect_status(patch(&w.employee, ids[i], &issue_fields[i]),
			      200);
		await_derived();
		jobs = sql_int("SELECT COUNT(*) FROM sync_job "
			       "WHERE issue_id = ?",
			       ARGS(arg_int(ids[i])));
		ck_assert_msg(jobs == issue_fields[i].to_linear,
			      "a change of \"%s\" makes %lld jobs",
			      issue_fields[i].name, (long long)jobs);
	}
	linear_well();
	expect_no_jobs(w.org);
}
END_TEST

/* What is flagged LINEAR arrives there. The assignee needs an account in Linear
 * (tests/sync/inward), and the category is in an attachment
 * (tests/sync/outward).
 */
START_TEST(what_is_pushed_arrives)
{
	const struct issue_field *f = &issue_fields[_i];
	const char *before;

	if (!is_changed_by_requests(f) || !f->to_linear ||
	    _i == ISSUE_FIELD_ASSIGNEE || _i == ISSUE_FIELD_CATEGORY)
		return;
	linear_well();
	link_to_team(w.org, TEAM_FREE);
	issue = raise_issue(&w.customer, w.org, "To change");
	expect_no_jobs(w.org);
	before = in_linear(issue);
	expect_status(patch(&w.employee, issue, f), 200);
	expect_no_jobs(w.org);
	ck_assert_msg(strcmp(before, in_linear(issue)) != 0,
		      "\"%s\" is sent to Linear, which does not have it",
		      f->name);
}
END_TEST

Suite *
fields_suite(void)
{
	Suite *s = suite_create("fields");
	TCase *t = add_case(s, "fields", set_up);

	tcase_add_loop_test(t, every_field_in_every_view, 0, ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, every_field_in_the_history, 0, ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, customers_change_only_their_fields, 0,
			    ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, secrets_are_not_found_out_by_trying, 0,
			    ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, rows_make_sense, 0, ISSUE_FIELD_MAX);
	tcase_add_test(t, the_export_is_whole);
	t = add_case(s, "fields and Linear", set_up);
	tcase_add_unchecked_fixture(t, NULL, linear_mend);
	tcase_set_timeout(t, 4 * AWAIT_S);
	tcase_add_test(t, every_field_is_pushed_or_silent);
	tcase_add_loop_test(t, what_is_pushed_arrives, 0, ISSUE_FIELD_MAX);
	return s;
}
