/* Exporting what is kept about a person. */

#include "files.h"
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

#define EXPORT "/api/users/me/export/"

START_TEST(a_person_exports_their_data)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "My subject");
	struct answer *a;

	raise_issue(&w.stranger, w.org, "Not theirs");
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'an answer'}")),
		      201);
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'a secret','internal':true}")),
		      201);
	expect_status(make_personal_token(w.customer.token), 201);
	expect_status(upload_text(w.customer.token, files_path(issue),
				  "mine.txt", "12345"),
		      201);
	await_derived();
	a = GET(w.customer.token, EXPORT);
	expect_status(a, 200);
	expect_header(a, "Cache-Control", "no-store");
	expect_header(a, "Content-Disposition",
		      "attachment; filename=\"docket-account.json\"");
	expect_keys(a, "",
		    "account exported_at profiles customer_records orders "
		    "issues issue_comments other_comments files mails "
		    "notifications sessions personal_tokens security_log");
	expect_text(a, "account.email", w.customer.email);
	expect_text(a, "profiles.0.profile_type", "customer");
	expect_int(a, "customer_records.0.organization", w.org);
	expect(a, length_at(a, "issues") == 1);
	expect_text(a, "issues.0.title", "My subject");
	expect_text(a, "issues.0.status", "open");
	expect(a, length_at(a, "issue_comments") == 1);
	expect_text(a, "issue_comments.0.content", "an answer");
	expect_text(a, "issue_comments.0.author_name", w.employee.full_name);
	expect(a, length_at(a, "files") == 1);
	expect_text(a, "files.0.filename", "mine.txt");
	expect_int(a, "files.0.size", 5);
	expect_text(a, "notifications.0.kind", "replied");
	expect(a, length_at(a, "sessions") > 0);
	expect(a, length_at(a, "personal_tokens") == 1);
	expect_without(a, "a secret");
	expect_without(a, "Not theirs");
	expect_without(a, "argon2");
	expect_without(a, w.employee.email);
	a = GET(w.customer.token, "/api/security-log/?mine=true");
	expect_text(a, "results.0.event", "person_exported");
}
END_TEST

START_TEST(staff_export_what_they_wrote)
{
	const int64_t issue = raise_issue(&w.customer, w.org, "Subject");
	const char *path = issue_path(issue, "add_comment/");
	struct answer *a;

	expect_status(
	    POST(w.employee.token, path, json("{'content':'in public'}")), 201);
	expect_status(POST(w.employee.token, path,
			   json("{'content':'a note','internal':true}")),
		      201);
	expect_status(
	    POST(w.vendor.token, path,
		 json("{'content':'the note of another','internal':true}")),
	    201);
	a = GET(w.employee.token, EXPORT);
	expect(a, length_at(a, "issues") == 0);
	expect(a, length_at(a, "other_comments") == 2);
	expect_text(a, "other_comments.1.content", "a note");
	expect_without(a, "of another");
	/* people who left the staff no longer see internal comments, even their
	 * own */
	sql_run("UPDATE profile SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(w.employee.profile)));
	a = GET(w.employee.token, EXPORT);
	expect(a, length_at(a, "other_comments") == 1);
	expect_without(a, "a note");
}
END_TEST

/* Inserts many comments directly: the API takes one at a time. */
static void
add_comments(int64_t issue, int n)
{
	sql_run("INSERT INTO comment (organization_id, issue_id, author_id, "
		"author_name, author_kind, content, is_internal, created_at, "
		"updated_at) SELECT ?, ?, ?, 'A', 'customer', CONCAT('no. ', "
		"seq), FALSE, NOW(6), NOW(6) FROM seq_1_to_1000 "
		"WHERE seq <= ?",
		ARGS(arg_int(w.org), arg_int(issue), arg_int(w.customer.user),
		     arg_int(n)));
}

START_TEST(an_export_of_many_rows_has_each_once)
{
	enum { N = 205 };
	const int64_t user = w.customer.user;
	int64_t first = 0, last = 0;
	struct answer *a;

	for (int i = 0; i < N; i++) {
		last = raise_issue(&w.customer, w.org, "One of many");
		first = first ? first : last;
	}
	/* the time alone does not tell them apart */
	sql_run("UPDATE issue SET created_at = NOW(6) WHERE raised_by = ? "
		"AND id <= ? + 150",
		ARGS(arg_int(user), arg_int(first)));
	add_comments(first, 250);
	add_comments(last, 100);
	a = GET(w.customer.token, EXPORT);
	expect_status(a, 200);
	expect(a, length_at(a, "issues") == N);
	expect(a, length_at(a, "issue_comments") == 350);
	expect(a, length_at(a, "other_comments") == 0);
}
END_TEST

START_TEST(a_personal_token_cannot_export)
{
	struct answer *a = make_personal_token(w.customer.token);
	const struct request head = {
	    .method = "HEAD", .token = w.customer.token, .path = EXPORT};

	expect_error(GET(text_at(a, "token"), EXPORT), 403, "permission_denied",
		     NULL);
	expect_error(GET(NULL, EXPORT), 401, "not_authenticated", NULL);
	expect_error(POST(w.customer.token, EXPORT, "{}"), 405,
		     "method_not_allowed", NULL);
	a = send_one(&head);
	expect_status(a, 200);
	expect(a, a->len == 0);
}
END_TEST

Suite *
security_export_suite(void)
{
	Suite *s = suite_create("security_export");
	TCase *t = add_case(s, "exporting", set_up);

	tcase_add_test(t, a_person_exports_their_data);
	tcase_add_test(t, staff_export_what_they_wrote);
	tcase_add_test(t, an_export_of_many_rows_has_each_once);
	tcase_add_test(t, a_personal_token_cannot_export);
	return s;
}
