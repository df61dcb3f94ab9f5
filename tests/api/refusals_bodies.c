/* Requests that are refused for their body. */

#include <string.h>

#include "base/buf.h"
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

Suite *
refusals_bodies_suite(void)
{
	Suite *s = suite_create("refusals_bodies");
	TCase *t = add_case(s, "bodies", set_up);

	tcase_add_test(t, content_types);
	tcase_add_test(t, malformed_json);
	tcase_add_test(t, a_nul_in_the_body);
	tcase_add_test(t, deep_json);
	tcase_add_test(t, unknown_keys_are_ignored);
	tcase_add_test(t, large_bodies);
	tcase_add_test(t, a_body_in_chunks);
	return s;
}
