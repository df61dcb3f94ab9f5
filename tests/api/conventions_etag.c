/* ETag, If-None-Match and If-Match. */

#include <string.h>

#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

START_TEST(not_modified)
{
	const char *const paths[] = {issue_path(issue, ""),
				     client_path(issue, ""),
				     "/api/issues/",
				     "/api/issues/stats/",
				     issue_path(issue, "comments/"),
				     "/api/organizations/",
				     "/api/users/me/",
				     "/api/notifications/"};
	struct answer *a;

	for (size_t i = 0; i < COUNT(paths); i++) {
		const char *tag;

		a = GET(w.customer.token, paths[i]);
		expect_status(a, 200);
		tag = header(a, "ETag");
		expect(a, tag && tag[0] == '"');
		with("If-None-Match: %s", tag);
		a = GET(w.customer.token, paths[i]);
		expect_status(a, 304);
		expect(a, a->len == 0);
		/* a list has another one now, see list_tag() */
		tag = header(a, "ETag");
		expect(a, tag && tag[0] == '"');
		with("If-None-Match: \"x\", W/%s", tag);
		a = GET(w.customer.token, paths[i]);
		expect_status(a, 304);
		expect_header(a, "ETag", tag);
		with("If-None-Match: \"x\"");
		expect_status(GET(w.customer.token, paths[i]), 200);
	}
}
END_TEST

START_TEST(modified)
{
	const char *const paths[] = {issue_path(issue, ""), "/api/issues/",
				     "/api/issues/stats/"};
	const char *tags[COUNT(paths)];

	for (size_t i = 0; i < COUNT(paths); i++)
		tags[i] = header(GET(w.customer.token, paths[i]), "ETag");
	expect_status(PATCH(w.vendor.token, issue_path(issue, ""),
			    json("{'status':'in_progress'}")),
		      200);
	for (size_t i = 0; i < COUNT(paths); i++) {
		with("If-None-Match: %s", tags[i]);
		expect_status(GET(w.customer.token, paths[i]), 200);
	}
}
END_TEST

START_TEST(a_comment_changes_the_etag)
{
	const char *path = issue_path(issue, "");
	const char *tag = header(GET(w.customer.token, path), "ETag");

	expect_status(POST(w.vendor.token, issue_path(issue, "add_comment/"),
			   json("{'content':'news'}")),
		      201);
	with("If-None-Match: %s", tag);
	expect_status(GET(w.customer.token, path), 200);
}
END_TEST

/* Two employees read an issue; the second one to save gets a 412. */
START_TEST(if_match_prevents_lost_updates)
{
	const char *path = issue_path(issue, "");
	const char *seen = header(GET(w.vendor.token, path), "ETag");
	struct answer *a;

	with("If-Match: %s", seen);
	a = PATCH(w.employee.token, path, json("{'title':'First'}"));
	expect_status(a, 200);
	with("If-Match: %s", seen);
	a = PATCH(w.vendor.token, path, json("{'title':'Second'}"));
	expect_error(a, 412, "precondition_failed", NULL);
	expect_text(a, "details.issue.title", "First");
	expect_int(a, "details.issue.version", 2);
	expect_text(GET(w.vendor.token, path), "title", "First");

	seen = header(GET(w.vendor.token, path), "ETag");
	with("If-Match: W/%s", seen);
	a = PUT(w.vendor.token, path, json("{'title':'Second'}"));
	expect_status(a, 200);
	/* the ETag of a change is valid for the next one */
	with("If-Match: %s", header(a, "ETag"));
	expect_status(PATCH(w.vendor.token, path, json("{'title':'Third'}")),
		      200);
	with("If-Match: *");
	expect_status(PATCH(w.vendor.token, path, json("{'title':'Any'}")),
		      200);
}
END_TEST

START_TEST(actions_honour_if_match)
{
	static const char *const actions[] = {
	    "resolve/", "reopen/",	   "assign/",
	    "close/",	"sync_to_linear/", "sync_from_linear/"};
	const char *stale =
	    header(GET(w.vendor.token, issue_path(issue, "")), "ETag");
	struct answer *a;

	expect_status(PATCH(w.vendor.token, issue_path(issue, ""),
			    json("{'priority':'low'}")),
		      200);
	for (size_t i = 0; i < COUNT(actions); i++) {
		with("If-Match: %s", stale);
		a = POST(w.vendor.token, issue_path(issue, actions[i]),
			 json("{'employee_id':null}"));
		expect_error(a, 412, "precondition_failed", NULL);
		expect_int(a, "details.issue.version", 2);
	}
	with("If-Match: %s", stale);
	a = DELETE(w.vendor.token, issue_path(issue, ""));
	expect_error(a, 412, "precondition_failed", NULL);
	expect_int(a, "details.issue.version", 2);
	with("If-Match: \"nonsense\"");
	a = PATCH(w.vendor.token, issue_path(issue, ""), json("{'title':'x'}"));
	expect_error(a, 412, "precondition_failed", NULL);
	with("If-Match: %s, %s", stale,
	     header(GET(w.vendor.token, issue_path(issue, "")), "ETag"));
	a = PATCH(w.vendor.token, issue_path(issue, ""), json("{'title':'x'}"));
	expect_status(a, 200);
}
END_TEST

/* A 412 does not reveal an issue of another organization either. */
START_TEST(if_match_of_a_foreign_issue)
{
	struct answer *a;

	with("If-Match: \"v99-0123456789abcdef\"");
	a = PATCH(w.outsider.token, issue_path(issue, ""),
		  json("{'title':'x'}"));
	expect_error(a, 404, "not_found", NULL);
}
END_TEST

/* As if no name had changed in the last minutes: then lists are known to be the
 * same by their revision. */
static void
let_names_settle(void)
{
	sql_run("UPDATE issue_count SET n = n - 60 WHERE scope = 'revision' "
		"AND category = 'delivery'",
		NO_ARGS);
}

/* A client that asks whether a list has changed gets such a tag. */
static const char *
list_tag(const struct person *p, const char *path)
{
	struct answer *a;
	const char *tag;

	let_names_settle();
	a = GET(p->token, path);
	expect_status(a, 200);
	with("If-None-Match: %s", header(a, "ETag"));
	a = GET(p->token, path);
	expect_status(a, 304);
	tag = header(a, "ETag");
	expect(a, tag && strncmp(tag, "\"s", 2) == 0);
	with("If-None-Match: %s", tag);
	expect_status(GET(p->token, path), 304);
	return tag;
}

static void
close_it(void)
{
	expect_status(POST(w.vendor.token, issue_path(issue, "close/"), "{}"),
		      200);
}

static void
retitle(void)
{
	expect_status(PATCH(w.vendor.token, issue_path(issue, ""),
			    json("{'title':'Another'}")),
		      200);
}

static void
assign_it(void)
{
	expect_status(
	    POST(w.vendor.token, issue_path(issue, "assign/"),
		 json("{'employee_id':%lld}", (long long)w.employee.profile)),
	    200);
}

static void
raise_another(void)
{
	raise_issue(&w.customer, w.org, "Another");
}

static void
delete_it(void)
{
	expect_status(DELETE(w.vendor.token, issue_path(issue, "")), 204);
}

static void
rename_customer(void)
{
	expect_status(PATCH(w.customer.token, "/api/users/me/",
			    json("{'first_name':'%s'}", unique("Name"))),
		      200);
}

static void
rename_employee(void)
{
	assign_it();
	expect_status(PATCH(w.employee.token, "/api/users/me/",
			    json("{'last_name':'%s'}", unique("Name"))),
		      200);
}

static void
rename_organization(void)
{
	expect_status(PATCH(w.vendor.token,
			    text("/api/organizations/%lld/", (long long)w.org),
			    json("{'name':'%s'}", unique("Name"))),
		      200);
}

/* Whatever changes what a list shows: nobody is told that it is the same. */
START_TEST(lists_follow_every_change)
{
	static void (*const changes[])(void) = {
	    retitle,	     assign_it,	      raise_another,
	    rename_customer, rename_employee, rename_organization,
	    close_it,	     delete_it};
	const struct person *const people[] = {&w.vendor, &w.customer};
	const char *tags[COUNT(people)];

	for (size_t i = 0; i < COUNT(changes); i++) {
		for (size_t k = 0; k < COUNT(people); k++)
			tags[k] = list_tag(people[k], "/api/issues/");
		changes[i]();
		for (int settled = 0; settled < 2; settled++) {
			for (size_t k = 0; k < COUNT(people); k++) {
				with("If-None-Match: %s", tags[k]);
				expect_status(
				    GET(people[k]->token, "/api/issues/"), 200);
			}
			let_names_settle();
		}
	}
}
END_TEST

/* The same tag means nothing for another list, or for somebody else. */
START_TEST(list_tags_are_of_one_list)
{
	const char *tag;

	raise_another();
	tag = list_tag(&w.vendor, "/api/issues/");
	with("If-None-Match: %s", tag);
	expect_status(GET(w.vendor.token, "/api/issues/?page_size=1"), 200);
	with("If-None-Match: %s", tag);
	expect_status(GET(w.employee.token, "/api/issues/"), 304);
	with("If-None-Match: %s", tag);
	expect_status(GET(w.outsider.token, "/api/issues/"), 200);
	with("If-None-Match: \"s\", \"x\", W/%s", tag);
	expect_header(GET(w.vendor.token, "/api/issues/"), "ETag", tag);
}
END_TEST

/* The search index follows a change later, so its lists are compared. */
START_TEST(searches_are_compared)
{
	const char *path = "/api/issues/?search=subject";
	const char *tag;

	with("If-None-Match: %s", header(GET(w.vendor.token, path), "ETag"));
	tag = header(GET(w.vendor.token, path), "ETag");
	ck_assert(tag && strncmp(tag, "\"s", 2) != 0);
}
END_TEST

Suite *
conventions_etag_suite(void)
{
	Suite *s = suite_create("conventions_etag");
	TCase *t = add_case(s, "etag", set_up);

	tcase_add_test(t, not_modified);
	tcase_add_test(t, modified);
	tcase_add_test(t, a_comment_changes_the_etag);
	tcase_add_test(t, if_match_prevents_lost_updates);
	tcase_add_test(t, actions_honour_if_match);
	tcase_add_test(t, if_match_of_a_foreign_issue);
	tcase_add_test(t, lists_follow_every_change);
	tcase_add_test(t, list_tags_are_of_one_list);
	tcase_add_test(t, searches_are_compared);
	return s;
}
