/* Idempotency-Key. */

#include <string.h>

#include "desk/profile.h"
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
	await_derived();
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

Suite *
conventions_idempotency_suite(void)
{
	Suite *s = suite_create("conventions_idempotency");
	TCase *t = add_case(s, "idempotency", set_up);

	tcase_add_loop_test(t, a_repetition_creates_nothing, 0, COUNT(once));
	tcase_add_test(t, keys_belong_to_a_user);
	tcase_add_test(t, keys_belong_to_a_profile);
	tcase_add_test(t, a_refused_request_claims_no_key);
	tcase_add_test(t, invalid_keys);
	tcase_add_test(t, simultaneous_repetitions);
	return s;
}
