/* What belongs to issues: history, notifications, changes of many at once, and
 * the export as CSV. */

#include <string.h>

#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;
static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

/* --- history -------------------------------------------------------------- */

/* "field:from>to " of each entry. */
static const char *
story(const struct answer *a)
{
	const char *s = "";
	const struct json *j;

	for (j = json_first(at(a, "results")); j; j = json_next(j)) {
		const char *from = json_text(json_get(j, "from"));
		const char *to = json_text(json_get(j, "to"));

		s = text("%s%s:%s>%s ", s, json_text(json_get(j, "field")),
			 from ? from : "", to ? to : "");
	}
	return s;
}

START_TEST(history)
{
	const char *path = issue_path(issue, "activity/");
	struct answer *a;

	expect_status(PATCH(w.employee.token, issue_path(issue, ""),
			    json("{'status':'in_progress',"
				 "'priority':'urgent'}")),
		      200);
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'noted','internal':true}")),
		      201);
	expect_status(POST(w.customer.token, issue_path(issue, "add_comment/"),
			   json("{'content':'said'}")),
		      201);
	a = GET(w.vendor.token, path);
	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_keys(a, "results.0",
		    "id actor actor_name actor_kind field from to is_public "
		    "created_at");
	expect_text(a, "results.0.field", "created");
	expect_text(a, "results.0.actor_name", w.customer.full_name);
	expect_text(a, "results.0.actor_kind", "customer");
	expect_time(a, "results.0.created_at");
	expect(a, strstr(story(a), "status:open>in_progress "));
	expect(a, strstr(story(a), "priority:medium>urgent "));
	expect(a, strstr(story(a), "comment:>noted "));
	expect(a, strstr(story(a), "comment:>said "));
	a = GET(w.customer.token, path);
	expect(a, strstr(story(a), "status:open>in_progress "));
	expect(a, strstr(story(a), "comment:>said "));
	expect_without(a, "noted");
}
END_TEST

/* Text that staff remove from an issue is hidden from customers everywhere, in
 * the history too; staff still read it there. */
static void
expect_gone(const char *words)
{
	const char *paths[] = {"/api/issues/",
			       "/api/issues/export/",
			       "/api/notifications/",
			       issue_path(issue, ""),
			       client_path(issue, ""),
			       issue_path(issue, "comments/"),
			       issue_path(issue, "activity/")};
	struct answer *a;

	for (size_t i = 0; i < COUNT(paths); i++) {
		a = GET(w.customer.token, paths[i]);
		expect_status(a, 200);
		expect_without(a, words);
	}
	expect_with(GET(w.employee.token, issue_path(issue, "activity/")),
		    words);
}

START_TEST(edited_texts_are_hidden_in_the_history)
{
	static const char *const fields[] = {"title", "description",
					     "resolution_notes"};
	const char *mine = issue_path(issue, ""), *tag;
	const char *path = issue_path(issue, "activity/");
	struct answer *a;

	for (size_t i = 0; i < COUNT(fields); i++) {
		expect_status(PATCH(w.employee.token, mine,
				    json("{'%s':'a secret'}", fields[i])),
			      200);
		a = GET(w.customer.token, path);
		expect(a, strstr(story(a), text("%s:>a secret ", fields[i])));
		tag = header(a, "ETag");
		/* a text that the collation treats as equal is a different one
		 */
		expect_status(PATCH(w.employee.token, mine,
				    json("{'%s':'A Secret'}", fields[i])),
			      200);
		with("If-None-Match: %s", tag);
		a = GET(w.customer.token, path);
		expect_status(a, 200);
		expect(a, strstr(story(a), text("%s:>A Secret ", fields[i])));
		expect_gone("a secret");
		expect_status(PATCH(w.employee.token, mine,
				    json("{'%s':'for all'}", fields[i])),
			      200);
		expect_gone("A Secret");
	}
}
END_TEST

/* Whichever way a comment is changed or removed. */
START_TEST(removed_comments_are_hidden_in_the_history)
{
	struct answer *a =
	    POST(w.employee.token, issue_path(issue, "add_comment/"),
		 json("{'content':'a secret'}"));
	const struct arg id[] = {arg_int(int_at(a, "comment.id"))};
	const char *path = issue_path(issue, "activity/");

	expect_int(GET(w.customer.token, "/api/notifications/"), "count", 1);
	sql_run("UPDATE comment SET content = 'for all' WHERE id = ?", id, 1);
	expect_gone("a secret");
	a = GET(w.customer.token, path);
	expect(a, strstr(story(a), "comment:>for all "));
	sql_run("UPDATE comment SET deleted_at = NOW(6) WHERE id = ?", id, 1);
	expect_without(GET(w.customer.token, path), "for all");
	a = GET(w.customer.token, "/api/notifications/");
	expect_int(a, "count", 0);
	expect_int(a, "unread_count", 0);
}
END_TEST

/* --- resolutions ---------------------------------------------------------- */

static void
reopen_by(int way)
{
	const char *t = w.vendor.token;
	struct answer *a;

	if (way == 0)
		a = POST(t, issue_path(issue, "reopen/"), NULL);
	else if (way == 1)
		a = PATCH(t, issue_path(issue, ""), json("{'status':'open'}"));
	else if (way == 2)
		a = POST(t, "/api/issues/bulk_update/",
			 json("{'issue_ids':[%lld],'status':'in_progress'}",
			      (long long)issue));
	else
		a = POST(w.customer.token, issue_path(issue, "reopen/"), NULL);
	expect_status(a, 200);
}

/* Whichever way the issue was reopened and is resolved again. */
START_TEST(notes_belong_to_a_single_resolution)
{
	const char *mine = issue_path(issue, "");
	struct answer *a;

	expect_status(POST(w.employee.token, issue_path(issue, "resolve/"),
			   json("{'resolution_notes':'the fuse'}")),
		      200);
	a = GET(w.customer.token, mine);
	expect_text(a, "resolution_notes", "the fuse");
	reopen_by(_i);
	a = GET(w.employee.token, mine);
	expect_null(a, "resolution_notes");
	expect_null(a, "resolved_at");
	expect_null(a, "resolved_by");
	expect_gone("the fuse");
	if (_i % 2)
		a = PATCH(w.vendor.token, mine, json("{'status':'resolved'}"));
	else
		a = POST(w.vendor.token, issue_path(issue, "resolve/"), NULL);
	expect_status(a, 200);
	expect_null(a, "resolution_notes");
	expect_int(a, "resolved_by.id", w.vendor.profile);
	expect_gone("the fuse");
}
END_TEST

/* Resolution notes that an older version left on an open issue. */
START_TEST(old_notes_do_not_come_back)
{
	const struct arg id[] = {arg_int(issue)};
	struct answer *a;

	sql_run("UPDATE issue SET resolution_notes = 'old' WHERE id = ?", id,
		1);
	a = POST(w.vendor.token, issue_path(issue, "resolve/"), NULL);
	expect_null(a, "resolution_notes");
	a = PATCH(w.employee.token, issue_path(issue, ""),
		  json("{'resolution_notes':'of this one'}"));
	expect_text(a, "resolution_notes", "of this one");
	expect_int(a, "resolved_by.id", w.vendor.profile);
	/* closing keeps the resolution */
	a = POST(w.vendor.token, issue_path(issue, "close/"), NULL);
	expect_text(a, "resolution_notes", "of this one");
	expect_int(a, "resolved_by.id", w.vendor.profile);
	a = PATCH(w.vendor.token, issue_path(issue, ""),
		  json("{'status':'open','resolution_notes':'none'}"));
	expect_null(a, "resolution_notes");
	a = PATCH(w.vendor.token, issue_path(issue, ""),
		  json("{'status':'resolved','resolution_notes':'both'}"));
	expect_text(a, "resolution_notes", "both");
}
END_TEST

/* Long texts make a page of the history short; `next` leads to the others. */
START_TEST(pages_of_history_are_bounded)
{
	const char *path = issue_path(issue, "activity/"), *next = path;
	char description[20001];
	size_t entries = 0, pages = 0;
	struct answer *a;

	for (int i = 0; i < 80; i++) {
		memset(description, 'a' + i % 2, sizeof(description) - 1);
		description[sizeof(description) - 1] = '\0';
		a = PATCH(w.vendor.token, issue_path(issue, ""),
			  json("{'description':'%s'}", description));
		expect_status(a, 200);
	}
	for (; next; pages++) {
		a = GET(w.vendor.token, next);
		expect_status(a, 200);
		expect(a, a->len < 2 * 1024 * 1024);
		entries += length_at(a, "results");
		next = json_text(at(a, "next"));
	}
	ck_assert_uint_gt(pages, 2);
	ck_assert_uint_eq(entries, 81);
}
END_TEST

/* --- notifications -------------------------------------------------------- */

static void
expect_unread(const char *token, int64_t n)
{
	struct answer *a = GET(token, "/api/notifications/");

	expect_keys(a, "", PAGE_KEYS " unread_count");
	expect_int(a, "unread_count", n);
	expect_int(GET(token, "/api/notifications/?unread=true"), "count", n);
}

START_TEST(customers_are_notified)
{
	const char *t = w.employee.token;
	struct answer *a;

	expect_unread(w.customer.token, 0);
	expect_status(POST(t, issue_path(issue, "add_comment/"),
			   json("{'content':'hello'}")),
		      201);
	expect_status(POST(t, issue_path(issue, "add_comment/"),
			   json("{'content':'noted','internal':true}")),
		      201);
	expect_status(
	    PATCH(t, issue_path(issue, ""), json("{'status':'in_progress'}")),
	    200);
	expect_status(POST(t, issue_path(issue, "resolve/"), NULL), 200);
	expect_status(POST(t, issue_path(issue, "reopen/"), NULL), 200);
	expect_status(
	    PATCH(t, issue_path(issue, ""), json("{'priority':'low'}")), 200);
	a = GET(w.customer.token, "/api/notifications/");
	expect_int(a, "count", 4);
	expect_text(a, "results.0.kind", "reopened");
	expect_text(a, "results.1.kind", "resolved");
	expect_text(a, "results.2.kind", "status");
	expect_text(a, "results.3.kind", "replied");
	expect_int(a, "results.3.issue", issue);
	expect_text(a, "results.3.issue_title", "Subject");
	expect_text(a, "results.3.actor_name", w.employee.full_name);
	expect_bool(a, "results.3.is_read", false);
	expect_without(a, "noted");
	expect_unread(w.customer.token, 4);
	expect_unread(w.stranger.token, 0);
}
END_TEST

START_TEST(staff_are_notified)
{
	struct answer *a = GET(w.vendor.token, "/api/notifications/");

	expect_int(a, "count", 1);
	expect_text(a, "results.0.kind", "raised");
	expect_status(POST(w.customer.token, client_path(issue, "comment/"),
			   json("{'comment':'hello'}")),
		      201);
	a = GET(w.employee.token, "/api/notifications/");
	expect_int(a, "count", 2);
	expect_text(a, "results.0.kind", "replied");
	/* nobody is notified about their own actions */
	expect_unread(w.customer.token, 0);
	expect_unread(w.outsider.token, 0);
}
END_TEST

START_TEST(marking_notifications_as_read)
{
	struct answer *a;
	int64_t id;

	raise_issue(&w.customer, w.org, "Second");
	raise_issue(&w.customer, w.org, "Third");
	a = GET(w.vendor.token, "/api/notifications/");
	id = int_at(a, "results.1.id");
	expect_status(POST(w.vendor.token,
			   text("/api/notifications/%lld/read/", (long long)id),
			   NULL),
		      200);
	a = GET(w.vendor.token, "/api/notifications/");
	expect_int(a, "count", 3);
	expect_int(a, "unread_count", 2);
	expect_bool(a, "results.1.is_read", true);
	expect_bool(a, "results.0.is_read", false);
	/* what one person has read is unread for others */
	expect_unread(w.employee.token, 3);
	expect_status(
	    POST(w.vendor.token, "/api/notifications/read_all/", NULL), 200);
	expect_unread(w.vendor.token, 0);
	expect_unread(w.employee.token, 3);
	raise_issue(&w.customer, w.org, "Fourth");
	expect_unread(w.vendor.token, 1);
}
END_TEST

/* --- many at once --------------------------------------------------------- */

START_TEST(bulk_update)
{
	const int64_t second = raise_issue(&w.customer, w.org, "Second");
	const int64_t foreign =
	    raise_issue(&w.customer, w.other_org, "Elsewhere");
	struct answer *a =
	    POST(w.employee.token, "/api/issues/bulk_update/",
		 json("{'issue_ids':[%lld,%lld,%lld],'status':'in_progress',"
		      "'priority':'high','assigned_to':%lld}",
		      (long long)issue, (long long)second, (long long)foreign,
		      (long long)w.vendor.profile));

	expect_status(a, 200);
	expect_keys(a, "", "message updated_count failed_count results");
	expect_int(a, "updated_count", 2);
	expect_int(a, "failed_count", 1);
	expect_int(a, "results.0.issue_id", issue);
	expect_text(a, "results.0.status", "updated");
	expect_text(a, "results.2.status", "failed");
	expect(a, *text_at(a, "results.2.error"));
	a = GET(w.employee.token, issue_path(second, ""));
	expect_text(a, "status", "in_progress");
	expect_text(a, "priority", "high");
	expect_int(a, "assigned_to.id", w.vendor.profile);
	a = GET(w.customer.token, issue_path(foreign, ""));
	expect_text(a, "status", "open");
	expect_int(a, "version", 1);
}
END_TEST

/* --- a table of all ------------------------------------------------------- */

/* The number of lines of a text. */
static size_t
lines(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, '\n')) != NULL) {
		n++;
		s++;
	}
	return n;
}

START_TEST(export)
{
	struct answer *a;

	raise_issue(&w.customer, w.org, "Comma, \\\"quoted\\\"");
	raise_issue(&w.stranger, w.org, "=1+1");
	a = GET(w.employee.token, "/api/issues/export/");
	expect_status(a, 200);
	expect(a, strncmp(header(a, "Content-Type"), "text/csv", 8) == 0);
	expect(a, strstr(header(a, "Content-Disposition"), "attachment"));
	expect(a, strncmp(a->text, "\xef\xbb\xbfissue_number,", 16) == 0);
	expect(a, lines(a->text) == 4);
	expect_with(a, "\"Comma, \"\"quoted\"\"\"");
	/* a spreadsheet must not execute it as a formula */
	expect_without(a, "\"=1+1\"");
	a = GET(w.employee.token, "/api/issues/export/?search=comma");
	expect(a, lines(a->text) == 2);
	a = GET(w.employee.token, "/api/issues/export/?status=closed");
	expect(a, lines(a->text) == 1);
	a = GET(w.stranger.token, "/api/issues/export/");
	expect(a, lines(a->text) == 2);
	a = GET(w.employee.token, "/api/issues/export/?status=done");
	expect_error(a, 400, "invalid", "status");
}
END_TEST

/* One cell of the text at *s, as a spreadsheet reads it: up to the separator
 * or the end of the line, without the quotes around it; a quote in its middle
 * is a letter. NULL at the end. */
static const char *
next_cell(const char **s, char separator)
{
	static char cell[4000];
	size_t n = 0;
	bool quoted = **s == '"';

	if (!**s)
		return NULL;
	for (*s += quoted; **s; (*s)++) {
		if (quoted && **s == '"' && (*s)[1] == '"')
			(*s)++;
		else if (quoted && **s == '"') {
			quoted = false;
			continue;
		} else if (!quoted && **s == '\r' && (*s)[1] == '\n') {
			continue;
		} else if (!quoted && (**s == separator || **s == '\n')) {
			(*s)++;
			break;
		}
		cell[n++] = **s;
		ck_assert_uint_lt(n, sizeof(cell));
	}
	cell[n] = '\0';
	return cell;
}

static const char *const formulas[] = {
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d"
    "1",
    "\uff0b"
    "1",
    "\uff0d"
    "1",
    "\uff20"
    "1",
};

/* Text before a formula that makes some spreadsheet split the cell there, as
 * JSON.
 */
static const char *const around[][2] = {
    {"", ""},
    {"x;", ";y"},
    {"x,", ",y"},
    {"x\\t", "\\ty"},
    {"x\\n", "\\ny"},
    {"x\\r\\n", ""},
    {"x;\\\"", "\\\";y"},
    {"x\\\";\\\"", ""},
    {"\\\"", ""},
    {"x\\\"\\n", ""},
    {"\\\"\\n;\\\"\\\"", ""},
};

static void
expect_no_formula(const char *csv)
{
	static const char separators[] = ",;\t";

	for (const char *p = separators; *p; p++) {
		const char *s = csv, *cell;

		while ((cell = next_cell(&s, *p)) != NULL) {
			for (; *cell == '"'; cell++)
				;
			ck_assert_msg(!*cell || !strchr("=+-@\t\r", *cell),
				      "split at '%c': %s", *p, cell);
			for (size_t i = 4; i < COUNT(formulas); i++)
				ck_assert_msg(strncmp(cell, formulas[i], 3),
					      "split at '%c': %s", *p, cell);
		}
	}
}

START_TEST(exported_cells_are_never_formulas)
{
	struct answer *a;

	for (size_t i = 0; i < COUNT(around); i++) {
		for (size_t k = 0; k < COUNT(formulas); k++) {
			a = POST(w.customer.token, "/api/client/issues/raise/",
				 text("{\"title\":\"t\",\"organization\":%lld,"
				      "\"description\":\"%s%s%s\"}",
				      (long long)w.org, around[i][0],
				      formulas[k], around[i][1]));
			expect_status(a, 201);
		}
	}
	raise_issue(&w.customer, w.org, "x;=1+1;y, K\u00f6ln");
	a = GET(w.employee.token, "/api/issues/export/");
	expect_status(a, 200);
	expect_no_formula(a->text + 3);
	/* and people can still read it */
	expect_with(a, "\"x;'=1+1;y, K\u00f6ln\"");
}
END_TEST

/* Times of every year that the database can store, in both directions. */
START_TEST(times_of_every_year)
{
	static const int years[] = {1, 9, 99, 100, 999, 1000, 9999};
	const int64_t id = raise_issue(&w.customer, w.org, "Old");
	struct answer *a;

	for (size_t i = 0; i < COUNT(years); i++) {
		const char *day = text("%04d-03-04", years[i]);

		sql_run("UPDATE issue SET created_at = ?, updated_at = ? "
			"WHERE id = ?",
			ARGS(arg_text(day), arg_text(day), arg_int(id)));
		a = GET(w.employee.token,
			text("/api/issues/%lld/", (long long)id));
		expect_text(a, "created_at", text("%sT00:00:00.000000Z", day));
		a = GET(w.employee.token,
			text("/api/issues/?created_after=%s&created_before=%s",
			     day, day));
		expect_int(a, "count", 1);
		a = GET(w.employee.token,
			text("/api/issues/?updated_before=%s&updated_after=%s"
			     "&cursor=&ordering=updated_at&page_size=1",
			     day, day));
		expect_int(a, "count", 1);
	}
}
END_TEST

/* An export of several batches has each issue once. */
START_TEST(export_of_many)
{
	struct answer *a;

	for (int i = 0; i < 120; i++)
		raise_issue(&w.customer, w.org, text("Row %d", i));
	a = GET(w.employee.token, "/api/issues/export/");
	expect(a, lines(a->text) == 122);
	for (int i = 0; i < 120; i++)
		expect_with(a, text("\"Row %d\"", i));
}
END_TEST

Suite *
desk_suite(void)
{
	Suite *s = suite_create("desk");
	TCase *t = add_case(s, "desk", set_up);

	tcase_add_test(t, history);
	tcase_add_test(t, edited_texts_are_hidden_in_the_history);
	tcase_add_test(t, removed_comments_are_hidden_in_the_history);
	tcase_add_loop_test(t, notes_belong_to_a_single_resolution, 0, 4);
	tcase_add_test(t, old_notes_do_not_come_back);
	tcase_add_test(t, pages_of_history_are_bounded);
	tcase_add_test(t, customers_are_notified);
	tcase_add_test(t, staff_are_notified);
	tcase_add_test(t, marking_notifications_as_read);
	tcase_add_test(t, bulk_update);
	tcase_add_test(t, export);
	tcase_add_test(t, exported_cells_are_never_formulas);
	tcase_add_test(t, export_of_many);
	tcase_add_test(t, times_of_every_year);
	return s;
}
