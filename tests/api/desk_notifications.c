/* Notifications, and changing many issues at once. */

#include <string.h>

#include "desk/notification.h"
#include "files.h"
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

/* The count, and the kind of the newest one. */
static void
expect_newest(const struct person *who, int64_t n, const char *kind)
{
	struct answer *a = GET(who->token, "/api/notifications/");

	expect_int(a, "count", n);
	expect_text(a, "results.0.kind", kind);
}

/* Moves the notifications of the issue, so that a burst is over, or is not,
 * however long the test takes. */
static void
date_notifications(int hours)
{
	await_derived();
	sql_run("UPDATE notification SET created_at = UTC_TIMESTAMP(6) + "
		"INTERVAL ? HOUR WHERE issue_id = ?",
		ARGS(arg_int(hours), arg_int(issue)));
}

static void
upload_two(const struct person *who)
{
	expect_status(upload_text(who->token, files_path(issue), "a", "a"),
		      201);
	date_notifications(1);
	expect_status(upload_text(who->token, files_path(issue), "b", "b"),
		      201);
}

/* A burst is one, until somebody has read it. */
START_TEST(files_notify_the_other_side)
{
	/* what is mailed is not added to */
	sql_run("UPDATE user SET wants_mail = FALSE WHERE id IN (?, ?, ?)",
		ARGS(arg_int(w.customer.user), arg_int(w.vendor.user),
		     arg_int(w.employee.user)));
	upload_two(&w.customer);
	expect_newest(&w.employee, 2, "attached");
	expect_unread(w.customer.token, 0);
	expect_unread(w.outsider.token, 0);
	expect_status(
	    POST(w.vendor.token, "/api/notifications/read_all/", NULL), 200);
	upload_two(&w.customer);
	expect_newest(&w.employee, 3, "attached");
	date_notifications(-1);
	upload_two(&w.customer);
	expect_newest(&w.vendor, 4, "attached");
	expect_unread(w.vendor.token, 2);
	upload_two(&w.vendor);
	expect_newest(&w.customer, 1, "attached");
	expect_text(GET(w.customer.token, "/api/notifications/"),
		    "results.0.actor_name", w.vendor.full_name);
	expect_unread(w.stranger.token, 0);
}
END_TEST

/* Internal files are told to nobody, files of a comment with it, and those of
 * a new issue with it. */
START_TEST(files_that_notify_nobody_by_themselves)
{
	int64_t id;

	expect_status(upload_form(w.employee.token, files_path(issue), "a",
				  "secret", "internal=true"),
		      201);
	expect_unread(w.customer.token, 0);
	expect_newest(&w.vendor, 1, "raised");
	expect_status(upload_form(w.employee.token, files_path(issue), "a", "x",
				  "content=look"),
		      201);
	expect_newest(&w.customer, 1, "replied");
	id = int_at(upload_text(w.customer.token, "", "a", "b"),
		    "attachment.id");
	expect_status(POST(w.customer.token, "/api/client/issues/raise/",
			   json("{" PLAIN_ISSUE ",'organization':%lld,"
				"'attachments':[%lld]}",
				(long long)w.org, (long long)id)),
		      201);
	expect_newest(&w.vendor, 2, "raised");
}
END_TEST

/* Staff who send a file answer: the customer sees the issue again. */
START_TEST(a_file_shows_a_withdrawn_issue_again)
{
	expect_status(DELETE(w.customer.token, issue_path(issue, "")), 204);
	expect_status(upload_form(w.employee.token, files_path(issue), "a", "x",
				  "internal=true"),
		      201);
	expect_status(GET(w.customer.token, issue_path(issue, "")), 404);
	expect_status(
	    upload_text(w.employee.token, files_path(issue), "a", "x"), 201);
	expect_status(GET(w.customer.token, issue_path(issue, "")), 200);
	expect_newest(&w.customer, 1, "attached");
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

/* The counters of everybody here are those of the rows. */
static void
expect_true_counters(void)
{
	const int64_t ids[] = {w.org, w.vendor.profile, w.employee.profile,
			       w.customer.profile};
	struct unread_miscount *wrong;
	size_t n;

	await_derived();
	ck_assert_int_eq(
	    unread_find_wrong(&wrong, &n, fixture_ctx(), INT64_MAX), OK);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT(ids); k++)
			ck_assert_msg(wrong[i].scope_id != ids[k] ||
					  (wrong[i].scope == 1) != (k == 0),
				      "%s of %lld: %lld instead of %lld",
				      wrong[i].name, (long long)ids[k],
				      (long long)wrong[i].stored,
				      (long long)wrong[i].real);
}

START_TEST(what_is_gone_is_not_unread)
{
	const char *t = w.employee.token;
	const int64_t second = raise_issue(&w.customer, w.org, "Second");
	const int64_t comment = add_comment(&w.employee, issue, "hello", false);

	add_comment(&w.employee, issue, "still there", false);
	add_comment(&w.employee, second, "hello", false);
	expect_unread(w.customer.token, 3);
	expect_status(DELETE(t, comment_path(issue, comment)), 204);
	expect_unread(w.customer.token, 2);
	expect_unread(w.vendor.token, 2);
	expect_status(DELETE(w.vendor.token, issue_path(second, "")), 204);
	expect_unread(w.customer.token, 1);
	expect_unread(w.vendor.token, 1);
	expect_true_counters();
}
END_TEST

/* What a customer has withdrawn is hidden from them alone, and so is what
 * happens to it afterwards. */
START_TEST(what_is_withdrawn_is_not_unread)
{
	expect_status(PATCH(w.employee.token, issue_path(issue, ""),
			    json("{'status':'in_progress'}")),
		      200);
	expect_unread(w.customer.token, 1);
	expect_status(DELETE(w.customer.token, issue_path(issue, "")), 204);
	expect_unread(w.customer.token, 0);
	expect_int(GET(w.vendor.token, "/api/notifications/?unread=true"),
		   "results.1.issue", issue);
	expect_true_counters();
}
END_TEST

START_TEST(newcomers_have_nothing_unread)
{
	struct person newcomer;

	await_derived();
	newcomer = make_person("Newcomer", ROLE_EMPLOYEE, w.org);
	expect_unread(newcomer.token, 0);
	expect_unread(w.employee.token, 1);
	raise_issue(&w.customer, w.org, "Second");
	expect_unread(newcomer.token, 1);
	expect_unread(w.employee.token, 2);
	expect_status(
	    PATCH(w.vendor.token, issue_path(issue, ""),
		  json("{'assigned_to':%lld}", (long long)newcomer.profile)),
	    200);
	expect_unread(newcomer.token, 2);
	expect_true_counters();
}
END_TEST

#define AT_ONCE 12

/* Marks each of the vendor's notifications three times, and once those of the
 * employee, who marks all of them meanwhile; and new ones come in. Returns how
 * many requests that are. */
static size_t
fill_marks(struct request *list, const struct answer *notices)
{
	const char *body = json("{'organization':%lld,'title':'More',"
				"'description':''}",
				(long long)w.org);
	size_t n = 0;

	for (int i = 0; i < AT_ONCE; i++) {
		const char *path =
		    text("/api/notifications/%lld/read/",
			 (long long)int_at(notices, text("results.%d.id", i)));

		for (int k = 0; k < 3; k++)
			list[n++] = (struct request){.method = "POST",
						     .token = w.vendor.token,
						     .path = path};
		list[n++] = (struct request){
		    .method = "POST", .token = w.employee.token, .path = path};
		list[n++] =
		    (struct request){.method = "POST",
				     .token = w.employee.token,
				     .path = "/api/notifications/read_all/"};
		list[n++] =
		    (struct request){.method = "POST",
				     .token = w.customer.token,
				     .path = "/api/client/issues/raise/",
				     .body = body,
				     .body_len = strlen(body)};
	}
	return n;
}

START_TEST(marks_at_once)
{
	struct request list[6 * AT_ONCE];
	struct answer **a;
	size_t n;

	for (int i = 1; i < AT_ONCE; i++)
		raise_issue(&w.customer, w.org, "One of many");
	expect_unread(w.vendor.token, AT_ONCE);
	n = fill_marks(list, GET(w.vendor.token, "/api/notifications/"));
	a = send_all(list, n);
	for (size_t i = 0; i < n; i++)
		expect(a[i], a[i]->status == 200 || a[i]->status == 201);
	expect_unread(w.vendor.token, AT_ONCE);
	expect_true_counters();
	expect_status(
	    POST(w.employee.token, "/api/notifications/read_all/", NULL), 200);
	expect_unread(w.employee.token, 0);
	expect_true_counters();
}
END_TEST

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

Suite *
desk_notifications_suite(void)
{
	Suite *s = suite_create("desk_notifications");
	TCase *t = add_case(s, "notifications", set_up);

	tcase_add_test(t, customers_are_notified);
	tcase_add_test(t, staff_are_notified);
	tcase_add_test(t, files_notify_the_other_side);
	tcase_add_test(t, files_that_notify_nobody_by_themselves);
	tcase_add_test(t, a_file_shows_a_withdrawn_issue_again);
	tcase_add_test(t, marking_notifications_as_read);
	tcase_add_test(t, what_is_gone_is_not_unread);
	tcase_add_test(t, what_is_withdrawn_is_not_unread);
	tcase_add_test(t, newcomers_have_nothing_unread);
	tcase_add_test(t, marks_at_once);
	t = add_case(s, "bulk", set_up);
	tcase_add_test(t, bulk_update);
	return s;
}
