/* What many endpoints have in common: ETags, idempotency keys, cursors, CORS.
 */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "desk/profile.h"
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

/* --- ETag ----------------------------------------------------------------- */

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
		expect_header(a, "ETag", tag);
		with("If-None-Match: \"x\", W/%s", tag);
		expect_status(GET(w.customer.token, paths[i]), 304);
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

/* --- Idempotency-Key ------------------------------------------------------ */

/* A request that a client sends again after a lost response. */
static const struct {
	const char *path;
	bool by_staff;
	const char *body, *other_body;
} once[] = {
    {"/api/client/issues/raise/", false,
     "{'organization':$,'title':'Once','description':''}",
     "{'organization':$,'title':'Twice','description':''}"},
    {"/api/issues/", false,
     "{'organization':$,'title':'Once','description':''}",
     "{'organization':$,'title':'Twice','description':''}"},
    {"/api/issues/raise/", false,
     "{'organization':$,'title':'Once','description':''}",
     "{'organization':$,'title':'Twice','description':''}"},
    {"/api/client/issues/$/comment/", false, "{'comment':'once'}",
     "{'comment':'twice'}"},
    {"/api/issues/$/add_comment/", true, "{'content':'once'}",
     "{'content':'twice'}"},
};

/* $ is replaced by the issue in a path, by the organization in a body. */
static const char *
filled(const char *s, int64_t id)
{
	const char *p = strchr(s, '$');

	return p ? text("%.*s%lld%s", (int)(p - s), s, (long long)id, p + 1)
		 : s;
}

static int64_t
things_made(void)
{
	return sql_int("SELECT (SELECT COUNT(*) FROM issue "
		       "WHERE organization_id = ?) + "
		       "(SELECT COUNT(*) FROM comment WHERE organization_id = "
		       "?) + (SELECT COUNT(*) FROM notification "
		       "JOIN issue i ON i.id = issue_id "
		       "WHERE i.organization_id = ?)",
		       ARGS(arg_int(w.org), arg_int(w.org), arg_int(w.org)));
}

START_TEST(a_repetition_creates_nothing)
{
	const char *path = filled(once[_i].path, issue);
	const char *token =
	    once[_i].by_staff ? w.employee.token : w.customer.token;
	const char *body = json("%s", filled(once[_i].body, w.org));
	const char *other = json("%s", filled(once[_i].other_body, w.org));
	const char *key = unique("key");
	struct answer *first, *a;
	int64_t made;

	with("Idempotency-Key: %s", key);
	first = POST(token, path, body);
	expect_status(first, 201);
	expect(first, !header(first, "Idempotent-Replay"));
	made = things_made();
	with("Idempotency-Key: %s", key);
	a = POST(token, path, body);
	expect_status(a, 201);
	expect_header(a, "Idempotent-Replay", "true");
	ck_assert_str_eq(a->text, first->text);
	with("Idempotency-Key: %s", key);
	a = POST(token, path, other);
	expect_error(a, 422, "idempotency_key_reused", NULL);
	ck_assert_int_eq(things_made(), made);
	with("Idempotency-Key: %s", unique("key"));
	a = POST(token, path, body);
	expect_status(a, 201);
	expect(a, !header(a, "Idempotent-Replay"));
	ck_assert_int_gt(things_made(), made);
}
END_TEST

START_TEST(keys_belong_to_a_user)
{
	const char *body =
	    json("{'organization':%lld,'title':'Mine','description':''}",
		 (long long)w.org);
	const char *key = unique("key");
	struct answer *a, *b;

	with("Idempotency-Key: %s", key);
	a = POST(w.customer.token, "/api/client/issues/raise/", body);
	with("Idempotency-Key: %s", key);
	b = POST(w.stranger.token, "/api/client/issues/raise/", body);
	expect_status(b, 201);
	expect(b, !header(b, "Idempotent-Replay"));
	expect(b, int_at(a, "issue.id") != int_at(b, "issue.id"));
}
END_TEST

/* A stored response is replayed only to the profile that got it. */
START_TEST(keys_belong_to_a_profile)
{
	struct person other = w.vendor;
	const char *key = unique("key"), *body = json("{'content':'Same'}");
	const int64_t id = raise_issue(&w.customer, w.org, "Answered");
	struct answer *a;

	ck_assert_int_eq(profile_create(&other.profile, fixture_ctx(),
					other.user, ROLE_CUSTOMER, 0),
			 OK);
	other.token = make_token(&other, 3600);
	with("Idempotency-Key: %s", key);
	expect_status(
	    POST(w.vendor.token, issue_path(id, "add_comment/"), body), 201);
	with("Idempotency-Key: %s", key);
	a = POST(other.token, issue_path(id, "add_comment/"), body);
	expect_error(a, 422, "idempotency_key_reused", NULL);
}
END_TEST

START_TEST(a_refused_request_claims_no_key)
{
	const char *key = unique("key");
	struct answer *a;

	with("Idempotency-Key: %s", key);
	a = POST(w.customer.token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'t'}", (long long)w.org));
	expect_error(a, 400, "invalid", "description");
	with("Idempotency-Key: %s", key);
	a = POST(w.customer.token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'t','description':''}",
		      (long long)w.org));
	expect_status(a, 201);
}
END_TEST

START_TEST(invalid_keys)
{
	const char *body =
	    json("{'organization':%lld,'title':'t','description':''}",
		 (long long)w.org);
	char long_key[130];
	struct answer *a;

	memset(long_key, 'k', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 1] = '\0';
	with("Idempotency-Key: %s", long_key);
	a = POST(w.customer.token, "/api/client/issues/raise/", body);
	expect_error(a, 400, "invalid", "Idempotency-Key");
	with("Idempotency-Key: a b");
	a = POST(w.customer.token, "/api/client/issues/raise/", body);
	expect_error(a, 400, "invalid", "Idempotency-Key");
	with("Idempotency-Key: \xc3\xa9");
	a = POST(w.customer.token, "/api/client/issues/raise/", body);
	expect_error(a, 400, "invalid", "Idempotency-Key");
	with("Idempotency-Key: %.128s", long_key);
	expect_status(POST(w.customer.token, "/api/client/issues/raise/", body),
		      201);
}
END_TEST

/* A client sends a request again before the first response has arrived. */
START_TEST(simultaneous_repetitions)
{
	const char *body =
	    json("{'organization':%lld,'title':'Hasty','description':''}",
		 (long long)w.org);
	const char *const headers[] = {
	    text("Idempotency-Key: %s", unique("key")), NULL};
	struct request list[20];
	struct answer **a;

	for (size_t i = 0; i < COUNT(list); i++)
		list[i] = (struct request){.method = "POST",
					   .path = "/api/client/issues/raise/",
					   .token = w.customer.token,
					   .body = body,
					   .body_len = strlen(body),
					   .headers = headers};
	a = send_all(list, COUNT(list));
	for (size_t i = 0; i < COUNT(list); i++) {
		expect_status(a[i], 201);
		ck_assert_int_eq(int_at(a[i], "issue.id"),
				 int_at(a[0], "issue.id"));
	}
	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM issue "
				 "WHERE organization_id = ? "
				 "AND title = 'Hasty'",
				 ARGS(arg_int(w.org))),
			 1);
}
END_TEST

/* --- pages by key --------------------------------------------------------- */

#define MANY 11

static void
set_up_many(void)
{
	static const char *const priorities[] = {"low", "high", "high"};

	set_up();
	for (int i = 1; i < MANY; i++) {
		struct answer *a =
		    POST(w.customer.token, "/api/client/issues/raise/",
			 json("{'organization':%lld,'title':'Number %d',"
			      "'description':'','priority':'%s'}",
			      (long long)w.org, i, priorities[i % 3]));

		expect_status(a, 201);
		if (i % 4 == 0)
			expect_status(
			    POST(w.vendor.token,
				 issue_path(int_at(a, "issue.id"), "resolve/"),
				 NULL),
			    200);
	}
}

/* Appends the ids of a page. */
static const char *
ids_of(const char *before, const struct answer *a)
{
	const struct json *j;
	int64_t id;

	for (j = json_first(at(a, "results")); j; j = json_next(j)) {
		ck_assert(json_int(&id, json_get(j, "id")));
		before = text("%s %lld", before, (long long)id);
	}
	return before;
}

START_TEST(pages_by_cursor)
{
	static const char *const queries[] = {
	    "",
	    "&ordering=created_at",
	    "&ordering=updated_at",
	    "&ordering=-updated_at",
	    "&ordering=priority",
	    "&ordering=-priority",
	    "&ordering=status",
	    "&ordering=-status",
	    "&priority=high",
	    "&status=open&ordering=-priority",
	    "&search=number",
	    "&assigned_to=none&ordering=updated_at",
	    "&search=number&ordering=priority",
	};
	const char *const tokens[] = {w.employee.token, w.customer.token};
	const size_t n = 2 * COUNT(queries);

	for (size_t i = 0; i < n; i++) {
		const char *t = tokens[i % 2], *query = queries[i / 2];
		struct answer *all =
		    GET(t, text("/api/issues/?page_size=100%s", query));
		const char *walked = "";
		struct answer *a =
		    GET(t, text("/api/issues/?cursor=&page_size=3%s", query));

		for (int page = 0; page <= MANY; page++) {
			expect_status(a, 200);
			expect_keys(a, "", PAGE_KEYS);
			expect_int(a, "count", int_at(all, "count"));
			walked = ids_of(walked, a);
			if (json_is_null(at(a, "next")))
				break;
			expect(a, length_at(a, "results") == 3);
			a = GET(t, text_at(a, "next"));
		}
		ck_assert_msg(strcmp(walked, ids_of("", all)) == 0,
			      "%s: by key%s\nby page%s", query, walked,
			      ids_of("", all));
	}
}
END_TEST

/* Issues that are raised meanwhile do not shift the pages. */
START_TEST(cursors_are_stable)
{
	struct answer *all = GET(w.employee.token, "/api/issues/");
	struct answer *a =
	    GET(w.employee.token, "/api/issues/?cursor=&page_size=4");
	const char *walked = ids_of("", a);

	while (!json_is_null(at(a, "next"))) {
		raise_issue(&w.customer, w.org, "Meanwhile");
		a = GET(w.employee.token, text_at(a, "next"));
		expect_status(a, 200);
		walked = ids_of(walked, a);
	}
	ck_assert_str_eq(walked, ids_of("", all));
}
END_TEST

START_TEST(invalid_cursors)
{
	struct answer *a =
	    GET(w.employee.token, "/api/issues/?cursor=&page_size=2");
	const char *next = text_at(a, "next");
	const char *cursor = strstr(next, "cursor=");
	struct answer *b;

	expect(a, cursor != NULL);
	cursor = text("%.*s", (int)strcspn(cursor, "&"), cursor);
	b = GET(w.employee.token, "/api/issues/?cursor=nonsense");
	expect_error(b, 400, "invalid", "cursor");
	/* the cursor of a list in another order */
	b = GET(w.employee.token,
		text("/api/issues/?%s&ordering=priority", cursor));
	expect_error(b, 400, "invalid", "cursor");
	/* another person's cursor shows nobody more than they may see */
	b = GET(w.outsider.token, text("/api/issues/?%s", cursor));
	expect_status(b, 200);
	expect(b, length_at(b, "results") == 0);
}
END_TEST

/* The response to a request for the page after that cursor. */
static int
status_behind(const char *list, const char *cursor)
{
	struct answer *a = GET(w.employee.token, text("%s.%s", list, cursor));

	if (a->status != 200)
		expect_error(a, 400, "invalid", "cursor");
	return a->status;
}

#define FAR "253402300799999999" /* the end of the year 9999 */

/* Cursors of a list whose greatest key that is. */
static void
try_cursors(const char *list, const char *key, const char *past)
{
	static const char *const wrong[] = {"0",
					    "-1",
					    "-9223372036854775808",
					    "9223372036854775808",
					    "",
					    "+1",
					    "99999999999999999999",
					    "%201",
					    "0x1",
					    "1e1",
					    "a"};

	ck_assert_int_eq(status_behind(list, "1.1.1"), 200);
	ck_assert_int_eq(status_behind(list, "1." FAR ".9223372036854775807"),
			 200);
	ck_assert_int_eq(status_behind(list, text("%s.1.1", key)), 200);
	ck_assert_int_eq(status_behind(list, text("%s.1.1", past)), 400);
	ck_assert_int_eq(status_behind(list, "9223372036854775807.1.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.253402300800000000.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.1"), 400);
	ck_assert_int_eq(status_behind(list, "1.1.1.1"), 400);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *v = wrong[i];

		ck_assert_int_eq(status_behind(list, text("%s.1.1", v)), 400);
		ck_assert_int_eq(status_behind(list, text("1.%s.1", v)), 400);
		ck_assert_int_eq(status_behind(list, text("1.1.%s", v)), 400);
	}
}

/* Each part of a cursor at its limits and beyond, in every order. */
START_TEST(cursors_at_their_limits)
{
	static const struct {
		const char *ordering, *key, *past;
	} orders[] = {{"created_at", FAR, "253402300800000000"},
		      {"updated_at", FAR, "253402300800000000"},
		      {"priority", "4", "5"},
		      {"status", "4", "5"}};

	for (size_t i = 0; i < 2 * COUNT(orders); i++)
		try_cursors(text("/api/issues/?ordering=%s%s&cursor=%zu",
				 i % 2 ? "-" : "", orders[i / 2].ordering,
				 i + 1),
			    orders[i / 2].key, orders[i / 2].past);
	/* with one priority in the filter, the key is a time */
	ck_assert_int_eq(status_behind("/api/issues/?priority=high"
				       "&ordering=priority&cursor=5",
				       FAR ".1.1"),
			 200);
}
END_TEST

/* --- other origins -------------------------------------------------------- */

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
conventions_suite(void)
{
	Suite *s = suite_create("conventions");
	TCase *t = add_case(s, "conventions", set_up);

	tcase_add_test(t, not_modified);
	tcase_add_test(t, modified);
	tcase_add_test(t, a_comment_changes_the_etag);
	tcase_add_test(t, if_match_prevents_lost_updates);
	tcase_add_test(t, actions_honour_if_match);
	tcase_add_test(t, if_match_of_a_foreign_issue);
	tcase_add_loop_test(t, a_repetition_creates_nothing, 0, COUNT(once));
	tcase_add_test(t, keys_belong_to_a_user);
	tcase_add_test(t, keys_belong_to_a_profile);
	tcase_add_test(t, a_refused_request_claims_no_key);
	tcase_add_test(t, invalid_keys);
	tcase_add_test(t, simultaneous_repetitions);
	tcase_add_test(t, preflight);
	tcase_add_test(t, responses_to_a_configured_origin);
	tcase_add_test(t, unknown_paths_for_an_origin);
	tcase_add_test(t, responses_to_other_origins);
	t = add_case(s, "cursors", set_up_many);
	tcase_add_test(t, pages_by_cursor);
	tcase_add_test(t, cursors_are_stable);
	tcase_add_test(t, invalid_cursors);
	tcase_add_test(t, cursors_at_their_limits);
	return s;
}
