/* Synchronizing by hand, importing, and linking a team. */

#include <string.h>

#include "linear_world.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"
#include "tests/lib/simulator.h"

static struct world w;

static void
set_up(void)
{
	set_up_linear(&w);
}

START_TEST(sync_to_linear)
{
	const char *title = unique("Pushed");
	struct answer *a;
	int64_t issue;

	linear_down();
	issue = expect_queued(raise_titled(&w, title, "medium"));
	a = POST(w.vendor.token, issue_path(issue, "sync_to_linear/"), NULL);
	expect(a, a->status == 502 || a->status == 503);
	expect_error_shape(a, a->status, text_at(a, "code"));
	await_derived();
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
	expect_arrival(&w, issue, title);
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
	struct answer *a = raise_titled(&w, unique("Bulk"), "medium");
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
	struct answer *a = raise_titled(&w, unique("Pulled"), "medium");
	const int64_t issue = int_at(a, "issue.id");

	expect_no_jobs(w.org);
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
	linear_faults("[{'kind':'latency','on':'issues','min':" SLOW_MS
		      ",'max':" SLOW_MS "}]");
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
	expect(answers[TEAMS], answers[TEAMS]->micros < SLOW);
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
linear_manual_suite(void)
{
	Suite *s = suite_create("linear_manual");
	TCase *t = add_case(s, "manual", set_up);

	tcase_add_unchecked_fixture(t, NULL, linear_mend);
	tcase_set_timeout(t, 4 * AWAIT_S);
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
