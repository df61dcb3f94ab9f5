/* What Linear receives while it responds, and what the API shows of it. */

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "linear_world.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/simulator.h"

static struct world w;

/* A request waits for Linear only for a moment (LINEAR_WAIT_MS), which a busy
 * machine may exceed. Then it says so, and the test tries again, until then. */
static usec_t patience;

static void
set_up(void)
{
	set_up_linear(&w);
	patience = clock_monotonic() + AWAIT_S * USEC_PER_SEC;
}

/* Waits until Linear has the change; returns whether the response said so at
 * once, in that field. */
static bool
is_synced(const struct answer *a, const char *field)
{
	expect(a, a->status < 300);
	expect_no_jobs(w.org);
	if (json_true(at(a, field)))
		return true;
	expect_bool(a, field, false);
	ck_assert_msg(clock_monotonic() < patience,
		      "no response to %s says that Linear has the change",
		      a->request.path);
	return false;
}

/* The response to raising an issue that Linear had at once. */
static struct answer *
raise_at_once(const char *title, const char *priority)
{
	struct answer *a;

	do
		a = raise_titled(&w, title, priority);
	while (!is_synced(a, "issue.synced_to_linear"));
	return a;
}

static int64_t
raise_and_sync(const char *title)
{
	struct answer *a = raise_titled(&w, title, "medium");

	expect_status(a, 201);
	expect_no_jobs(w.org);
	return int_at(a, "issue.id");
}

START_TEST(raise_arrives)
{
	const char *title = unique("Quick");
	struct answer *a = raise_at_once(title, "high"), *b;
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
	ck_assert_int_eq(linear_count(title),
			 (int)sql_int("SELECT COUNT(*) FROM issue "
				      "WHERE title = ?",
				      ARGS(arg_text(title))));
}
END_TEST

/* The pause of the daemon and the workers. */
START_TEST(raise_arrives_after_idle_connections_were_closed)
{
	close_idle_connections();
	(void)linear_await(linear_id_of(raise_and_sync(unique("Idle"))));
}
END_TEST

START_TEST(staff_see_the_linear_link)
{
	struct answer *a = raise_at_once(unique("Where"), "low");
	const char *path = issue_path(int_at(a, "issue.id"), "");
	struct answer *b = GET(w.employee.token, path);
	const int64_t raised =
	    sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		    ARGS(arg_int(w.org)));

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
	expect_int(b, "count", raised);
	b = GET(w.employee.token, "/api/issues/stats/");
	expect_int(b, "linear_sync.synced", raised);
	expect_int(b, "linear_sync.not_synced", 0);
}
END_TEST

START_TEST(priorities)
{
	static const char *const words[] = {"urgent", "high", "medium", "low"};
	const int64_t issue = raise_and_sync(unique("Priority"));
	const char *id = linear_id_of(issue);
	struct answer *a;

	for (int i = 0; i < 4; i++) {
		a = PATCH(w.vendor.token, issue_path(issue, ""),
			  json("{'priority':'%s'}", words[i]));
		expect_status(a, 200);
		expect_no_jobs(w.org);
		expect_int(linear_issue(id), "priority", i + 1);
	}
}
END_TEST

/* A change of the status, what its response says, and what Linear shows. */
static const struct step {
	const char *action, *body, *message, *state;
} steps[] = {
    {"", "{'status':'in_progress'}", NULL, "In Progress"},
    {"resolve/", "{'resolution_notes':'Done.'}", "Issue resolved successfully",
     "Done"},
    {"reopen/", "{}", "Issue reopened successfully", "In Progress"},
    {"close/", "{}", "Issue closed successfully", "Canceled"},
    {"", "{'status':'open'}", NULL, "Todo"},
};

/* Returns whether Linear had the change at once. */
static bool
take_step(const struct step *step, int64_t issue)
{
	const char *path = issue_path(issue, step->action);
	const char *body = json("%s", step->body);
	struct answer *a = *step->action ? POST(w.vendor.token, path, body)
					 : PATCH(w.vendor.token, path, body);
	const bool synced = is_synced(a, "linear_synced");

	if (step->message)
		expect_text(a, "message",
			    text("%s%s", step->message,
				 synced ? " and synced to Linear"
					: "; Linear sync is queued"));
	expect_text(linear_issue(linear_id_of(issue)), "state.name",
		    step->state);
	return synced;
}

START_TEST(statuses)
{
	const int64_t issue = raise_and_sync(unique("Status"));
	bool synced[COUNT(steps)] = {false}, all;

	do {
		all = true;
		for (size_t i = 0; i < COUNT(steps); i++) {
			synced[i] |= take_step(&steps[i], issue);
			all = all && synced[i];
		}
	} while (!all);
}
END_TEST

START_TEST(texts)
{
	const int64_t issue = raise_and_sync(unique("Text"));
	const char *title = unique("Better");
	struct answer *a;

	a = PATCH(w.vendor.token, issue_path(issue, ""),
		  json("{'title':'%s','description':'More about it.'}", title));
	expect_status(a, 200);
	expect_no_jobs(w.org);
	a = linear_issue(linear_id_of(issue));
	expect_text(a, "title", title);
	expect_with(a, "More about it.");
}
END_TEST

/* Public comments go to Linear, with the author's name; internal ones never do.
 */
START_TEST(comments)
{
	const int64_t issue = raise_and_sync(unique("Chat"));
	const char *said, *noted = unique("noted");
	size_t last;
	struct answer *a;

	do {
		said = unique("said");
		a = POST(w.customer.token, client_path(issue, "comment/"),
			 json("{'comment':'%s'}", said));
	} while (!is_synced(a, "comment.synced_to_linear"));
	expect_status(a, 201);
	expect_null(a, "comment.linear_comment_id");
	a = POST(w.vendor.token, issue_path(issue, "add_comment/"),
		 json("{'content':'%s','internal':true}", noted));
	expect_status(a, 201);
	expect_bool(a, "synced_to_linear", false);
	expect_no_jobs(w.org);
	a = linear_issue(linear_id_of(issue));
	expect_with(a, said);
	expect_with(a, w.customer.full_name);
	expect_without(a, noted);
	a = GET(w.vendor.token, issue_path(issue, "comments/"));
	last = length_at(a, "comments") - 1;
	expect(a, json_is_string(at(a, "comments.0.linear_comment_id")));
	expect_null(a, text("comments.%zu.linear_comment_id", last));
}
END_TEST

Suite *
linear_quick_suite(void)
{
	Suite *s = suite_create("linear_quick");
	TCase *t = add_case(s, "quick", set_up);

	tcase_add_unchecked_fixture(t, NULL, linear_mend);
	tcase_set_timeout(t, 4 * AWAIT_S);
	tcase_add_test(t, raise_arrives);
	tcase_add_test(t, raise_arrives_after_idle_connections_were_closed);
	tcase_add_test(t, staff_see_the_linear_link);
	tcase_add_test(t, priorities);
	tcase_add_test(t, statuses);
	tcase_add_test(t, texts);
	tcase_add_test(t, comments);
	return s;
}
