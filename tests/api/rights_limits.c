/* How many issues and comments a customer may write in an hour. */

#include <stdlib.h>
#include <string.h>

#include "rights.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static int64_t
limit_of(const char *name)
{
	const char *value = getenv(name);

	ck_assert_msg(value && atol(value) > 20, "%s must be set", name);
	return atol(value);
}

/* Sets how much is left of a limit, for a user or (unproved) an organization.
 */
static void
leave(int64_t n, const char *name, const char *kind, int64_t subject)
{
	sql_run("REPLACE INTO quota (kind, subject_id, used, since) "
		"VALUES (?, ?, ?, UTC_TIMESTAMP(6))",
		ARGS(arg_text(kind), arg_int(subject),
		     arg_int(limit_of(name) - n)));
}

/* Lets the user have raised all but n of what an hour allows. */
static void
leave_raises(int64_t n, const struct person *p)
{
	sql_run("INSERT INTO issue (organization_id, issue_number, title, "
		"description, is_client_issue, raised_by, created_by, "
		"created_at, updated_at) SELECT ?, CONCAT('X', ?, '-', s.seq), "
		"'', '', TRUE, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) "
		"FROM seq_1_to_10000 s JOIN (SELECT COUNT(*) AS n FROM issue "
		"WHERE raised_by = ?) has WHERE s.seq > has.n "
		"AND s.seq <= ?",
		ARGS(arg_int(w.other_org), arg_int(p->user), arg_int(p->user),
		     arg_int(p->user), arg_int(p->user),
		     arg_int(limit_of("RAISES_PER_HOUR") - n)));
}

static void
set_proved(const struct person *p, bool proved)
{
	sql_run("UPDATE user SET email_verified = ? WHERE id = ?",
		ARGS(arg_int(proved), arg_int(p->user)));
}

static const char *
raise_body(void)
{
	return json("{'organization':%lld,'title':'t','description':''}",
		    (long long)w.org);
}

static struct answer *
raise_one(const struct person *p)
{
	return POST(p->token, "/api/client/issues/raise/", raise_body());
}

static void
expect_limited(const struct answer *a)
{
	const char *seconds = header(a, "Retry-After");

	expect_error_shape(a, 429, "throttled");
	expect(a, seconds && atol(seconds) > 3000 && atol(seconds) <= 3600);
	expect_with(a, "an hour");
}

/* Of many simultaneous requests, as many succeed as are left. */
static void
expect_exactly(size_t n, const char *token, const char *path, const char *body)
{
	struct request list[16];
	struct answer **answers;
	size_t passed = 0;

	for (size_t i = 0; i < COUNT(list); i++)
		list[i] = (struct request){.method = "POST",
					   .token = token,
					   .path = path,
					   .body = body,
					   .body_len = strlen(body)};
	answers = send_all(list, COUNT(list));
	for (size_t i = 0; i < COUNT(list); i++) {
		if (answers[i]->status == 201)
			passed++;
		else
			expect_limited(answers[i]);
	}
	ck_assert_uint_eq(passed, n);
}

START_TEST(limit_of_raises)
{
	const struct person *p = &w.customer;
	struct answer *a;

	set_proved(p, true);
	leave_raises(5, p);
	expect_exactly(5, p->token, "/api/client/issues/raise/", raise_body());
	expect_limited(raise_one(p));
	expect_limited(POST(p->token, "/api/issues/raise/", raise_body()));
	/* other people are not affected */
	expect_status(raise_one(&w.stranger), 201);
	/* a request that is refused for other reasons does not count */
	sql_run("UPDATE issue SET created_at = created_at - INTERVAL 1 HOUR "
		"WHERE raised_by = ? ORDER BY id LIMIT 1",
		ARGS(arg_int(p->user)));
	a = POST(p->token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'t','description':'',"
		      "'vendor':%lld}",
		      (long long)w.org, (long long)w.other_supplier));
	expect_error(a, 400, "invalid", "vendor");
	/* nor does a repetition with the same idempotency key */
	with("Idempotency-Key: %s", "raise-of-the-hour");
	expect_status(raise_one(p), 201);
	with("Idempotency-Key: %s", "raise-of-the-hour");
	a = raise_one(p);
	expect_status(a, 201);
	expect_header(a, "Idempotent-Replay", "true");
	expect_limited(raise_one(p));
	/* after an hour */
	sql_run("UPDATE issue SET created_at = created_at - INTERVAL 1 HOUR "
		"WHERE raised_by = ?",
		ARGS(arg_int(p->user)));
	expect_status(raise_one(p), 201);
}
END_TEST

START_TEST(limit_of_raises_by_unproved_accounts)
{
	const struct person other = make_person("other", ROLE_CUSTOMER, 0);

	set_proved(&w.customer, false);
	set_proved(&other, false);
	set_proved(&w.stranger, true);
	leave(3, "UNPROVED_RAISES_PER_HOUR", "unproved_raises", w.org);
	expect_status(raise_one(&w.customer), 201);
	expect_exactly(2, other.token, "/api/client/issues/raise/",
		       raise_body());
	expect_limited(raise_one(&w.customer));
	expect_status(raise_one(&w.stranger), 201);
	/* in another organization they may */
	raise_issue(&w.customer, w.other_org, "Elsewhere");
	set_proved(&w.customer, true);
	expect_status(raise_one(&w.customer), 201);
}
END_TEST

START_TEST(limit_of_comments)
{
	const struct person *p = &w.customer;
	const char *comment = json("{'comment':'c'}");

	leave(4, "COMMENTS_PER_HOUR", "comments", p->user);
	expect_exactly(4, p->token, client_path(issue, "comment/"), comment);
	expect_limited(POST(p->token, issue_path(issue, "add_comment/"),
			    json("{'content':'c'}")));
	expect_status(
	    POST(w.employee.token, issue_path(issue, "resolve/"), NULL), 200);
	expect_limited(POST(p->token, issue_path(issue, "reopen/"), comment));
	expect_text(GET(p->token, mine), "status", "resolved");
	expect_status(POST(p->token, issue_path(issue, "reopen/"), NULL), 200);
	add_comment(&w.employee, issue, "the staff may", false);
	expect_int(GET(p->token, mine), "version", 3);
}
END_TEST

/* The history keeps every text, so edits count as well. */
START_TEST(limit_of_edits)
{
	const struct person *p = &w.customer;
	const char *comment;
	struct answer *a;

	a = POST(p->token, client_path(issue, "comment/"),
		 json("{'comment':'c'}"));
	comment = issue_path(
	    issue, text("comments/%lld/", (long long)int_at(a, "comment.id")));
	leave(2, "COMMENTS_PER_HOUR", "comments", p->user);
	expect_status(PATCH(p->token, comment, json("{'content':'d'}")), 200);
	expect_status(PATCH(p->token, mine, json("{'title':'Another'}")), 200);
	/* nothing changes, so nothing counts */
	expect_status(PATCH(p->token, comment, json("{'content':'d'}")), 200);
	expect_status(PATCH(p->token, mine, json("{'title':'Another'}")), 200);
	expect_limited(PATCH(p->token, comment, json("{'content':'e'}")));
	expect_limited(PATCH(p->token, mine, json("{'title':'A third'}")));
	expect_text(GET(p->token, mine), "title", "Another");
	/* what one regrets can go at any time */
	expect_status(DELETE(p->token, comment), 204);
	expect_status(PATCH(w.employee.token, issue_path(issue, ""),
			    json("{'title':'By the staff'}")),
		      200);
}
END_TEST

Suite *
rights_limits_suite(void)
{
	Suite *s = suite_create("rights_limits");
	TCase *t = add_case(s, "limits", set_up);

	tcase_add_test(t, limit_of_raises);
	tcase_add_test(t, limit_of_raises_by_unproved_accounts);
	tcase_add_test(t, limit_of_comments);
	tcase_add_test(t, limit_of_edits);
	return s;
}
