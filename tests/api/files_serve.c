/* Serving files: headers, conditional requests, ranges, links; and deleting
 * them. */

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"

static struct world w;
static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

static int64_t
upload_one(const struct person *who, const char *name, const char *content)
{
	return int_at(upload_text(who->token, files_path(issue), name, content),
		      "attachment.id");
}

/* What a browser could run, or take for something else. */
static const struct {
	const char *name, *content;
	const char *shown; /* "inline" or "attachment" */
} risks[] = {
    {"page.html", "<!doctype html><script>alert(1)</script>", "attachment"},
    {"page.png", "<!doctype html><script>alert(1)</script>", "attachment"},
    {"icon.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
     "attachment"},
    {"icon.png",
     "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
     "attachment"},
    {"code.js", "GIF89a/*aaaaaaaaaaaaa*/=1;alert(1)", "attachment"},
    {"code.gif", "GIF89a/*aaaaaaaaaaaaa*/=1;alert(1)", "inline"},
    {"doc.pdf", "%PDF-1.4\n%\xe2\xe3\n", "attachment"},
    {"run.php", "<?php phpinfo();", "attachment"},
    {"a.txt", "plain", "attachment"},
};

START_TEST(nothing_runs)
{
	const int64_t id =
	    upload_one(&w.customer, risks[_i].name, risks[_i].content);
	struct answer *a = GET(w.vendor.token, file_path(id, ""));
	const char *type = header(a, "Content-Type");

	expect_status(a, 200);
	expect(a, strncmp(header(a, "Content-Disposition"), risks[_i].shown,
			  strlen(risks[_i].shown)) == 0);
	expect(a, !strstr(type, "html") && !strstr(type, "xml") &&
		      !strstr(type, "svg") && !strstr(type, "script"));
	expect_header(a, "X-Content-Type-Options", "nosniff");
	expect_header(a, "Cross-Origin-Resource-Policy", "same-origin");
	expect_header(a, "Cache-Control", "private, no-cache");
	expect(a, strstr(header(a, "Content-Security-Policy"),
			 "sandbox; default-src 'none'") != NULL);
	ck_assert_str_eq(a->text, risks[_i].content);
	a = GET(w.vendor.token, file_path(id, "?download=1"));
	expect(a, strncmp(header(a, "Content-Disposition"), "attachment", 10) ==
		      0);
}
END_TEST

START_TEST(conditional_requests_and_ranges)
{
	const int64_t id = upload_one(&w.customer, "a.txt", "0123456789");
	const char *const path = file_path(id, "");
	struct answer *a = GET(w.customer.token, path);
	const char *tag = header(a, "ETag");

	ck_assert_str_eq(tag,
			 "\"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96b"
			 "edb9f882f7882\"");
	with("If-None-Match: %s", tag);
	expect_status(GET(w.customer.token, path), 304);
	with("If-None-Match: \"x\"");
	expect_status(GET(w.customer.token, path), 200);
	with("Range: bytes=2-4");
	a = GET(w.customer.token, path);
	expect_status(a, 206);
	expect_header(a, "Content-Range", "bytes 2-4/10");
	ck_assert_str_eq(a->text, "234");
	with("Range: bytes=99-");
	expect_error(GET(w.customer.token, path), 416, "range_not_satisfiable",
		     NULL);
	a = send_one(&(struct request){
	    .method = "HEAD", .token = w.customer.token, .path = path});
	expect_status(a, 200);
	expect_header(a, "Content-Length", "10");
	expect_header(a, "ETag", tag);
	ck_assert_uint_eq(a->len, 0);
	/* the store itself cannot be asked */
	expect_status(GET(NULL, text("/_files/%lld/84/84d89877f0d4041efb6bf91a"
				     "16f0248f2fd573e6af05c19f96bedb9f882f7882",
				     (long long)w.org)),
		      404);
}
END_TEST

/* The path of a link, with one character replaced. */
static const char *
spoiled(const char *url, const char *behind)
{
	char *copy = text("%s", url);
	char *p = strstr(copy, behind) + strlen(behind);

	*p = *p == '7' ? '8' : '7';
	return copy;
}

START_TEST(links_need_no_token)
{
	const int64_t id = upload_one(&w.customer, "a.txt", "linked");
	const int64_t other = upload_one(&w.customer, "b.txt", "other");
	struct answer *a = POST(w.customer.token, file_path(id, "link/"), NULL);
	const char *url = text_at(a, "url");

	expect_status(a, 200);
	expect_keys(a, "", "url expires_at");
	expect_time(a, "expires_at");
	a = GET(NULL, url);
	expect_status(a, 200);
	ck_assert_str_eq(a->text, "linked");
	expect_status(GET(NULL, spoiled(url, "signature=")), 401);
	expect_status(GET(NULL, spoiled(url, "expires=")), 401);
	a = GET(NULL, file_path(other, strstr(url, "?expires=")));
	expect_error_shape(a, 401, "invalid_link");
	a = GET(NULL, file_path(id, "?signature=x"));
	expect_status(a, 401);
	expect_status(GET(NULL, file_path(id, "?expires=9999999999")), 401);
	/* with a token, a link gives no more than that */
	expect_status(GET(w.stranger.token, url), 404);
	expect_status(DELETE(w.customer.token, file_path(id, "")), 204);
	expect_status(GET(NULL, url), 404);
}
END_TEST

START_TEST(who_deletes)
{
	const int64_t own = upload_one(&w.customer, "a.txt", "a");
	const int64_t old = upload_one(&w.employee, "b.txt", "b");
	struct answer *a;

	sql_run("UPDATE attachment SET created_at = created_at - INTERVAL "
		"16 MINUTE WHERE id = ?",
		ARGS(arg_int(old)));
	expect_status(DELETE(w.employee.token, file_path(own, "")), 403);
	expect_status(DELETE(w.customer.token, file_path(old, "")), 403);
	a = DELETE(w.employee.token, file_path(old, ""));
	expect_error_shape(a, 403, "permission_denied");
	expect_status(DELETE(w.customer.token, file_path(own, "")), 204);
	expect_status(DELETE(w.customer.token, file_path(own, "")), 404);
	expect_status(DELETE(w.vendor.token, file_path(old, "")), 204);
	expect_int(GET(w.vendor.token, files_path(issue)), "count", 0);
	/* the names are for the staff's history only */
	a = GET(w.customer.token, issue_path(issue, "activity/"));
	expect_without(a, "b.txt");
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	expect_with(a, "b.txt");
	/* and the content waits for 30 days */
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM attachment WHERE "
				 "issue_id = ? AND remove_at > "
				 "UTC_TIMESTAMP(6) + INTERVAL 29 DAY",
				 ARGS(arg_int(issue))),
			 2);
}
END_TEST

/* The content, and a link to it. */
static void
expect_served(const char *token, int64_t id, const char *state, bool served)
{
	struct answer *a = GET(token, file_path(id, ""));
	struct answer *link = POST(token, file_path(id, "link/"), NULL);

	if (served) {
		expect_status(a, 200);
		expect_status(link, 200);
	} else {
		expect_error_shape(a, 409, state);
		expect_error_shape(link, 409, state);
	}
}

/* Staff may open a file that is being checked. */
START_TEST(states_that_are_not_served)
{
	static const struct {
		const char *state;
		bool for_customer, for_staff;
	} rows[] = {{"infected", false, false},
		    {"gone", false, false},
		    {"unchecked", true, true},
		    {"ready", true, true},
		    {"checking", false, true}};
	const int64_t id = upload_one(&w.customer, "a.txt", "a");

	for (size_t i = 0; i < COUNT(rows); i++) {
		sql_run("UPDATE attachment SET state = ? WHERE id = ?",
			ARGS(arg_text(rows[i].state), arg_int(id)));
		expect_served(w.customer.token, id, rows[i].state,
			      rows[i].for_customer);
		expect_served(w.vendor.token, id, rows[i].state,
			      rows[i].for_staff);
	}
}
END_TEST

Suite *
files_serve_suite(void)
{
	Suite *s = suite_create("files_serve");
	TCase *t = add_case(s, "files_serve", set_up);

	tcase_add_loop_test(t, nothing_runs, 0, COUNT(risks));
	tcase_add_test(t, conditional_requests_and_ranges);
	tcase_add_test(t, links_need_no_token);
	tcase_add_test(t, who_deletes);
	tcase_add_test(t, states_that_are_not_served);
	return s;
}
