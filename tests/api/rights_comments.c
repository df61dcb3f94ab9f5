/* Authors edit and withdraw their comments. */

#include <string.h>

#include "rights.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static void
make_older(int64_t id, int64_t seconds)
{
	sql_run(
	    "UPDATE comment SET created_at = created_at - INTERVAL ? SECOND "
	    "WHERE id = ?",
	    ARGS(arg_int(seconds), arg_int(id)));
}

/* Whether those words are anywhere for that person. */
static void
expect_words(const struct person *who, const char *words, bool there)
{
	const char *paths[] = {mine, issue_path(issue, "comments/"),
			       issue_path(issue, "activity/"),
			       "/api/notifications/"};
	bool found = false;

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer *a = GET(who->token, paths[i]);

		expect_status(a, 200);
		found |= strstr(a->text, words) != NULL;
	}
	ck_assert_msg(found == there, "%s: %d", words, found);
}

START_TEST(editing)
{
	const struct person *who = _i ? &w.employee : &w.customer;
	const struct person *reader = _i ? &w.customer : &w.employee;
	const int64_t id = add_comment(who, issue, "the first words", false);
	struct answer *a;

	make_older(id, 14 * 60);
	a = PATCH(who->token, comment_path(issue, id),
		  json("{'content':'  the second words '}"));
	expect_status(a, 200);
	expect_keys(a, "", "message comment synced_to_linear");
	expect_int(a, "comment.id", id);
	expect_text(a, "comment.content", "the second words");
	expect(a, strcmp(text_at(a, "comment.updated_at"),
			 text_at(a, "comment.created_at")) > 0);
	expect_words(reader, "the second words", true);
	/* only staff see both texts */
	expect_words(&w.customer, "the first words", false);
	expect_words(&w.vendor, "the first words", true);
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	expect_text(a, "results.2.field", "comment_edited");
	expect_text(a, "results.2.from", "the first words");
	expect_text(a, "results.2.to", "the second words");
	/* the same text again changes nothing */
	expect_status(PATCH(who->token, comment_path(issue, id),
			    json("{'content':'the second words'}")),
		      200);
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	ck_assert_uint_eq(length_at(a, "results"), 3);
}
END_TEST

START_TEST(withdrawing_a_comment)
{
	const struct person *who = _i ? &w.employee : &w.customer;
	const int64_t id = add_comment(who, issue, "the first words", false);
	struct answer *a;

	expect_words(&w.customer, "the first words", true);
	a = DELETE(who->token, comment_path(issue, id));
	expect_status(a, 204);
	expect_words(&w.customer, "the first words", false);
	expect_words(&w.vendor, "the first words", true);
	a = GET(w.customer.token, issue_path(issue, "comments/"));
	expect_int(a, "count", 0);
	a = GET(w.vendor.token, mine);
	ck_assert_uint_eq(length_at(a, "comments"), 0);
	a = GET(_i ? w.customer.token : w.vendor.token, "/api/notifications/");
	expect_without(a, "replied");
	expect_error_shape(DELETE(who->token, comment_path(issue, id)), 404,
			   "not_found");
	expect_error_shape(PATCH(who->token, comment_path(issue, id),
				 json("{'content':'again'}")),
			   404, "not_found");
}
END_TEST

static void
expect_refused(const struct person *who, int64_t id, int status)
{
	const int64_t before = database_digest(w.org);
	const char *code = status == 403 ? "permission_denied" : "not_found";

	expect_error_shape(PATCH(who->token, comment_path(issue, id),
				 json("{'content':'other'}")),
			   status, code);
	expect_error_shape(DELETE(who->token, comment_path(issue, id)), status,
			   code);
	ck_assert_int_eq(database_digest(w.org), before);
}

START_TEST(only_authors_change_comments)
{
	const int64_t theirs =
	    add_comment(&w.customer, issue, "by the customer", false);
	const int64_t ours =
	    add_comment(&w.employee, issue, "by an employee", false);
	const int64_t note =
	    add_comment(&w.employee, issue, "a hidden remark", true);
	const int64_t elsewhere = raise_issue(&w.customer, w.org, "Another");
	struct answer *a;

	expect_refused(&w.employee, theirs, 403);
	expect_refused(&w.vendor, ours, 403);
	expect_refused(&w.customer, ours, 403);
	/* for people who may not see it, it does not exist */
	expect_refused(&w.customer, note, 404);
	expect_refused(&w.stranger, theirs, 404);
	expect_refused(&w.outsider, ours, 404);
	a = DELETE(
	    w.employee.token,
	    issue_path(elsewhere, text("comments/%lld/", (long long)ours)));
	expect_error_shape(a, 404, "not_found");
	/* after the time limit */
	make_older(ours, 15 * 60 + 1);
	expect_refused(&w.employee, ours, 403);
	a = PATCH(w.employee.token, comment_path(issue, ours),
		  json("{'content':'other'}"));
	expect_with(a, "15 minutes");
	/* comments from Linear can only be changed there */
	sql_run("UPDATE comment SET author_kind = 'linear', author_id = NULL "
		"WHERE id = ?",
		ARGS(arg_int(theirs)));
	expect_refused(&w.employee, theirs, 403);
	expect_refused(&w.customer, theirs, 403);
	/* an internal comment can be changed, and stays internal */
	expect_status(PATCH(w.employee.token, comment_path(issue, note),
			    json("{'content':'another hidden remark'}")),
		      200);
	expect_words(&w.customer, "hidden remark", false);
	expect_status(DELETE(w.employee.token, comment_path(issue, note)), 204);
	expect_words(&w.customer, "hidden remark", false);
}
END_TEST

Suite *
rights_comments_suite(void)
{
	Suite *s = suite_create("rights_comments");
	TCase *t = add_case(s, "comments", set_up);

	tcase_add_loop_test(t, editing, 0, 2);
	tcase_add_loop_test(t, withdrawing_a_comment, 0, 2);
	tcase_add_test(t, only_authors_change_comments);
	return s;
}
