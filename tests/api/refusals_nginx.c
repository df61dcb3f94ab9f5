/* Requests that nginx refuses by itself. */

#include <string.h>

#include "base/buf.h"
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

Suite *
refusals_nginx_suite(void)
{
	Suite *s = suite_create("refusals_nginx");
	TCase *t = add_case(s, "nginx", set_up);

	tcase_add_test(t, malformed_requests);
	tcase_add_test(t, nginx_errors_for_an_origin);
	tcase_add_test(t, deliveries_that_are_not_signed);
	tcase_add_test(t, pages_are_read_only);
	return s;
}
