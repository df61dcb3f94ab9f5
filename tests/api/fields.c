/* Every field of ISSUE_FIELDS, whichever there are: who sees it, in detail, in
 * lists and in answers to changes; who can change it; what of its changes is in
 * whose history; whether Linear hears of it; and that the export keeps its rows
 * whole. A new field needs no test of its own, unless it is an id of a new
 * kind: then sent_value() has to know one. */

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

#define RECOVERY_S 60

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
is_kind(const struct issue_field *f, const char *kind)
{
	return strncmp(f->kind, kind, strlen(kind)) == 0;
}

static bool
is_changed_by_requests(const struct issue_field *f)
{
	return f->changers == CHANGERS_STAFF ||
	       f->changers == CHANGERS_CUSTOMER;
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
		return text("'%s'", f->words[3].text);
	if (is_kind(f, "BOOL"))
		return "true";
	if (is_kind(f, "INT"))
		return "7";
	if (is_kind(f, "TIME"))
		return "'2026-01-02T03:04:05Z'";
	ck_assert_msg(!is_kind(f, "ID") && !is_kind(f, "OBJECT"),
		      "sent_value() knows no id for %s", f->name);
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

	/* ids of Linear are UUIDs */
	if (is_kind(f, "LINE") && strstr(f->name, "_id"))
		value = strstr(f->name, "_identifier") ? "'TOO-1'" : "UUID()";
	else if (is_kind(f, "LINE") || is_kind(f, "TEXT") ||
		 is_kind(f, "BLANK_TEXT"))
		value = "'filled'";
	else if (is_kind(f, "TIME"))
		value = "'2026-01-02 03:04:05'";
	else if (is_kind(f, "BOOL") || is_kind(f, "CHOICE"))
		value = "1";
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
	ck_assert_msg(
	    has_history(&w.customer, f->name) ==
		(f->history == HISTORY_WORD || f->history == HISTORY_PROSE),
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
	} else if (!is_kind(f, "ID") && !is_kind(f, "OBJECT")) {
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

/* What customers do not see they neither read in the history nor filter by; and
 * what is secret in one of the three is no secret by mistake in another. */
START_TEST(secrets_are_kept_everywhere)
{
	const struct issue_field *f = &issue_fields[_i];
	const bool is_secret =
	    f->viewers == VIEWERS_STAFF || f->viewers == VIEWERS_HIDDEN;

	ck_assert_msg(f->history == HISTORY_UNRECORDED ||
			  (f->history == HISTORY_SECRET) == is_secret,
		      "who sees \"%s\", and who its history?", f->name);
	ck_assert_msg(!is_secret || f->changers != CHANGERS_CUSTOMER,
		      "customers change \"%s\" without seeing it", f->name);
	for (int k = 0; k < CRITERIA; k++)
		ck_assert_msg(
		    strcmp(issue_criteria[k].column + 2, f->column) != 0 ||
			(issue_criteria[k].users == USERS_STAFF) == is_secret,
		    "who sees \"%s\", and who filters by it?", f->name);
}
END_TEST

static int64_t
cells_of(const char *line)
{
	bool quoted = false;
	int64_t n = 1;

	for (; *line && (quoted || *line != '\r'); line++) {
		if (*line == '"')
			quoted = !quoted;
		n += !quoted && *line == ',';
	}
	return n;
}

/* Each row of the export has a cell for each column, and each exported field
 * has one. */
START_TEST(the_export_is_whole)
{
	const struct answer *a;
	const char *head, *row;

	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (is_changed_by_requests(&issue_fields[id]))
			expect_status(
			    patch(&w.employee, issue, &issue_fields[id]), 200);
	a = GET(w.vendor.token, "/api/issues/export/");
	expect_status(a, 200);
	head = strstr(a->text, "issue_number");
	row = strstr(a->text, "\r\n");
	expect(a, head && row && row[2]);
	expect(a, cells_of(head) == cells_of(row + 2));
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].exported &&
		    !is_kind(&issue_fields[id], "ID") &&
		    !is_kind(&issue_fields[id], "OBJECT"))
			expect_with(a, issue_fields[id].name);
}
END_TEST

/* --- Linear --------------------------------------------------------------- */

static void
expect_no_jobs(void)
{
	ck_assert_int_eq(
	    sql_await(RECOVERY_S, 0,
		      "SELECT COUNT(*) FROM sync_job WHERE organization_id = ?",
		      ARGS(arg_int(w.org))),
	    0);
}

static const char *
in_linear(int64_t id)
{
	return linear_issue(sql_text("SELECT linear_id FROM issue WHERE id = ?",
				     ARGS(arg_int(id))))
	    ->text;
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
	expect_no_jobs();
	linear_down();
	for (int i = 0; i < ISSUE_FIELD_MAX; i++) {
		if (!is_changed_by_requests(&issue_fields[i]))
			continue;
		expect_status(patch(&w.employee, ids[i], &issue_fields[i]),
			      200);
		jobs = sql_int("SELECT COUNT(*) FROM sync_job "
			       "WHERE issue_id = ?",
			       ARGS(arg_int(ids[i])));
		ck_assert_msg(jobs == issue_fields[i].to_linear,
			      "a change of \"%s\" makes %lld jobs",
			      issue_fields[i].name, (long long)jobs);
	}
	linear_well();
	expect_no_jobs();
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
	expect_no_jobs();
	before = in_linear(issue);
	expect_status(patch(&w.employee, issue, f), 200);
	expect_no_jobs();
	ck_assert_msg(strcmp(before, in_linear(issue)) != 0,
		      "\"%s\" is sent to Linear, which does not have it",
		      f->name);
}
END_TEST

/* Runs also after a test that failed. */
static void
mend_linear(void)
{
	client_begin();
	linear_well();
	client_end();
}

Suite *
fields_suite(void)
{
	Suite *s = suite_create("fields");
	TCase *t = add_case(s, "fields", set_up);

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_field_in_every_view, 0, ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, every_field_in_the_history, 0, ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, customers_change_only_their_fields, 0,
			    ISSUE_FIELD_MAX);
	tcase_add_loop_test(t, secrets_are_kept_everywhere, 0, ISSUE_FIELD_MAX);
	tcase_add_test(t, the_export_is_whole);
	t = add_case(s, "fields and Linear", set_up);
	tcase_add_unchecked_fixture(t, NULL, mend_linear);
	tcase_set_timeout(t, 3 * RECOVERY_S);
	tcase_add_test(t, every_field_is_pushed_or_silent);
	tcase_add_loop_test(t, what_is_pushed_arrives, 0, ISSUE_FIELD_MAX);
	return s;
}
