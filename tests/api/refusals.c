/* What every endpoint has in common: errors and response headers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* --- paths and methods ---------------------------------------------------- */

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

/* --- bodies --------------------------------------------------------------- */

static struct answer *
raise_bytes(const char *body, size_t n, const char *type)
{
	const char *const headers[] = {
	    type ? text("Content-Type: %s", type) : "Content-Type:", NULL};
	const struct request r = {.method = "POST",
				  .path = "/api/client/issues/raise/",
				  .token = w.customer.token,
				  .body = body,
				  .body_len = n,
				  .headers = headers};

	return send_one(&r);
}

static int64_t
issues_here(void)
{
	return sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		       ARGS(arg_int(w.org)));
}

START_TEST(content_types)
{
	static const char *const good[] = {
	    "application/json", "application/json; charset=utf-8",
	    "Application/JSON;charset=UTF-8", "application/json ; x=y"};
	static const char *const bad[] = {"text/plain",
					  "application/x-www-form-urlencoded",
					  "multipart/form-data; boundary=x",
					  "application/jsonp",
					  "application/xml",
					  NULL};
	const char *body =
	    json("{'organization':%lld,'title':'t','description':''}",
		 (long long)w.org);

	for (size_t i = 0; i < COUNT(good); i++)
		expect_status(raise_bytes(body, strlen(body), good[i]), 201);
	for (size_t i = 0; i < COUNT(bad); i++)
		expect_error(raise_bytes(body, strlen(body), bad[i]), 415,
			     "unsupported_media_type", NULL);
	ck_assert_int_eq(issues_here(), COUNT(good));
}
END_TEST

/* Each is a valid request except for one error in its JSON. */
START_TEST(malformed_json)
{
	const char *fields =
	    json("'organization':%lld,'title':'t','description':'d'",
		 (long long)w.org);
	const char *const bodies[] = {
	    text("{%s", fields),
	    text("{%s}}", fields),
	    text("{%s} {}", fields),
	    text("{%s}x", fields),
	    text("{%s,}", fields),
	    text("[{%s}]", fields),
	    text("{%s,\"title\":\"u\"}", fields),
	    text("{%s,\"x\":{\"a\":1,\"a\":2}}", fields),
	    text("{%s,\"x\":\"\\u0000\"}", fields),
	    text("{%s,\"x\":\"\\ud800\"}", fields),
	    text("{%s,\"x\":\"\xff\"}", fields),
	    text("{%s,\"x\":\"\xc0\x80\"}", fields),
	    text("{%s,\"x\":\"\xed\xa0\x80\"}", fields),
	    text("\xef\xbb\xbf{%s}", fields),
	    text("{%s,\"x\":NaN}", fields),
	    text("{%s,\"x\":01}", fields),
	    text("{%s,\"x\":'a'}", fields),
	    text("{%s,\"x\":\"a\nb\"}", fields),
	    text("{%s} // comment", fields),
	    "null",
	    "true",
	    "1",
	    "\"text\"",
	    "[]",
	    "\xff\xfe{\0}\0",
	};

	for (size_t i = 0; i < COUNT(bodies); i++)
		expect_error(raise_bytes(bodies[i], strlen(bodies[i]),
					 "application/json"),
			     400, "parse_error", NULL);
	ck_assert_int_eq(issues_here(), 0);
}
END_TEST

START_TEST(a_nul_in_the_body)
{
	static const char body[] = "{\"title\":\"a\0b\"}";

	expect_error(raise_bytes(body, sizeof(body) - 1, "application/json"),
		     400, "parse_error", NULL);
	expect_error(raise_bytes("{}\0", 3, "application/json"), 400,
		     "parse_error", NULL);
}
END_TEST

START_TEST(deep_json)
{
	struct answer *a;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_adds(&b, "{\"x\":");
	for (int i = 0; i < 100000; i++)
		buf_addc(&b, '[');
	a = raise_bytes(b.data, b.len, "application/json");
	buf_release(&b);
	expect_error(a, 400, "parse_error", NULL);
}
END_TEST

START_TEST(unknown_keys_are_ignored)
{
	const char *body = json(
	    "{'organization':%lld,'title':'t','description':'d','nonsense':"
	    "{'deep':[1,2,{'x':null}]},'id':1,'status':'closed',"
	    "'is_client_issue':false,'raised_by_customer':1,"
	    "'synced_to_linear':true,'issue_number':'ISS-1'}",
	    (long long)w.org);
	struct answer *a = raise_bytes(body, strlen(body), "application/json");

	expect_status(a, 201);
	expect_text(a, "issue.status", "open");
	expect_bool(a, "issue.is_client_issue", true);
	expect_bool(a, "issue.synced_to_linear", false);
}
END_TEST

/* A body of exactly n bytes that raises an issue. */
static struct answer *
raise_of_size(size_t n)
{
	struct buf b;
	struct answer *a;

	buf_init(&b, n);
	buf_adds(&b, json("{'organization':%lld,'title':'t','description':'d'}",
			  (long long)w.org));
	while (b.len < n)
		buf_addc(&b, ' ');
	a = raise_bytes(b.data, b.len, "application/json");
	buf_release(&b);
	return a;
}

START_TEST(large_bodies)
{
	const size_t max = (size_t)256 * 1024;
	struct answer *a;

	expect_status(raise_of_size(max), 201);
	expect_error(raise_of_size(max + 1), 413, "too_large", NULL);
	/* more than nginx accepts */
	a = raise_of_size(2 * max);
	expect_error(a, 413, "too_large", NULL);
	ck_assert_int_eq(issues_here(), 1);
}
END_TEST

/* A client that does not announce the length of its body. */
START_TEST(a_body_in_chunks)
{
	const char *body =
	    json("{'organization':%lld,'title':'Chunks','description':''}",
		 (long long)w.org);
	const char *bytes =
	    text("POST /api/client/issues/raise/ HTTP/1.1\r\nHost: x\r\n"
		 "Authorization: Token %s\r\nConnection: close\r\n"
		 "Content-Type: application/json\r\n"
		 "Transfer-Encoding: chunked\r\n\r\n"
		 "5\r\n%.5s\r\n%zx\r\n%s\r\n0\r\n\r\n",
		 w.customer.token, body, strlen(body) - 5, body + 5);
	struct answer *a = send_bytes(bytes, strlen(bytes));

	expect_status(a, 201);
	ck_assert_int_eq(issues_here(), 1);
}
END_TEST

/* --- what nginx refuses by itself ----------------------------------------- */

static void
expect_refusal_of_nginx(const char *bytes, int status, const char *code)
{
	struct answer *a = send_bytes(bytes, strlen(bytes));

	expect_error(a, status, code, NULL);
}

START_TEST(malformed_requests)
{
	struct buf b;

	expect_refusal_of_nginx("GET /api/health/ HTTP/1.1\r\n\r\n", 400,
				"bad_request");
	expect_refusal_of_nginx("POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\n"
				"Content-Length: many\r\n\r\n",
				400, "bad_request");
	expect_refusal_of_nginx("POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\n"
				"Transfer-Encoding: gzip\r\n"
				"Connection: close\r\n\r\n",
				501, "not_implemented");
	expect_refusal_of_nginx("GET /api/health/ HTTP/9.1\r\nHost: x\r\n\r\n",
				505, "http_version_not_supported");
	buf_init(&b, 1 << 20);
	buf_adds(&b, "GET /api/health/?");
	for (int i = 0; i < 40000; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, " HTTP/1.1\r\nHost: x\r\n\r\n");
	expect_refusal_of_nginx(b.data, 414, "uri_too_long");
	buf_clear(&b);
	buf_adds(&b, "GET /api/health/ HTTP/1.1\r\nHost: x\r\nX-Long: ");
	for (int i = 0; i < 40000; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "\r\n\r\n");
	expect_refusal_of_nginx(b.data, 431, "headers_too_large");
	buf_release(&b);
}
END_TEST

static struct answer *
large_login_from(const char *origin)
{
	static char body[400 * 1024];
	const char *const headers[] = {text("Origin: %s", origin), NULL};
	const struct request r = {.method = "POST",
				  .path = "/api/auth/login/",
				  .body = body,
				  .body_len = sizeof(body),
				  .headers = headers};

	return send_one(&r);
}

/* Pages of a configured origin can read errors of nginx, with credentials or
 * without; other pages cannot. */
START_TEST(nginx_errors_for_an_origin)
{
	struct answer *a = large_login_from("https://portal.example.com");

	expect_error(a, 413, "too_large", NULL);
	expect_header(a, "Access-Control-Allow-Origin",
		      "https://portal.example.com");
	expect_header(a, "Access-Control-Allow-Credentials", "true");
	expect_header(a, "Vary", "Origin");
	expect(a, strstr(header(a, "Access-Control-Expose-Headers"),
			 "Retry-After"));
	a = large_login_from("https://portal.example.com.evil.example");
	expect_error(a, 413, "too_large", NULL);
	expect(a, !header(a, "Access-Control-Allow-Origin"));
	expect(a, !header(a, "Access-Control-Allow-Credentials"));
	expect_header(a, "Vary", "Origin");
}
END_TEST

static struct answer *
deliver(const char *signature)
{
	const char *const headers[] = {signature, "Linear-Delivery: 1",
				       "Origin: https://portal.example.com",
				       NULL};
	const struct request r = {.method = "POST",
				  .path = "/api/webhooks/linear/",
				  .body = "{}",
				  .body_len = 2,
				  .headers = headers};

	return send_one(&r);
}

#define HEX_16 "0123456789abcdef"

/* nginx does not pass on deliveries that cannot come from Linear. */
START_TEST(deliveries_that_are_not_signed)
{
	static const char *const none[] = {
	    "Linear-Signature;", "Linear-Signature: " HEX_16,
	    "Linear-Signature: " HEX_16 HEX_16 HEX_16 HEX_16 "0",
	    "Linear-Signature: " HEX_16 HEX_16 HEX_16 "0123456789ABCDEF",
	    "Linear-Event: Issue"};
	struct answer *a;

	for (size_t i = 0; i < COUNT(none); i++) {
		a = deliver(none[i]);
		expect_error(a, 401, "invalid_signature", NULL);
		expect_header(a, "Access-Control-Allow-Origin",
			      "https://portal.example.com");
		/* the program's responses have it */
		expect(a, !header(a, "Cache-Control"));
	}
	a = deliver("Linear-Signature: " HEX_16 HEX_16 HEX_16 HEX_16);
	expect_error(a, 401, "invalid_signature", NULL);
	expect(a, header(a, "Cache-Control") != NULL);
	expect_error(GET(NULL, "/api/webhooks/linear/"), 405,
		     "method_not_allowed", NULL);
	expect_error(POST(NULL, "/api/webhooks/other/", "{}"), 404, "not_found",
		     NULL);
}
END_TEST

/* nginx alone serves the files of the portal. */
START_TEST(pages_are_read_only)
{
	const char *const headers[] = {"If-Match: \"1\"", NULL};
	const struct request stale = {
	    .method = "GET", .path = "/", .headers = headers};
	struct answer *a = POST(NULL, "/", NULL);

	expect_error(a, 405, "method_not_allowed", NULL);
	expect_header(a, "Allow", "GET, HEAD");
	expect_error(send_one(&stale), 412, "precondition_failed", NULL);
	with("Range: bytes=999999-");
	expect_status(GET(NULL, "/"), 200);
}
END_TEST

/* --- headers -------------------------------------------------------------- */

START_TEST(request_ids)
{
	const char *const paths[] = {
	    "/api/health/", "/api/issues/", "/api/nothing/", "/api", "/",
	    "/favicon.svg", "/no-such-page"};
	const char *last = "";

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer *a = GET(w.vendor.token, paths[i]);
		const char *id = header(a, "X-Request-Id");

		expect(a, id && strlen(id) >= 16 && strcmp(id, last) != 0);
		last = id;
	}
}
END_TEST

START_TEST(headers_of_every_answer)
{
	struct answer *a = GET(w.vendor.token, "/api/issues/");

	expect_header(a, "X-Content-Type-Options", "nosniff");
	expect_header(a, "Content-Type", "application/json");
	expect(a, header(a, "Content-Security-Policy") != NULL);
	expect(a, header(a, "Cache-Control") != NULL);
}
END_TEST

START_TEST(no_token)
{
	static const char *const schemes[] = {
	    "Token", "Token ", "Bearer", "Basic dXNlcjpwYXNz", "x", ""};
	struct answer *a = GET(NULL, "/api/issues/");

	expect_error(a, 401, "not_authenticated", NULL);
	expect_header(a, "WWW-Authenticate", "Token");
	for (size_t i = 0; i < COUNT(schemes); i++) {
		with("Authorization: %s", schemes[i]);
		a = GET(NULL, "/api/issues/");
		expect_error_shape(a, 401, text_at(a, "code"));
		expect_header(a, "WWW-Authenticate", "Token");
	}
}
END_TEST

START_TEST(invalid_tokens)
{
	const char *const tokens[] = {
	    "x",
	    "' OR 1=1 -- ",
	    make_token(&w.vendor, -1),
	    text("%sx", w.vendor.token),
	    text("%.42s", w.vendor.token),
	};
	struct answer *a;

	for (size_t i = 0; i < COUNT(tokens); i++) {
		a = GET(tokens[i], "/api/issues/");
		expect_error(a, 401, "invalid_token", NULL);
		expect_header(a, "WWW-Authenticate", "Token");
	}
	sql_run("UPDATE user SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.vendor.user)));
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 401, "invalid_token", NULL);
}
END_TEST

START_TEST(deactivated_profiles)
{
	struct answer *a;

	sql_run("UPDATE profile SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.employee.profile)));
	a = GET(w.employee.token, "/api/issues/");
	expect(a, a->status == 401 || a->status == 403);
	expect_error_shape(a, a->status, text_at(a, "code"));
}
END_TEST

/* --- wrong passwords ------------------------------------------------------ */

START_TEST(five_wrong_passwords_lock_the_account)
{
	const char *const names[] = {w.vendor.username, w.vendor.email};
	struct answer *a;

	set_password(&w.vendor, "long enough");
	for (int i = 0; i < 5; i++) {
		a = login(names[i % 2], "wrong");
		expect_error(a, 400, "invalid_credentials", "non_field_errors");
	}
	/* even the right password, by either name */
	for (int i = 0; i < 2; i++) {
		a = login(names[i], "long enough");
		expect_error(a, 429, "throttled", "non_field_errors");
		expect(a, header(a, "Retry-After") != NULL);
		expect(a, strtol(header(a, "Retry-After"), NULL, 10) > 800);
		expect(a, strtol(header(a, "Retry-After"), NULL, 10) <= 901);
	}
	expect_status(GET(w.vendor.token, "/api/users/me/"), 200);

	sql_run("UPDATE login_guard "
		"SET locked_until = locked_until - INTERVAL 16 MINUTE, "
		"window_start = window_start - INTERVAL 16 MINUTE "
		"WHERE locked_until IS NOT NULL",
		NO_ARGS);
	expect_status(login(w.vendor.username, "long enough"), 200);
}
END_TEST

/* The lock does not reveal whether the account exists. */
START_TEST(unknown_names_are_locked_too)
{
	const char *name = unique("nobody");
	struct answer *a;

	for (int i = 0; i < 5; i++) {
		a = login(name, "wrong");
		expect_error(a, 400, "invalid_credentials", "non_field_errors");
	}
	a = login(name, "wrong");
	expect_error(a, 429, "throttled", "non_field_errors");
	expect(a, header(a, "Retry-After") != NULL);
}
END_TEST

START_TEST(the_right_password_resets_the_count)
{
	set_password(&w.vendor, "long enough");
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++)
			expect_status(login(w.vendor.username, "wrong"), 400);
		expect_status(login(w.vendor.username, "long enough"), 200);
	}
}
END_TEST

/* --- which profile -------------------------------------------------------- */

START_TEST(profiles_by_header)
{
	struct answer *a;

	with("X-Profile: %lld", (long long)w.vendor.profile);
	expect_status(GET(w.vendor.token, "/api/issues/"), 200);
	with("X-Profile: %lld", (long long)w.employee.profile);
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 403, "permission_denied", NULL);
	with("X-Profile: 999999999");
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 403, "permission_denied", NULL);
	with("X-Profile: vendor");
	a = GET(w.vendor.token, "/api/issues/");
	expect_error(a, 400, "invalid", "X-Profile");
}
END_TEST

/* --- all of them ---------------------------------------------------------- */

Suite *
refusals_suite(void)
{
	Suite *s = suite_create("refusals");
	TCase *t = add_case(s, "refusals", set_up);

	tcase_add_test(t, unknown_paths);
	tcase_add_test(t, unknown_pages);
	tcase_add_test(t, another_method);
	tcase_add_test(t, missing_slash);
	tcase_add_test(t, every_path_needs_its_slash);
	tcase_add_test(t, head_is_get_without_a_body);
	tcase_add_test(t, content_types);
	tcase_add_test(t, malformed_json);
	tcase_add_test(t, a_nul_in_the_body);
	tcase_add_test(t, deep_json);
	tcase_add_test(t, unknown_keys_are_ignored);
	tcase_add_test(t, large_bodies);
	tcase_add_test(t, a_body_in_chunks);
	tcase_add_test(t, malformed_requests);
	tcase_add_test(t, nginx_errors_for_an_origin);
	tcase_add_test(t, deliveries_that_are_not_signed);
	tcase_add_test(t, pages_are_read_only);
	tcase_add_test(t, request_ids);
	tcase_add_test(t, headers_of_every_answer);
	tcase_add_test(t, no_token);
	tcase_add_test(t, invalid_tokens);
	tcase_add_test(t, deactivated_profiles);
	tcase_add_test(t, five_wrong_passwords_lock_the_account);
	tcase_add_test(t, unknown_names_are_locked_too);
	tcase_add_test(t, the_right_password_resets_the_count);
	tcase_add_test(t, profiles_by_header);
	return s;
}
