/* What customers may do with their issues and comments: correct and withdraw
 * them, and delete an issue while nobody has answered. */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;
static int64_t issue;
static const char *mine;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
	mine = issue_path(issue, "");
}

/* --- correcting ----------------------------------------------------------- */

START_TEST(correcting)
{
	struct answer *a =
	    PATCH(w.customer.token, mine,
		  json("{'title':'Corrected','description':'Other words',"
		       "'priority':'urgent','category':'billing'}"));

	expect_status(a, 200);
	expect_text(a, "title", "Corrected");
	expect_text(a, "description", "Other words");
	expect_text(a, "priority", "urgent");
	expect_text(a, "category", "billing");
	expect_int(a, "version", 2);
	a = GET(w.employee.token, mine);
	expect_text(a, "title", "Corrected");
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_text(a, "results.1.field", "title");
	expect_text(a, "results.1.actor_kind", "customer");
	expect_int(GET(w.customer.token, "/api/issues/?search=corrected"),
		   "count", 1);
	expect_int(GET(w.customer.token, "/api/issues/?search=subject"),
		   "count", 0);
	a = GET(w.customer.token, "/api/issues/stats/");
	expect_int(a, "by_priority.urgent", 1);
	expect_int(a, "by_category.billing", 1);
	expect_status(
	    PATCH(w.employee.token, mine, json("{'status':'in_progress'}")),
	    200);
	expect_status(
	    PATCH(w.customer.token, mine, json("{'title':'In progress'}")),
	    200);
	with("If-Match: \"v1-0\"");
	expect_error_shape(
	    PATCH(w.customer.token, mine, json("{'title':'Late'}")), 412,
	    "precondition_failed");
}
END_TEST

/* A description is normalized like every text. */
START_TEST(descriptions_are_cleaned)
{
	const char *const body =
	    json("{'organization':%lld,'title':'t','description':"
		 "'  a\\u202eb\\u0007\\r\\n\\te\\u0301 '}",
		 (long long)w.org);
	struct answer *a =
	    POST(w.customer.token, "/api/client/issues/raise/", body);

	expect_status(a, 201);
	expect_text(a, "issue.description", "ab\n\t\u00e9");
	a = PATCH(w.employee.token, issue_path(int_at(a, "issue.id"), ""),
		  json("{'description':'\\u200b\\u2066 '}"));
	expect_status(a, 200);
	expect_text(a, "description", "");
}
END_TEST

/* A client may send back all fields that it has read. */
START_TEST(whole_objects)
{
	const char *token = w.customer.token;
	struct answer *a;

	expect_status(PATCH(w.employee.token, mine,
			    json("{'assigned_to':%lld,'vendor':%lld,"
				 "'order':%lld,'status':'in_progress',"
				 "'resolution_notes':'a draft'}",
				 (long long)w.employee.profile,
				 (long long)w.supplier, (long long)w.order)),
		      200);
	a = GET(token, mine);
	a = PUT(token, mine, a->text);
	expect_status(a, 200);
	expect_int(a, "version", 2);
	expect_int(a, "assigned_to.id", w.employee.profile);
	a = GET(w.employee.token, mine);
	expect_status(PUT(w.employee.token, mine, a->text), 200);
	/* resolved, and unchanged */
	expect_status(POST(w.employee.token, issue_path(issue, "resolve/"),
			   json("{'resolution_notes':'done'}")),
		      200);
	a = GET(token, mine);
	a = PUT(token, mine, a->text);
	expect_status(a, 200);
	expect_text(a, "status", "resolved");
}
END_TEST

START_TEST(fields_that_customers_cannot_change)
{
	static const struct {
		const char *field, *value;
	} others[] = {{"status", "'resolved'"},
		      {"status", "'in_progress'"},
		      {"assigned_to", "$"},
		      {"assigned_to", "{'id':$}"},
		      {"vendor", "1"},
		      {"order", "1"},
		      {"resolution_notes", "'done'"}};
	const char *id = text("%lld", (long long)w.employee.profile), *at;
	const int64_t before = database_digest(w.org);
	struct answer *a;

	for (size_t i = 0; i < COUNT(others); i++) {
		const char *value = others[i].value;

		at = strchr(value, '$');
		if (at)
			value = text("%.*s%s%s", (int)(at - value), value, id,
				     at + 1);
		a = PATCH(
		    w.customer.token, mine,
		    json("{'title':'Other','%s':%s}", others[i].field, value));
		expect_error(a, 400, "invalid", others[i].field);
	}
	/* both wrong fields are named */
	a = PATCH(w.customer.token, mine,
		  json("{'status':'closed','resolution_notes':'n'}"));
	expect_error(a, 400, "invalid", "status");
	expect_error(a, 400, "invalid", "resolution_notes");
	expect_error_shape(
	    PATCH(w.stranger.token, mine, json("{'title':'Mine'}")), 404,
	    "not_found");
	ck_assert_int_eq(database_digest(w.org), before);
}
END_TEST

START_TEST(resolved_issues_cannot_be_corrected)
{
	struct answer *a;

	expect_status(
	    POST(w.employee.token, issue_path(issue, "resolve/"), NULL), 200);
	a = PATCH(w.customer.token, mine, json("{'title':'Other'}"));
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_status(POST(w.employee.token, issue_path(issue, "close/"), NULL),
		      200);
	a = PATCH(w.customer.token, mine, json("{'priority':'low'}"));
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_text(GET(w.customer.token, mine), "title", "Subject");
}
END_TEST

/* --- withdrawing ---------------------------------------------------------- */

START_TEST(withdrawing)
{
	static const char *const before[] = {"open", "in_progress", "resolved"};
	struct answer *a;

	if (_i > 0)
		expect_status(PATCH(w.employee.token, mine,
				    json("{'status':'%s'}", before[_i])),
			      200);
	a = POST(w.customer.token, issue_path(issue, "close/"), NULL);
	expect_status(a, 200);
	expect_text(a, "status", "closed");
	expect_text(a, "previous_status", before[_i]);
	expect_text(a, "issue.status", "closed");
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	a = GET(w.customer.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	/* theirs all the same */
	expect_status(GET(w.customer.token, mine), 200);
	expect_int(GET(w.customer.token, "/api/issues/"), "count", 1);
	a = GET(w.vendor.token, "/api/notifications/");
	expect_text(a, "results.0.kind", "status");
	a = POST(w.customer.token, issue_path(issue, "close/"), NULL);
	expect_error(a, 400, "invalid", "non_field_errors");
	expect_error_shape(
	    POST(w.stranger.token, issue_path(issue, "close/"), NULL), 404,
	    "not_found");
}
END_TEST

/* The issue is (or is not) everywhere that the customer can look. */
static void
expect_seen(bool seen)
{
	const char *t = w.customer.token;
	const char *paths[] = {mine, client_path(issue, ""),
			       issue_path(issue, "comments/"),
			       issue_path(issue, "activity/")};
	const char *lists[] = {
	    "/api/issues/",
	    "/api/client/issues/",
	    "/api/issues/?status=closed",
	    "/api/issues/?status=open",
	    "/api/issues/?priority=medium",
	    "/api/issues/?search=subject",
	    "/api/issues/?cursor=",
	    "/api/issues/?ordering=status",
	    text("/api/issues/?organization=%lld", (long long)w.org)};
	struct answer *a = GET(t, mine);
	const char *status = seen ? text_at(a, "status") : "closed";

	for (size_t i = 0; i < COUNT(paths); i++)
		expect_status(GET(t, paths[i]), seen ? 200 : 404);
	for (size_t i = 0; i < COUNT(lists); i++) {
		const char *only = strstr(lists[i], "?status=");

		a = GET(t, lists[i]);
		expect_int(a, "count",
			   seen && (!only || strcmp(only + 8, status) == 0));
		ck_assert_uint_eq(length_at(a, "results"),
				  (size_t)int_at(a, "count"));
	}
	a = GET(t, "/api/issues/stats/");
	expect_int(a, "total", seen);
	expect_int(a, text("by_status.%s", status), seen);
	a = GET(t, "/api/issues/export/");
	expect(a, (strstr(a->text, "Subject") != NULL) == seen);
	a = GET(t, "/api/notifications/");
	expect(a, seen || !strstr(a->text, "Subject"));
}

/* The same for the staff. */
static void
expect_staff_see(const char *status)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, mine);
	const int64_t customer = int_at(a, "raised_by_customer");

	expect_text(a, "status", status);
	expect_text(a, "raised_by_customer_name", w.customer.full_name);
	expect_int(GET(t, "/api/issues/"), "count", 1);
	expect_int(GET(t, text("/api/issues/?status=%s", status)), "count", 1);
	expect_int(GET(t, text("/api/issues/?raised_by_customer=%lld",
			       (long long)customer)),
		   "count", 1);
	a = GET(t, "/api/issues/stats/");
	expect_int(a, "total", 1);
	expect_int(a, text("by_status.%s", status), 1);
}

static void
delete_it(void)
{
	expect_status(DELETE(w.customer.token, mine), 204);
	expect_seen(false);
	expect_staff_see("closed");
}

START_TEST(deleting)
{
	struct answer *a;

	expect_seen(true);
	/* neither an internal comment nor one by the customer is an answer */
	expect_status(POST(w.employee.token, issue_path(issue, "add_comment/"),
			   json("{'content':'hm','internal':true}")),
		      201);
	expect_status(POST(w.customer.token, client_path(issue, "comment/"),
			   json("{'comment':'more'}")),
		      201);
	delete_it();
	a = GET(w.employee.token, issue_path(issue, "activity/"));
	expect_with(a, "\"withdrawn\"");
	expect_error_shape(DELETE(w.customer.token, mine), 404, "not_found");
	expect_error_shape(PATCH(w.customer.token, mine, json("{'title':'x'}")),
			   404, "not_found");
	expect_error_shape(POST(w.customer.token,
				client_path(issue, "comment/"),
				json("{'comment':'more'}")),
			   404, "not_found");
	expect_error_shape(
	    POST(w.customer.token, issue_path(issue, "reopen/"), NULL), 404,
	    "not_found");
	/* changes by staff meanwhile are counted correctly */
	expect_status(PATCH(w.employee.token, mine,
			    json("{'priority':'low','assigned_to':%lld}",
				 (long long)w.employee.profile)),
		      200);
	expect_seen(false);
	expect_staff_see("closed");
}
END_TEST

START_TEST(a_reply_shows_a_withdrawn_issue_again)
{
	struct answer *a;

	if (_i == 1)
		expect_status(
		    POST(w.employee.token, issue_path(issue, "close/"), NULL),
		    200);
	delete_it();
	if (_i == 2)
		a = POST(w.employee.token, issue_path(issue, "add_comment/"),
			 json("{'content':'Are you sure?'}"));
	else if (_i == 3)
		a = PATCH(w.employee.token, mine, json("{'status':'open'}"));
	else
		a = POST(w.employee.token, issue_path(issue, "reopen/"), NULL);
	expect(a, a->status < 300);
	expect_seen(true);
	expect_staff_see(_i == 2 ? "closed" : _i == 3 ? "open" : "in_progress");
}
END_TEST

START_TEST(answered_issues_are_not_deleted)
{
	struct answer *a;

	if (_i == 0)
		a = POST(w.employee.token, issue_path(issue, "add_comment/"),
			 json("{'content':'We look into it.'}"));
	else
		a = POST(w.employee.token, issue_path(issue, "resolve/"),
			 json("{'resolution_notes':'done'}"));
	expect(a, a->status < 300);
	a = DELETE(w.customer.token, mine);
	expect_error_shape(a, 409, "conflict");
	expect_with(a, "answered");
	expect_seen(true);
	expect_status(POST(w.customer.token, issue_path(issue, "close/"), NULL),
		      200);
}
END_TEST

/* --- comments ------------------------------------------------------------- */

static int64_t
say(const struct person *who, const char *content, bool internal)
{
	struct answer *a =
	    POST(who->token, issue_path(issue, "add_comment/"),
		 internal ? json("{'content':'%s','internal':true}", content)
			  : json("{'content':'%s'}", content));

	expect_status(a, 201);
	return int_at(a, "comment.id");
}

static const char *
comment_path(int64_t id)
{
	return issue_path(issue, text("comments/%lld/", (long long)id));
}

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
	const int64_t id = say(who, "the first words", false);
	struct answer *a;

	make_older(id, 14 * 60);
	a = PATCH(who->token, comment_path(id),
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
	expect_status(PATCH(who->token, comment_path(id),
			    json("{'content':'the second words'}")),
		      200);
	a = GET(w.vendor.token, issue_path(issue, "activity/"));
	ck_assert_uint_eq(length_at(a, "results"), 3);
}
END_TEST

START_TEST(withdrawing_a_comment)
{
	const struct person *who = _i ? &w.employee : &w.customer;
	const int64_t id = say(who, "the first words", false);
	struct answer *a;

	expect_words(&w.customer, "the first words", true);
	a = DELETE(who->token, comment_path(id));
	expect_status(a, 204);
	expect_words(&w.customer, "the first words", false);
	expect_words(&w.vendor, "the first words", true);
	a = GET(w.customer.token, issue_path(issue, "comments/"));
	expect_int(a, "count", 0);
	a = GET(w.vendor.token, mine);
	ck_assert_uint_eq(length_at(a, "comments"), 0);
	a = GET(_i ? w.customer.token : w.vendor.token, "/api/notifications/");
	expect_without(a, "replied");
	expect_error_shape(DELETE(who->token, comment_path(id)), 404,
			   "not_found");
	expect_error_shape(
	    PATCH(who->token, comment_path(id), json("{'content':'again'}")),
	    404, "not_found");
}
END_TEST

static void
expect_refused(const struct person *who, int64_t id, int status)
{
	const int64_t before = database_digest(w.org);
	const char *code = status == 403 ? "permission_denied" : "not_found";

	expect_error_shape(
	    PATCH(who->token, comment_path(id), json("{'content':'other'}")),
	    status, code);
	expect_error_shape(DELETE(who->token, comment_path(id)), status, code);
	ck_assert_int_eq(database_digest(w.org), before);
}

START_TEST(only_authors_change_comments)
{
	const int64_t theirs = say(&w.customer, "by the customer", false);
	const int64_t ours = say(&w.employee, "by an employee", false);
	const int64_t note = say(&w.employee, "a hidden remark", true);
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
	a = PATCH(w.employee.token, comment_path(ours),
		  json("{'content':'other'}"));
	expect_with(a, "15 minutes");
	/* comments from Linear can only be changed there */
	sql_run("UPDATE comment SET author_kind = 'linear', author_id = NULL "
		"WHERE id = ?",
		ARGS(arg_int(theirs)));
	expect_refused(&w.employee, theirs, 403);
	expect_refused(&w.customer, theirs, 403);
	/* an internal comment can be changed, and stays internal */
	expect_status(PATCH(w.employee.token, comment_path(note),
			    json("{'content':'another hidden remark'}")),
		      200);
	expect_words(&w.customer, "hidden remark", false);
	expect_status(DELETE(w.employee.token, comment_path(note)), 204);
	expect_words(&w.customer, "hidden remark", false);
}
END_TEST

static int64_t
answers(void)
{
	return sql_int("SELECT COALESCE(SUM(n), 0) FROM trend_duration "
		       "WHERE organization_id = ? AND kind = 'answer'",
		       ARGS(arg_int(w.org)));
}

static int64_t
first_answer_is(int64_t comment)
{
	return sql_int("SELECT i.first_answered_at <=> (SELECT m.created_at "
		       "FROM comment m WHERE m.id = ?) FROM issue i "
		       "WHERE i.id = ?",
		       ARGS(arg_id(comment), arg_int(issue)));
}

START_TEST(a_withdrawn_comment_does_not_count_as_answer)
{
	const int64_t first = say(&w.employee, "first", false);
	const int64_t second = say(&w.vendor, "second", false);
	int64_t third;

	ck_assert_int_eq(first_answer_is(first), 1);
	expect_status(DELETE(w.vendor.token, comment_path(second)), 204);
	ck_assert_int_eq(first_answer_is(first), 1);
	third = say(&w.vendor, "third", false);
	expect_status(DELETE(w.employee.token, comment_path(first)), 204);
	ck_assert_int_eq(first_answer_is(third), 1);
	ck_assert_int_eq(answers(), 1);
	expect_status(DELETE(w.vendor.token, comment_path(third)), 204);
	ck_assert_int_eq(first_answer_is(0), 1);
	ck_assert_int_eq(answers(), 0);
	/* so the customer may still delete the issue */
	expect_status(DELETE(w.customer.token, mine), 204);
	third = say(&w.vendor, "fourth", false);
	ck_assert_int_eq(first_answer_is(third), 1);
	ck_assert_int_eq(answers(), 1);
	expect_seen(true);
}
END_TEST

/* --- limits --------------------------------------------------------------- */

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
	expect(a, seconds && atol(seconds) > 3500 && atol(seconds) <= 3600);
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
	leave(5, "RAISES_PER_HOUR", "raises", p->user);
	expect_exactly(5, p->token, "/api/client/issues/raise/", raise_body());
	expect_limited(raise_one(p));
	expect_limited(POST(p->token, "/api/issues/raise/", raise_body()));
	expect_int(GET(p->token, "/api/issues/"), "count", 6);
	/* other people are not affected */
	expect_status(raise_one(&w.stranger), 201);
	/* a request that is refused for other reasons does not count */
	leave(1, "RAISES_PER_HOUR", "raises", p->user);
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
	sql_run("UPDATE quota SET since = since - INTERVAL 1 HOUR "
		"WHERE kind = 'raises' AND subject_id = ?",
		ARGS(arg_int(p->user)));
	expect_status(raise_one(p), 201);
	ck_assert_int_eq(sql_int("SELECT used FROM quota WHERE kind = 'raises' "
				 "AND subject_id = ?",
				 ARGS(arg_int(p->user))),
			 1);
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
	say(&w.employee, "the staff may", false);
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
rights_suite(void)
{
	Suite *s = suite_create("rights");
	TCase *t = add_case(s, "rights", set_up);

	tcase_add_test(t, correcting);
	tcase_add_test(t, descriptions_are_cleaned);
	tcase_add_test(t, whole_objects);
	tcase_add_test(t, fields_that_customers_cannot_change);
	tcase_add_test(t, resolved_issues_cannot_be_corrected);
	tcase_add_loop_test(t, withdrawing, 0, 3);
	tcase_add_test(t, deleting);
	tcase_add_loop_test(t, a_reply_shows_a_withdrawn_issue_again, 0, 4);
	tcase_add_loop_test(t, answered_issues_are_not_deleted, 0, 2);
	tcase_add_loop_test(t, editing, 0, 2);
	tcase_add_loop_test(t, withdrawing_a_comment, 0, 2);
	tcase_add_test(t, only_authors_change_comments);
	tcase_add_test(t, a_withdrawn_comment_does_not_count_as_answer);
	tcase_add_test(t, limit_of_raises);
	tcase_add_test(t, limit_of_raises_by_unproved_accounts);
	tcase_add_test(t, limit_of_comments);
	tcase_add_test(t, limit_of_edits);
	return s;
}
