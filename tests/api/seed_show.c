/* The calls that the seed system documents, field by field: one issue, its
 * comments, and the statistics. */

#include "seed_issues.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;
static int64_t ids[ISSUES];

static void
set_up(void)
{
	set_up_four_issues(&w, ids);
}

START_TEST(detail_for_staff)
{
	struct answer *a = GET(w.vendor.token, issue_path(ids[LAMP], ""));

	expect_status(a, 200);
	expect_keys(a, "", ISSUE_KEYS);
	expect_int(a, "id", ids[LAMP]);
	expect_text(a, "title", "Lamp flickers");
	expect_text(a, "status", "in_progress");
	expect_text(a, "status_display", "In Progress");
	expect_keys(a, "assigned_to", "id full_name email");
	expect_int(a, "assigned_to.id", w.employee.profile);
	expect_text(a, "assigned_to.full_name", w.employee.full_name);
	expect_text(a, "assigned_to.email", w.employee.email);
	expect_text(a, "assigned_to_name", w.employee.full_name);
	expect_int(a, "version", 2);
}
END_TEST

START_TEST(detail_for_its_customer)
{
	const char *const paths[] = {issue_path(ids[LAMP], ""),
				     client_path(ids[LAMP], "")};
	struct answer *a;

	expect_status(
	    POST(w.employee.token, issue_path(ids[LAMP], "add_comment/"),
		 json("{'content':'secret %s','internal':true}", w.marker)),
	    201);
	expect_status(POST(w.employee.token,
			   issue_path(ids[LAMP], "add_comment/"),
			   json("{'content':'We look into it.'}")),
		      201);
	for (size_t i = 0; i < COUNT(paths); i++) {
		a = GET(w.customer.token, paths[i]);
		expect_status(a, 200);
		expect_keys(a, "", ISSUE_KEYS);
		expect_keys(a, "assigned_to", "id full_name");
		expect_without(a, w.employee.email);
		expect_without(a, "secret");
		expect(a, length_at(a, "comments") == 1);
		expect_keys(a, "comments.0", COMMENT_KEYS);
		expect_text(a, "comments.0.content", "We look into it.");
		expect_text(a, "comments.0.author_kind", "staff");
		expect_null(a, "linear_issue_id");
		expect_null(a, "linear_identifier");
		expect_null(a, "linear_team_id");
	}
	a = GET(w.employee.token, issue_path(ids[LAMP], ""));
	expect(a, length_at(a, "comments") == 2);
	expect_bool(a, "comments.0.is_internal", true);
	expect_bool(a, "comments.1.is_internal", false);
}
END_TEST

START_TEST(detail_is_hidden_from_others)
{
	const struct person *const others[] = {&w.stranger, &w.outsider};
	struct answer *a;

	for (size_t i = 0; i < COUNT(others); i++) {
		a = GET(others[i]->token, issue_path(ids[LAMP], ""));
		expect_error(a, 404, "not_found", NULL);
	}
	a = GET(w.stranger.token, client_path(ids[LAMP], ""));
	expect_error(a, 404, "not_found", NULL);
	a = GET(w.employee.token, client_path(ids[LAMP], ""));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

#define STATS_KEYS \
	"total by_status by_priority by_category by_source linear_sync"

START_TEST(stats_of_staff)
{
	struct answer *a = GET(w.employee.token, "/api/issues/stats/");

	expect_status(a, 200);
	expect_keys(a, "", STATS_KEYS);
	expect_keys(a, "by_status", "open in_progress resolved closed");
	expect_keys(a, "by_priority", "low medium high urgent critical");
	expect_keys(a, "by_category",
		    "general delivery quality billing payment communication "
		    "technical other");
	expect_keys(a, "by_source", "client_raised internal");
	expect_keys(a, "linear_sync", "synced not_synced");
	expect_int(a, "total", 4);
	expect_int(a, "by_status.open", 1);
	expect_int(a, "by_status.in_progress", 1);
	expect_int(a, "by_status.resolved", 1);
	expect_int(a, "by_status.closed", 1);
	expect_int(a, "by_priority.low", 1);
	expect_int(a, "by_priority.medium", 1);
	expect_int(a, "by_priority.high", 1);
	expect_int(a, "by_priority.urgent", 1);
	expect_int(a, "by_priority.critical", 1);
	expect_int(a, "by_category.general", 1);
	expect_int(a, "by_category.delivery", 1);
	expect_int(a, "by_category.quality", 1);
	expect_int(a, "by_category.billing", 1);
	expect_int(a, "by_category.payment", 1);
	expect_int(a, "by_category.communication", 0);
	expect_int(a, "by_category.technical", 0);
	expect_int(a, "by_category.other", 0);
	expect_int(a, "by_source.client_raised", 4);
	expect_int(a, "by_source.internal", 0);
	expect_int(a, "linear_sync.synced", 0);
	expect_int(a, "linear_sync.not_synced", 4);
}
END_TEST

START_TEST(start_of_staff_and_customer)
{
	struct answer *a = GET(w.employee.token, "/api/start/");

	expect_status(a, 200);
	expect_keys(a, "",
		    "user permissions unread_count held_mail_count stats");
	expect_int(a, "user.active_profile.id", w.employee.profile);
	expect_keys(a, "stats", STATS_KEYS);
	expect_int(a, "stats.total", 4);
	expect_int(
	    a, "unread_count",
	    int_at(GET(w.employee.token, "/api/notifications/?unread=true"),
		   "unread_count"));
	a = GET(w.customer.token, "/api/start/");
	expect_int(a, "stats.total", 3);
	expect_int(a, "user.active_profile.id", w.customer.profile);
}
END_TEST

START_TEST(stats_of_others)
{
	struct answer *a = GET(w.customer.token, "/api/issues/stats/");

	expect_keys(a, "", STATS_KEYS);
	expect_int(a, "total", 3);
	expect_int(a, "by_status.closed", 0);
	expect_int(a, "by_source.client_raised", 3);
	expect_int(GET(w.stranger.token, "/api/issues/stats/"), "total", 1);
	expect_int(GET(w.outsider.token, "/api/issues/stats/"), "total", 0);
}
END_TEST

START_TEST(comment_of_the_customer)
{
	const char *path = client_path(ids[PIPE], "comment/");
	struct answer *a =
	    POST(w.customer.token, path, json("{'comment':' Any news? \\n'}"));

	expect_status(a, 201);
	expect_with(a, "\"message\"");
	expect_keys(a, "comment", COMMENT_KEYS);
	expect_int(a, "comment.issue", ids[PIPE]);
	expect_int(a, "comment.author", w.customer.user);
	expect_text(a, "comment.author_name", w.customer.full_name);
	expect_text(a, "comment.author_kind", "customer");
	expect_text(a, "comment.content", "Any news?");
	expect_bool(a, "comment.is_internal", false);
	expect_null(a, "comment.linear_comment_id");
	expect_bool(a, "comment.synced_to_linear", false);
	expect_time(a, "comment.created_at");
	expect_text(a, "comment.updated_at", text_at(a, "comment.created_at"));
	a = POST(w.stranger.token, path, json("{'comment':'hi'}"));
	expect_error(a, 404, "not_found", NULL);
	a = POST(w.employee.token, path, json("{'comment':'hi'}"));
	expect_error(a, 403, "permission_denied", NULL);
	a = POST(w.customer.token, path, json("{'comment':'  '}"));
	expect_error(a, 400, "invalid", "comment");
}
END_TEST

START_TEST(comments_of_staff)
{
	const char *path = issue_path(ids[PIPE], "add_comment/");
	struct answer *a = POST(w.employee.token, path,
				json("{'content':'secret','internal':true}"));

	expect_status(a, 201);
	expect_keys(a, "", "message comment synced_to_linear");
	expect_bool(a, "comment.is_internal", true);
	expect_bool(a, "synced_to_linear", false);
	a = POST(w.vendor.token, path, json("{'content':'hello'}"));
	expect_bool(a, "comment.is_internal", false);
	a = POST(w.customer.token, path, json("{'content':'thanks'}"));
	expect_status(a, 201);
	a = POST(w.customer.token, path,
		 json("{'content':'x','internal':true}"));
	expect_error(a, 403, "permission_denied", NULL);
	a = POST(w.outsider.token, path, json("{'content':'x'}"));
	expect_error(a, 404, "not_found", NULL);

	path = issue_path(ids[PIPE], "comments/");
	a = GET(w.employee.token, path);
	expect_status(a, 200);
	expect_keys(a, "", "count next comments");
	expect_null(a, "next");
	expect_int(a, "count", 3);
	expect_keys(a, "comments.0", COMMENT_KEYS);
	expect_text(a, "comments.0.content", "secret");
	expect_text(a, "comments.1.content", "hello");
	expect_text(a, "comments.2.content", "thanks");
	a = GET(w.customer.token, path);
	expect_int(a, "count", 2);
	expect_without(a, "secret");
	a = GET(w.stranger.token, path);
	expect_error(a, 404, "not_found", NULL);
}
END_TEST

Suite *
seed_show_suite(void)
{
	Suite *s = suite_create("seed_show");
	TCase *t = add_case(s, "show", set_up);

	tcase_add_test(t, detail_for_staff);
	tcase_add_test(t, detail_for_its_customer);
	tcase_add_test(t, detail_is_hidden_from_others);
	tcase_add_test(t, stats_of_staff);
	tcase_add_test(t, stats_of_others);
	tcase_add_test(t, start_of_staff_and_customer);
	t = add_case(s, "comments", set_up);
	tcase_add_test(t, comment_of_the_customer);
	tcase_add_test(t, comments_of_staff);
	return s;
}
