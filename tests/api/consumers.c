/* A consumer of what happens to issues (events/events.h): a function and a row
 * in a table. This one writes down what it is given. */

#include "base/arena.h"
#include "events/events.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;
static int64_t issue;
static const char *told; /* "created open,status resolved," */
static bool fails;

static enum err
write_down(struct ctx *c, const struct news *news, size_t n)
{
	(void)c;
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(news->issue.id, issue);
	if (fails)
		return ERR_VALUE;
	for (size_t i = 0; i < news->n; i++) {
		const struct event *e = &news->events[i];

		told = text("%s%s %s by %s%s%s,", told, e->field,
			    enum_name_text(status_words, (int)e->status),
			    e->who.name, e->content ? ": " : "",
			    e->content ? e->content : "");
	}
	return OK;
}

static const struct consumer mine[] = {{"mine", write_down}, {NULL, NULL}};

/* The daemon has derived everything; then the whole history is news again, to
 * our consumer alone: others leave a leased row. */
static void
make_news(void)
{
	await_derived();
	sql_run("INSERT INTO outbox (issue_id, seen_id, since, lease_owner, "
		"lease_until) VALUES (?, 0, UTC_TIMESTAMP(6), 'test', "
		"UTC_TIMESTAMP(6) + INTERVAL 1 HOUR)",
		ARGS(arg_int(issue)));
}

static void
derive(void)
{
	bool all;

	ck_assert_int_eq(events_derive(&all, fixture_ctx(), mine, &issue, 1),
			 OK);
}

static void
retry(void)
{
	struct ctx *c = fixture_ctx();
	bool more;

	c->now += 3600 * USEC_PER_SEC;
	ck_assert_int_eq(events_retry(&more, c, mine), OK);
}

static int64_t
rows_of(const char *table)
{
	return sql_int(
	    text("SELECT COUNT(*) FROM %s WHERE issue_id = ?", table),
	    ARGS(arg_int(issue)));
}

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
	told = "";
	fails = false;
}

START_TEST(gets_events_in_order_with_present_texts)
{
	const char *const who = w.customer.full_name;
	struct answer *a =
	    POST(w.customer.token, client_path(issue, "comment/"),
		 json("{'comment':'Wen?'}"));

	expect_status(a, 201);
	expect_status(
	    PATCH(w.customer.token,
		  issue_path(issue, text("comments/%lld/",
					 (long long)int_at(a, "comment.id"))),
		  json("{'content':'When?'}")),
	    200);
	expect_status(POST(w.vendor.token, issue_path(issue, "resolve/"), "{}"),
		      200);
	make_news();
	derive();
	ck_assert_str_eq(told,
			 text("created open by %s,comment open by %s: When?,"
			      "comment_edited open by %s: When?,"
			      "status resolved by %s,",
			      who, who, who, w.vendor.full_name));
	ck_assert_int_eq(rows_of("outbox"), 0);
	derive();
	ck_assert_int_eq(rows_of("outbox_failure"), 0);
}
END_TEST

START_TEST(gets_each_event_once)
{
	const char *first;

	make_news();
	derive();
	first = told;
	derive();
	retry();
	ck_assert_str_eq(told, first);
}
END_TEST

/* Its position is its own, until it has caught up. */
START_TEST(fails_and_catches_up)
{
	make_news();
	fails = true;
	derive();
	ck_assert_str_eq(told, "");
	ck_assert_int_eq(rows_of("outbox"), 0);
	ck_assert_int_eq(rows_of("outbox_failure"), 1);
	retry();
	ck_assert_int_eq(sql_int("SELECT attempts FROM outbox_failure "
				 "WHERE issue_id = ? AND consumer = 'mine'",
				 ARGS(arg_int(issue))),
			 2);
	fails = false;
	retry();
	ck_assert_str_eq(told,
			 text("created open by %s,", w.customer.full_name));
	ck_assert_int_eq(rows_of("outbox_failure"), 0);
}
END_TEST

Suite *
consumers_suite(void)
{
	Suite *s = suite_create("consumers");
	TCase *t = add_case(s, "a consumer", set_up);

	tcase_add_test(t, gets_events_in_order_with_present_texts);
	tcase_add_test(t, gets_each_event_once);
	tcase_add_test(t, fails_and_catches_up);
	return s;
}
