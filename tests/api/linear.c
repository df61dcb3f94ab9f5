/* What the API shows of Linear, and what Linear receives. */

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"
#include "tests/lib/simulator.h"

/* How long a pause after failures may take, at most. */
#define RECOVERY_S 60

/* How long a request may take while Linear does not respond. */
#define PATIENCE (3 * USEC_PER_SEC)

static struct world w;

static struct answer *
raise_titled(const char *title, const char *priority)
{
	return POST(w.customer.token, "/api/client/issues/raise/",
		    json("{'organization':%lld,'title':'%s',"
			 "'description':'All about it.','priority':'%s'}",
			 (long long)w.org, title, priority));
}

static const char *
linear_id_of(int64_t id)
{
	return sql_text("SELECT linear_id FROM issue WHERE id = ?",
			ARGS(arg_int(id)));
}

/* Waits until docket-sync has no jobs left for the organization. */
static void
expect_convergence(void)
{
	int64_t left =
	    sql_await(RECOVERY_S, 0,
		      "SELECT COUNT(*) FROM sync_job WHERE organization_id = ?",
		      ARGS(arg_int(w.org)));

	ck_assert_int_eq(left, 0);
}

/* An organization for which docket-sync has fetched the states of the team. */
static void
set_up(void)
{
	fixture_begin();
	linear_well();
	make_world(&w);
	link_to_team(w.org, TEAM_FREE);
	raise_issue(&w.customer, w.org, unique("First"));
	expect_convergence();
}

/* Runs in the parent process, so also after a test that failed. */
static void
mend_linear(void)
{
	client_begin();
	linear_well();
	client_end();
}

/* --- while Linear is quick ------------------------------------------------ */

START_TEST(raise_arrives)
{
	const char *title = unique("Quick");
	struct answer *a = raise_titled(title, "high"), *b;
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
	a = raise_titled(unique("Idle"), "high");
	expect_status(a, 201);
	(void)linear_await(linear_id_of(int_at(a, "issue.id")), 20);
}
END_TEST

START_TEST(staff_see_the_linear_link)
{
	struct answer *a = raise_titled(unique("Where"), "low");
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
	struct answer *a = raise_titled(title, "medium");
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
	struct answer *a = raise_titled(unique("Status"), "medium");
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
	struct answer *a = raise_titled(unique("Text"), "medium");
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
	struct answer *a = raise_titled(unique("Chat"), "medium");
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
	expect_convergence();
	a = linear_issue(id);
	expect_with(a, said);
	expect_with(a, w.customer.full_name);
	expect_without(a, noted);
	a = GET(w.vendor.token, issue_path(issue, "comments/"));
	expect(a, json_is_string(at(a, "comments.0.linear_comment_id")));
	expect_null(a, "comments.1.linear_comment_id");
}
END_TEST

/* --- while it is not ------------------------------------------------------ */

/* Checks the response to raising an issue then; returns its id. */
static int64_t
expect_queued(const struct answer *a)
{
	expect_status(a, 201);
	expect(a, a->micros < PATIENCE);
	expect_text(a, "message",
		    "Issue raised successfully; Linear sync is queued");
	expect_null(a, "linear_data");
	expect_bool(a, "issue.synced_to_linear", false);
	expect_text(a, "issue.sync_state", "pending");
	expect_null(a, "issue.linear_issue_url");
	return int_at(a, "issue.id");
}

/* The issue arrives later, once. */
static void
expect_arrival(int64_t issue, const char *title)
{
	struct answer *a;

	expect_convergence();
	(void)linear_await(linear_id_of(issue), 1);
	ck_assert_int_eq(linear_count(title), 1);
	a = GET(w.vendor.token, issue_path(issue, ""));
	expect_bool(a, "synced_to_linear", true);
	expect_text(a, "sync_state", "synced");
}

START_TEST(linear_is_slow)
{
	const char *title = unique("Slow");
	int64_t issue;

	linear_faults("[{'kind':'latency','min':5000,'max':5000,'next':1}]");
	issue = expect_queued(raise_titled(title, "medium"));
	expect_arrival(issue, title);
}
END_TEST

START_TEST(linear_is_down)
{
	const char *title = unique("Down");
	struct answer *a;
	int64_t issue;

	linear_down();
	issue = expect_queued(raise_titled(title, "medium"));
	a = POST(w.vendor.token, issue_path(issue, "resolve/"), NULL);
	expect_status(a, 200);
	expect(a, a->micros < PATIENCE);
	expect_text(a, "message",
		    "Issue resolved successfully; Linear sync is queued");
	expect_bool(a, "linear_synced", false);
	a = POST(w.customer.token, client_path(issue, "comment/"),
		 json("{'comment':'Hello?'}"));
	expect_status(a, 201);
	expect(a, a->micros < PATIENCE);
	expect_bool(a, "synced_to_linear", false);
	ck_assert_int_eq(linear_count(title), 0);
	linear_well();
	expect_arrival(issue, title);
	a = linear_issue(linear_id_of(issue));
	expect_text(a, "state.name", "Done");
	expect_with(a, "Hello?");
}
END_TEST

/* Linear executed the request, but its response was lost. */
START_TEST(a_lost_response_creates_one_issue)
{
	const char *title = unique("Unanswered");
	struct answer *a;

	linear_faults("[{'kind':'drop_after','next':1}]");
	a = raise_titled(title, "medium");
	expect_status(a, 201);
	expect_arrival(int_at(a, "issue.id"), title);
}
END_TEST

START_TEST(many_raises_while_linear_is_down)
{
	const char *title = unique("Many");
	struct request list[20];
	struct answer **a;

	linear_down();
	for (size_t i = 0; i < COUNT(list); i++) {
		const char *body = json("{'organization':%lld,'title':'%s %zu',"
					"'description':''}",
					(long long)w.org, title, i);

		list[i] = (struct request){.method = "POST",
					   .path = "/api/client/issues/raise/",
					   .token = w.customer.token,
					   .body = body,
					   .body_len = strlen(body)};
	}
	a = send_all(list, COUNT(list));
	linear_well();
	expect_convergence();
	for (size_t i = 0; i < COUNT(list); i++) {
		expect_status(a[i], 201);
		ck_assert_int_eq(linear_count(text("%s %zu", title, i)), 1);
	}
}
END_TEST

/* Reading never sends a request to Linear. */
START_TEST(reading_while_linear_is_slow)
{
	const char *const paths[] = {"/api/issues/", "/api/issues/stats/",
				     "/api/organizations/",
				     "/api/notifications/"};

	linear_faults("[{'kind':'latency','min':5000,'max':5000}]");
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer *a = GET(w.vendor.token, paths[i]);

		expect_status(a, 200);
		expect(a, a->micros < USEC_PER_SEC);
	}
}
END_TEST

/* --- by hand -------------------------------------------------------------- */

START_TEST(sync_to_linear)
{
	const char *title = unique("Pushed");
	struct answer *a;
	int64_t issue;

	linear_down();
	issue = expect_queued(raise_titled(title, "medium"));
	a = POST(w.vendor.token, issue_path(issue, "sync_to_linear/"), NULL);
	expect(a, a->status == 502 || a->status == 503);
	expect_error_shape(a, a->status, text_at(a, "code"));
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM sync_job "
				 "WHERE issue_id = ?",
				 ARGS(arg_int(issue))),
			 1);
	linear_well();
	a = POST(w.vendor.token, issue_path(issue, "sync_to_linear/"), NULL);
	expect_status(a, 200);
	expect_keys(a, "", "message issue linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	expect_bool(a, "issue.synced_to_linear", true);
	expect_text(a, "linear_data.title", title);
	expect_arrival(issue, title);
}
END_TEST

START_TEST(sync_without_a_linear_team)
{
	const int64_t issue = raise_issue(&w.customer, w.other_org, "Off");
	struct answer *a =
	    POST(w.outsider.token, issue_path(issue, "sync_to_linear/"), NULL);

	expect_error_shape(a, 400, text_at(a, "code"));
	a = GET(w.outsider.token, issue_path(issue, ""));
	expect_text(a, "sync_state", "off");
	a = GET(w.outsider.token, "/api/issues/fetch_from_linear/");
	expect_error_shape(a, 400, text_at(a, "code"));
}
END_TEST

START_TEST(bulk_sync)
{
	struct answer *a = raise_titled(unique("Bulk"), "medium");
	const int64_t issue = int_at(a, "issue.id");
	const int64_t foreign = raise_issue(&w.customer, w.other_org, "Not");

	a = POST(w.vendor.token, "/api/issues/bulk_sync_to_linear/",
		 json("{'issue_ids':[%lld,%lld]}", (long long)issue,
		      (long long)foreign));
	expect_status(a, 200);
	expect_keys(a, "", "message synced_count failed_count results");
	expect_int(a, "synced_count", 1);
	expect_int(a, "failed_count", 1);
	expect_keys(a, "results.0", "issue_id issue_number status linear_url");
	expect_keys(a, "results.1", "issue_id issue_number status error");
	expect_null(a, "results.1.issue_number");
}
END_TEST

/* The element of a list that has that value there, as its path. */
static const char *
find(const struct answer *a, const char *list, const char *name,
     const char *value)
{
	const size_t n = length_at(a, list);

	for (size_t i = 0; i < n; i++) {
		const char *path = text("%s.%zu", list, i);

		if (strcmp(text_at(a, text("%s.%s", path, name)), value) == 0)
			return path;
	}
	return NULL;
}

START_TEST(fetch_from_linear)
{
	const char *title = unique("Born there"), *path, *id, *field;
	struct answer *a;

	/* what there is of others, whose team it was, is not shown */
	for (int i = 0; i < 4; i++)
		(void)linear_create("OTH", unique("Elder"));
	id = linear_create("OTH", title);
	a = GET(w.vendor.token, "/api/issues/fetch_from_linear/?limit=5");
	expect_status(a, 200);
	expect_keys(a, "",
		    "message linear_issues page_info organization "
		    "synced_issues");
	expect_keys(a, "organization", "id name linear_team_id");
	expect_int(a, "organization.id", w.org);
	expect_text(a, "organization.linear_team_id", TEAM_FREE);
	expect(a, length_at(a, "linear_issues") == 5);
	expect(a, length_at(a, "synced_issues") == 0);
	path = find(a, "linear_issues", "id", id);
	expect(a, path != NULL);
	field = text("%s.title", path);
	expect_text(a, field, title);

	a = GET(w.vendor.token,
		"/api/issues/fetch_from_linear/?limit=5&sync=true");
	expect_status(a, 200);
	path = find(a, "synced_issues", "linear_id", id);
	expect(a, path != NULL);
	expect_keys(a, path, "linear_id issue_id issue_number action");
	field = text("%s.issue_id", path);
	a = GET(w.vendor.token, issue_path(int_at(a, field), ""));
	expect_text(a, "title", title);
	expect_bool(a, "is_client_issue", false);
	expect_null(a, "raised_by_customer");
	expect_text(a, "linear_issue_id", id);

	a = POST(w.vendor.token, "/api/issues/fetch_from_linear/",
		 json("{'limit':5,'sync':true}"));
	path = find(a, "synced_issues", "linear_id", id);
	field = text("%s.action", path);
	expect_text(a, field, "unchanged");
	a = GET(w.vendor.token, "/api/issues/fetch_from_linear/?limit=251");
	expect_error(a, 400, "invalid", "limit");
}
END_TEST

START_TEST(sync_from_linear)
{
	struct answer *a = raise_titled(unique("Pulled"), "medium");
	const int64_t issue = int_at(a, "issue.id");

	linear_move(linear_id_of(issue), "In Progress");
	a = POST(w.vendor.token, issue_path(issue, "sync_from_linear/"), NULL);
	expect_status(a, 200);
	expect_text(a, "issue.status", "in_progress");
	expect_text(a, "status", "in_progress");
	expect_with(a, "\"message\"");
}
END_TEST

/* The team is checked with Linear before it is linked. */
START_TEST(linking_a_team)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);
	struct answer *a;

	a = PATCH(w.vendor.token, path, json("{'linear_team_id':null}"));
	expect_status(a, 200);
	expect_null(a, "linear_team_id");
	a = PATCH(w.vendor.token, path,
		  json("{'linear_team_id':"
		       "'00000000-0000-4000-8000-000000000000'}"));
	expect_error(a, 400, "invalid", "linear_team_id");
	/* another organization is linked to that team */
	a = PATCH(w.vendor.token, path,
		  json("{'linear_team_id':'" TEAM_DEMO "'}"));
	expect_error(a, 400, "invalid", "linear_team_id");
	a = PATCH(w.vendor.token, path,
		  json("{'linear_team_id':'" TEAM_FREE "'}"));
	expect_status(a, 200);
	expect_text(a, "linear_team_id", TEAM_FREE);
	expect_text(a, "linear_team_name", "Other Company");
}
END_TEST

/* The requests of one organization never occupy all workers that wait for
 * Linear. */
START_TEST(workers_are_shared_between_organizations)
{
	enum { FETCHES = 12, TEAMS = FETCHES, ALL_OF_THEM };
	const struct person owner =
	    make_person("outside", ROLE_VENDOR, w.other_org);
	struct request list[ALL_OF_THEM];
	struct answer **answers;
	int served = 0;

	for (int i = 0; i < FETCHES; i++)
		list[i] =
		    (struct request){.method = "GET",
				     .path = "/api/issues/fetch_from_linear/",
				     .token = w.employee.token};
	list[TEAMS] = (struct request){.method = "GET",
				       .path = "/api/linear/teams/",
				       .token = owner.token};
	linear_faults("[{'kind':'latency','on':'issues',"
		      "'min':3000,'max':3000}]");
	answers = send_all(list, ALL_OF_THEM);
	for (int i = 0; i < FETCHES; i++) {
		served += answers[i]->status == 200;
		if (answers[i]->status == 200)
			continue;
		expect_error(answers[i], 429, "throttled", NULL);
		expect_header(answers[i], "Retry-After", "5");
	}
	ck_assert_int_eq(served, 2); /* a third of LINEAR_WORKERS */
	expect_status(answers[TEAMS], 200);
	expect(answers[TEAMS], answers[TEAMS]->micros < 2000000);
	linear_well();
	expect_status(send_one(&list[0]), 200);
}
END_TEST

/* Other changes of the organization do not need Linear. */
START_TEST(an_organization_changes_without_linear)
{
	const char *path = text("/api/organizations/%lld/", (long long)w.org);
	struct answer *a;

	linear_down();
	a = PATCH(w.vendor.token, path, json("{'name':'%s'}", unique("New")));
	expect_status(a, 200);
	a = PATCH(w.vendor.token, path,
		  json("{'name':'%s','linear_team_id':'" TEAM_FREE "'}",
		       unique("Newer")));
	expect_status(a, 200);
	expect_text(a, "linear_team_id", TEAM_FREE);
	a = PATCH(w.vendor.token, path, json("{'linear_team_id':null}"));
	expect_status(a, 200);
	a = PATCH(w.vendor.token, path,
		  json("{'linear_team_id':'" TEAM_FREE "'}"));
	expect_error(a, 502, "linear_unavailable", "linear");
}
END_TEST

START_TEST(status_of_the_sync)
{
	struct answer *a = GET(w.employee.token, "/api/linear/status/");

	expect_status(a, 200);
	expect_bool(a, "key_works", true);
	expect_text(a, "team.id", TEAM_FREE);
	expect_int(a, "queue_length", 0);
	expect_int(a, "dead_letters", 0);
	expect_null(a, "paused_until");
	a = GET(w.vendor.token, "/api/linear/teams/");
	expect_status(a, 200);
	expect(a, find(a, "teams", "id", TEAM_FREE) != NULL);
}
END_TEST

Suite *
linear_suite(void)
{
	Suite *s = suite_create("linear");
	TCase *t = add_case(s, "linear", set_up);

	tcase_add_unchecked_fixture(t, NULL, mend_linear);
	tcase_set_timeout(t, 2 * RECOVERY_S);
	tcase_add_test(t, raise_arrives);
	tcase_add_test(t, raise_arrives_after_idle_connections_were_closed);
	tcase_add_test(t, staff_see_the_linear_link);
	tcase_add_test(t, priorities);
	tcase_add_test(t, statuses);
	tcase_add_test(t, texts);
	tcase_add_test(t, comments);
	tcase_add_test(t, linear_is_slow);
	tcase_add_test(t, linear_is_down);
	tcase_add_test(t, a_lost_response_creates_one_issue);
	tcase_add_test(t, many_raises_while_linear_is_down);
	tcase_add_test(t, reading_while_linear_is_slow);
	tcase_add_test(t, sync_to_linear);
	tcase_add_test(t, sync_without_a_linear_team);
	tcase_add_test(t, bulk_sync);
	tcase_add_test(t, fetch_from_linear);
	tcase_add_test(t, sync_from_linear);
	tcase_add_test(t, linking_a_team);
	tcase_add_test(t, workers_are_shared_between_organizations);
	tcase_add_test(t, an_organization_changes_without_linear);
	tcase_add_test(t, status_of_the_sync);
	return s;
}
