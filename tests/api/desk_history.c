/* The history of an issue, and what becomes of its resolution notes. */

#include <stdlib.h>
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
	expect_keys(
	    a, "results.0",
	    "id actor actor_name actor_kind field from to is_public by_mail "
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
	const int64_t comment =
	    add_comment(&w.employee, issue, "a secret", false);
	const struct arg id[] = {arg_int(comment)};
	const char *path = issue_path(issue, "activity/");
	struct answer *a;

	expect_int(GET(w.customer.token, "/api/notifications/"), "count", 1);
	sql_run("UPDATE comment SET content = 'for all' WHERE id = ?", id, 1);
	expect_gone("a secret");
	a = GET(w.customer.token, path);
	expect(a, strstr(story(a), "comment:>for all "));
	expect_status(DELETE(w.employee.token, comment_path(issue, comment)),
		      204);
	expect_without(GET(w.customer.token, path), "for all");
	a = GET(w.customer.token, "/api/notifications/");
	expect_int(a, "count", 0);
	expect_int(a, "unread_count", 0);
}
END_TEST

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

/* Follows `next` from `path`; returns the ids as "1 2 3 ". */
static const char *
ids_from(const char *token, const char *path)
{
	const char *ids = "";

	for (const char *next = path; next;) {
		const struct answer *a = GET(token, next);
		const struct json *j;
		int64_t id;

		expect_status(a, 200);
		for (j = json_first(at(a, "results")); j; j = json_next(j)) {
			ck_assert(json_int(&id, json_get(j, "id")));
			ids = text("%s%lld ", ids, (long long)id);
		}
		next = json_text(at(a, "next"));
	}
	return ids;
}

/* Both ways through a history meet the same entries, in any size of page. */
START_TEST(history_from_its_end)
{
	const char *path = issue_path(issue, "activity/"), *ids, *back = "";
	const char *tokens[] = {w.vendor.token, w.customer.token};
	struct answer *a;

	for (int i = 0; i < 5; i++)
		expect_status(
		    PATCH(w.vendor.token, issue_path(issue, ""),
			  json("{'priority':'%s'}", i % 2 ? "low" : "high")),
		    200);
	for (size_t k = 0; k < COUNT(tokens); k++) {
		ids = ids_from(tokens[k], path);
		back =
		    ids_from(tokens[k],
			     text("%s?ordering=-created_at&page_size=2", path));
		ck_assert_str_eq(
		    ids_from(tokens[k], text("%s?page_size=4", path)), ids);
		ck_assert_uint_eq(strlen(back), strlen(ids));
		/* the last of one is the first of the other */
		ck_assert_int_eq(
		    strtoll(back, NULL, 10),
		    strtoll(
			strrchr(text("%.*s", (int)strlen(ids) - 1, ids), ' '),
			NULL, 10));
	}
	a = GET(w.vendor.token,
		text("%s?ordering=-created_at&page_size=1", path));
	expect_int(a, "count", 1);
	expect_text(a, "results.0.field", "priority");
	expect_status(GET(w.vendor.token, text("%s?page_size=201", path)), 400);
	expect_status(GET(w.vendor.token, text("%s?ordering=id", path)), 400);
}
END_TEST

Suite *
desk_history_suite(void)
{
	Suite *s = suite_create("desk_history");
	TCase *t = add_case(s, "history", set_up);

	tcase_add_test(t, history);
	tcase_add_test(t, history_from_its_end);
	tcase_add_test(t, edited_texts_are_hidden_in_the_history);
	tcase_add_test(t, removed_comments_are_hidden_in_the_history);
	t = add_case(s, "resolutions", set_up);
	tcase_add_loop_test(t, notes_belong_to_a_single_resolution, 0, 4);
	tcase_add_test(t, old_notes_do_not_come_back);
	tcase_add_test(t, pages_of_history_are_bounded);
	return s;
}
