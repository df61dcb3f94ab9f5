/* Requests that are refused for their path or method. */

#include <stdio.h>
#include <string.h>

#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

START_TEST(unknown_paths)
{
	static const struct {
		const char *path;
		int status;
		const char *code;
	} rows[] = {{"/api/", 404, "not_found"},
		    {"/api/nothing/", 404, "not_found"},
		    {"/api/issues/x/", 404, "not_found"},
		    {"/api/issues/-1/", 404, "not_found"},
		    {"/api/issues/1.5/", 404, "not_found"},
		    {"/api/issues/1/nothing/", 404, "not_found"},
		    {"/api/client/issues/raise/x/", 404, "not_found"},
		    {"/api/Issues/", 404, "not_found"},
		    {"/api/issues/1/close", 404, "not_found"},
		    {"/api/nothing", 404, "not_found"},
		    {"/api/issues/999999999999999999999999/", 404, "not_found"},
		    {"/api/%69ssues/%00/", 400, "bad_request"},
		    {"/api/.env", 404, "not_found"}};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_error_shape(POST(w.vendor.token, rows[i].path, NULL),
				   rows[i].status, rows[i].code);
}
END_TEST

START_TEST(unknown_pages)
{
	struct answer *a = GET(NULL, "/no-such-page");

	expect_status(a, 404);
	a = GET(NULL, "/../../etc/passwd");
	expect(a, a->status == 400 || a->status == 404);
	expect_without(a, "root:");
	a = GET(NULL, "/api/../../../etc/passwd");
	expect(a, a->status == 400 || a->status == 404);
}
END_TEST

START_TEST(another_method)
{
	static const char *const rows[][3] = {
	    {"DELETE", "/api/auth/login/", "POST"},
	    {"GET", "/api/auth/login/", "POST"},
	    {"PUT", "/api/issues/", "GET, HEAD, POST"},
	    {"POST", "/api/issues/stats/", "GET, HEAD"},
	    {"GET", "/api/client/issues/raise/", "POST"},
	    {"PUT", "/api/client/issues/1/comment/", "POST"},
	    {"TRACE", "/api/health/", "GET, HEAD"},
	    {"PROPFIND", "/api/issues/1/", "GET, HEAD, PUT, PATCH, DELETE"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct request r = {.method = rows[i][0],
					  .path = rows[i][1],
					  .token = w.vendor.token};
		struct answer *a = send_one(&r);
		const char *allow = header(a, "Allow");

		expect_error(a, 405, "method_not_allowed", NULL);
		/* nginx itself refuses TRACE, before it looks at the path */
		if (strcmp(rows[i][0], "TRACE") == 0)
			continue;
		expect(a, allow && strstr(allow, rows[i][2]) == allow);
	}
}
END_TEST

START_TEST(missing_slash)
{
	struct answer *a =
	    GET(w.vendor.token, "/api/issues?status=open&page=1");

	expect_status(a, 301);
	expect_header(a, "Location", "/api/issues/?status=open&page=1");
	a = GET(NULL, "/api/health");
	expect_status(a, 301);
	expect_header(a, "Location", "/api/health/");
	a = send_one(
	    &(struct request){.method = "HEAD", .path = "/api/health"});
	expect_status(a, 301);
	a = POST(w.customer.token, "/api/client/issues/raise", "{}");
	expect_error(a, 404, "not_found", NULL);
	a = PATCH(w.vendor.token, "/api/issues/1", "{}");
	expect_error(a, 404, "not_found", NULL);
}
END_TEST

/* nginx must leave that to the program. */
START_TEST(every_path_needs_its_slash)
{
	FILE *routes = open_routes();
	char line[256], method[16], pattern[128], path[128];
	struct answer *a;
	size_t n = 0;

	while (fgets(line, sizeof(line), routes)) {
		ck_assert_int_eq(sscanf(line, "%15s %127s", method, pattern),
				 2);
		snprintf(path, sizeof(path), "%.*s", (int)(strlen(pattern) - 1),
			 pattern);
		while (strstr(path, "{id}"))
			memcpy(strstr(path, "{id}"), "1234", 4);
		a = send_one(&(struct request){
		    .method = method, .token = w.vendor.token, .path = path});
		if (strcmp(method, "GET") == 0) {
			expect_status(a, 301);
			expect(a, a->len == 0);
			expect_header(a, "Location", text("%s/", path));
		} else {
			expect_error_shape(a, 404, "not_found");
		}
		n++;
	}
	ck_assert_int_eq(pclose(routes), 0);
	ck_assert_uint_gt(n, 60);
}
END_TEST

START_TEST(head_is_get_without_a_body)
{
	const struct request head = {
	    .method = "HEAD", .path = "/api/issues/", .token = w.vendor.token};
	struct answer *get = GET(w.vendor.token, "/api/issues/");
	struct answer *a = send_one(&head);

	expect_status(a, 200);
	expect(a, a->len == 0);
	expect_header(a, "Content-Length", text("%zu", get->len));
	expect_header(a, "ETag", header(get, "ETag"));
	expect_header(a, "Content-Type", header(get, "Content-Type"));
}
END_TEST

Suite *
refusals_paths_suite(void)
{
	Suite *s = suite_create("refusals_paths");
	TCase *t = add_case(s, "paths", set_up);

	tcase_add_test(t, unknown_paths);
	tcase_add_test(t, unknown_pages);
	tcase_add_test(t, another_method);
	tcase_add_test(t, missing_slash);
	tcase_add_test(t, every_path_needs_its_slash);
	tcase_add_test(t, head_is_get_without_a_body);
	return s;
}
