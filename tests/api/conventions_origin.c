/* Requests of pages of other origins (CORS). */

#include <string.h>

#include "suites.h"
#include "tests/lib/client.h"
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

#define ORIGIN "https://portal.example.com" /* of CORS_ORIGINS in tests/run */

START_TEST(preflight)
{
	const char *const headers[] = {
	    "Origin: " ORIGIN, "Access-Control-Request-Method: PATCH",
	    "Access-Control-Request-Headers: authorization,if-match", NULL};
	const struct request r = {.method = "OPTIONS",
				  .path = issue_path(issue, ""),
				  .headers = headers};
	struct answer *a = send_one(&r);

	expect(a, a->status == 204 || a->status == 200);
	expect_header(a, "Access-Control-Allow-Origin", ORIGIN);
	expect_header(a, "Access-Control-Allow-Credentials", "true");
	expect(a, strstr(header(a, "Access-Control-Allow-Methods"), "PATCH"));
	expect(a, strcasestr(header(a, "Access-Control-Allow-Headers"),
			     "Authorization"));
	expect(a, strcasestr(header(a, "Access-Control-Allow-Headers"),
			     "If-Match"));
	expect(a, strcasestr(header(a, "Vary"), "Origin"));
}
END_TEST

START_TEST(responses_to_a_configured_origin)
{
	struct answer *a;

	with("Origin: " ORIGIN);
	a = GET(w.vendor.token, issue_path(issue, ""));
	expect_status(a, 200);
	expect_header(a, "Access-Control-Allow-Origin", ORIGIN);
	expect(a,
	       strcasestr(header(a, "Access-Control-Expose-Headers"), "ETag"));
	/* errors can be read as well */
	with("Origin: " ORIGIN);
	a = GET(NULL, issue_path(issue, ""));
	expect_status(a, 401);
	expect_header(a, "Access-Control-Allow-Origin", ORIGIN);
}
END_TEST

/* For an unknown path, a page of another origin gets the 404 and not a network
 * error, even after a preflight request. */
START_TEST(unknown_paths_for_an_origin)
{
	static const char *const paths[] = {
	    "/api/nothing/", "/api/", "/api/issues/1/nothing/", "/api/nothing"};
	static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE"};
	const char *const headers[] = {"Origin: " ORIGIN, NULL};
	struct answer *a;

	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct request ask = {
		    .method = "OPTIONS", .path = paths[i], .headers = headers};

		a = send_one(&ask);
		expect_status(a, 204);
		expect_header(a, "Access-Control-Allow-Origin", ORIGIN);
		expect_header(a, "Access-Control-Allow-Credentials", "true");
		for (size_t k = 0; k < COUNT(methods); k++) {
			const struct request r = {.method = methods[k],
						  .path = paths[i],
						  .token = w.customer.token,
						  .headers = headers};

			expect(a, strstr(header(a, "Access-Control-Allow-"
						   "Methods"),
					 methods[k]));
			expect_error(send_one(&r), 404, "not_found", NULL);
			expect_header(send_one(&r),
				      "Access-Control-Allow-Origin", ORIGIN);
		}
	}
}
END_TEST

START_TEST(responses_to_other_origins)
{
	static const char *const origins[] = {
	    "https://evil.example", "https://portal.example.com.evil.example",
	    "http://portal.example.com", "https://portal.example.com:444",
	    "null"};

	for (size_t i = 0; i < COUNT(origins); i++) {
		struct answer *a;

		with("Origin: %s", origins[i]);
		a = GET(w.vendor.token, issue_path(issue, ""));
		expect_status(a, 200);
		expect(a, !header(a, "Access-Control-Allow-Origin"));
		expect(a, !header(a, "Access-Control-Allow-Credentials"));
	}
}
END_TEST

Suite *
conventions_origin_suite(void)
{
	Suite *s = suite_create("conventions_origin");
	TCase *t = add_case(s, "origins", set_up);

	tcase_add_test(t, preflight);
	tcase_add_test(t, responses_to_a_configured_origin);
	tcase_add_test(t, unknown_paths_for_an_origin);
	tcase_add_test(t, responses_to_other_origins);
	return s;
}
