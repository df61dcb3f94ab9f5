/* What Linear receives while it responds, and what the API shows of it. */

#include <string.h>

#include "base/json.h"
#include "linear_world.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/simulator.h"

static struct world w;

static void
set_up(void)
{
	set_up_linear(&w);
}

START_TEST(raise_arrives)
{
	const char *title = unique("Quick");
	struct answer *a = raise_titled(&w, title, "high"), *b;
	int64_t id;

	expect_status(a, 201);
	id = int_at(a, "issue.id");
	expect_text(a, "message",
		    "Issue raised successfully and synced to Linear");
	expect_keys(a, "linear_data", "id identifier url title state");
	expect_text(a, "linear_data.id", linear_id_of(id));
	expect(a,
	       strncmp(text_at(a, "linear_data.identifier"), "OTH-", 4) == 0);
	expect_text(a, "linear_data.title", title);
	expect_text(a, "linear_data.state", "Todo");
	expect_bool(a, "issue.synced_to_linear", true);
	expect_text(a, "issue.sync_state", "synced");
	expect_text(a, "issue.linear_issue_url", text_at(a, "linear_data.url"));
	expect_time(a, "issue.last_synced_at");

	b = linear_issue(text_at(a, "linear_data.id"));
	expect_text(b, "title", title);
	expect_with(b, "All about it.");
	expect_text(b, "team", "OTH");
	expect_text(b, "state.type", "unstarted");
	expect_int(b, "priority", 2);
	expect_text(b, "url", text_at(a, "linear_data.url"));
	ck_assert_int_eq(linear_count(title), 1);
}
END_TEST

/* The pause of the daemon and the workers. */
START_TEST(raise_arrives_after_idle_connections_were_closed)
{
	struct answer *a;

	close_idle_connections();
	a = raise_titled(&w, unique("Idle"), "high");
	expect_status(a, 201);
	(void)linear_await(linear_id_of(int_at(a, "issue.id")), 20);
}
END_TEST

START_TEST(staff_see_the_linear_link)
{
	struct answer *a = raise_titled(&w, unique("Where"), "low");
	const char *path = issue_path(int_at(a, "issue.id"), "");
	struct answer *b = GET(w.employee.token, path);

	expect_text(b, "linear_issue_id", text_at(a, "linear_data.id"));
	expect_text(b, "linear_identifier",
		    text_at(a, "linear_data.identifier"));
	expect_text(b, "linear_issue_url", text_at(a, "linear_data.url"));
	expect_text(b, "linear_team_id", TEAM_FREE);
	b = GET(w.customer.token, path);
	expect_null(b, "linear_issue_id");
	expect_null(b, "linear_identifier");
	expect_null(b, "linear_team_id");
	expect_text(b, "linear_issue_url", text_at(a, "linear_data.url"));
	expect_bool(b, "synced_to_linear", true);
	b = GET(w.employee.token, "/api/issues/?synced_to_linear=true");
	expect_int(b, "count", 2);
	b = GET(w.employee.token, "/api/issues/stats/");
	expect_int(b, "linear_sync.synced", 2);
	expect_int(b, "linear_sync.not_synced", 0);
}
END_TEST

START_TEST(priorities)
{
	static const char *const words[] = {"urgent", "high", "medium", "low"};
	const char *title = unique("Priority");
	struct answer *a = raise_titled(&w, title, "medium");
	const char *id = linear_id_of(int_at(a, "issue.id"));
	const char *path = issue_path(int_at(a, "issue.id"), "");

	for (int i = 0; i < 4; i++) {
		a = PATCH(w.vendor.token, path,
			  json("{'priority':'%s'}", words[i]));
		expect_status(a, 200);
		expect_bool(a, "linear_synced", true);
		expect_int(linear_issue(id), "priority", i + 1);
	}
}
END_TEST

START_TEST(statuses)
{
	struct answer *a = raise_titled(&w, unique("Status"), "medium");
	const int64_t issue = int_at(a, "issue.id");
	const char *id = linear_id_of(issue);
	const char *t = w.vendor.token;

	a = PATCH(t, issue_path(issue, ""), json("{'status':'in_progress'}"));
	expect_bool(a, "linear_synced", true);
	expect_text(linear_issue(id), "state.name", "In Progress");
	a = POST(t, issue_path(issue, "resolve/"),
		 json("{'resolution_notes':'Done.'}"));
	expect_text(a, "message",
		    "Issue resolved successfully and synced to Linear");
	expect_bool(a, "linear_synced", true);
	expect_text(linear_issue(id), "state.name", "Done");
	a = POST(t, issue_path(issue, "reopen/"), NULL);
	expect_text(a, "message",
		    "Issue reopened successfully and synced to Linear");
	expect_text(linear_issue(id), "state.name", "In Progress");
	a = POST(t, issue_path(issue, "close/"), NULL);
	expect_text(a, "message",
		    "Issue closed successfully and synced to Linear");
	expect_text(linear_issue(id), "state.name", "Canceled");
	a = PATCH(t, issue_path(issue, ""), json("{'status':'open'}"));
	expect_bool(a, "linear_synced", true);
	expect_text(linear_issue(id), "state.name", "Todo");
}
END_TEST

START_TEST(texts)
{
	struct answer *a = raise_titled(&w, unique("Text"), "medium");
	const char *id = linear_id_of(int_at(a, "issue.id"));
	const char *title = unique("Better");

	a = PATCH(w.vendor.token, issue_path(int_at(a, "issue.id"), ""),
		  json("{'title':'%s','description':'More about it.'}", title));
	expect_bool(a, "linear_synced", true);
	a = linear_issue(id);
	expect_text(a, "title", title);
	expect_with(a, "More about it.");
}
END_TEST

/* Public comments go to Linear, with the author's name; internal ones never do.
 */
START_TEST(comments)
{
	struct answer *a = raise_titled(&w, unique("Chat"), "medium");
	const int64_t issue = int_at(a, "issue.id");
	const char *id = linear_id_of(issue);
	const char *said = unique("said"), *noted = unique("noted");

	a = POST(w.customer.token, client_path(issue, "comment/"),
		 json("{'comment':'%s'}", said));
	expect_status(a, 201);
	expect_bool(a, "comment.synced_to_linear", true);
	expect_null(a, "comment.linear_comment_id");
	a = POST(w.vendor.token, issue_path(issue, "add_comment/"),
		 json("{'content':'%s','internal':true}", noted));
	expect_status(a, 201);
	expect_bool(a, "synced_to_linear", false);
	expect_no_jobs(w.org);
	a = linear_issue(id);
	expect_with(a, said);
	expect_with(a, w.customer.full_name);
	expect_without(a, noted);
	a = GET(w.vendor.token, issue_path(issue, "comments/"));
	expect(a, json_is_string(at(a, "comments.0.linear_comment_id")));
	expect_null(a, "comments.1.linear_comment_id");
}
END_TEST

Suite *
linear_quick_suite(void)
{
	Suite *s = suite_create("linear_quick");
	TCase *t = add_case(s, "quick", set_up);

	tcase_add_unchecked_fixture(t, NULL, linear_mend);
	tcase_set_timeout(t, 2 * SYNC_S);
	tcase_add_test(t, raise_arrives);
	tcase_add_test(t, raise_arrives_after_idle_connections_were_closed);
	tcase_add_test(t, staff_see_the_linear_link);
	tcase_add_test(t, priorities);
	tcase_add_test(t, statuses);
	tcase_add_test(t, texts);
	tcase_add_test(t, comments);
	return s;
}
