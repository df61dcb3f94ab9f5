/* A consumer of what happens to issues (events/events.h): a function and a row
 * in a table. This one writes down what it is given. */

#include <string.h>

#include "base/arena.h"
#include "desk/outbox.h"
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

static enum err
derive_within(void *arg)
{
	void (*const *part)(void) = arg;

	(*part)();
	return ERR_INVALID; /* rolls back */
}

/* Runs the part of a test that makes and derives news in one transaction, so
 * that docket-sync neither sees nor locks any of it. No requests within. */
static void
in_private(void (*part)(void))
{
	await_derived();
	ck_assert_int_eq(
	    db_transaction(fixture_ctx()->db, derive_within, &part),
	    ERR_INVALID);
}

/* The whole history is news again. */
static void
make_news(void)
{
	sql_run("INSERT INTO outbox (issue_id, seen_id, since) "
		"VALUES (?, 0, UTC_TIMESTAMP(6))",
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

static void
get_events_in_order(void)
{
	const char *const who = w.customer.full_name;

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

START_TEST(gets_events_in_order_with_present_texts)
{
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
	in_private(get_events_in_order);
}
END_TEST

static void
get_each_event_once(void)
{
	const char *first;

	make_news();
	derive();
	first = told;
	derive();
	retry();
	ck_assert_str_eq(told, first);
}

START_TEST(gets_each_event_once)
{
	in_private(get_each_event_once);
}
END_TEST

/* Its position is its own, until it has caught up. */
static void
fail_and_catch_up(void)
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

START_TEST(fails_and_catches_up)
{
	in_private(fail_and_catch_up);
}
END_TEST

/* As an import does, or an outage: more than OUTBOX_EVENTS. */
static void
add_many_comments(int64_t n)
{
	sql_run("INSERT INTO comment (organization_id, issue_id, author_name, "
		"author_kind, content, is_internal, created_at, updated_at) "
		"SELECT ?, ?, 'Bulk', 'staff', 'word', 0, UTC_TIMESTAMP(6), "
		"UTC_TIMESTAMP(6) FROM JSON_TABLE(CONCAT('[0', "
		"REPEAT(',0', ? - 1), ']'), '$[*]' COLUMNS (i FOR ORDINALITY)) "
		"j",
		ARGS(arg_int(w.org), arg_int(issue), arg_int(n)));
	sql_run("INSERT INTO activity (organization_id, issue_id, actor_name, "
		"actor_kind, field, new_value, is_public, created_at, "
		"comment_id) SELECT organization_id, issue_id, author_name, "
		"author_kind, 'comment', content, 1, created_at, id "
		"FROM comment WHERE issue_id = ? ORDER BY id",
		ARGS(arg_int(issue)));
}

static size_t
count_told(const char *what)
{
	size_t n = 0;

	for (const char *s = told; (s = strstr(s, what)); s++)
		n++;
	return n;
}

/* Others have their turn in between, and each event is told once, with the
 * status that the issue had then. */
static void
get_events_in_parts(void)
{
	bool all = false;
	int parts = 0;

	make_news();
	for (; !all; parts++)
		ck_assert_int_eq(
		    events_derive(&all, fixture_ctx(), mine, &issue, 1), OK);
	ck_assert_int_eq(parts, 3);
	ck_assert_uint_eq(count_told("comment open by Bulk: word,"), 250);
	ck_assert_uint_eq(count_told("created open"), 1);
	ck_assert_uint_eq(count_told("status resolved"), 1);
	ck_assert_int_eq(rows_of("outbox"), 0);
}

START_TEST(gets_very_many_events_in_parts)
{
	add_many_comments(250);
	expect_status(POST(w.vendor.token, issue_path(issue, "resolve/"), "{}"),
		      200);
	in_private(get_events_in_parts);
}
END_TEST

/* The consumer that failed catches up in parts, too. */
static void
catch_up_in_parts(void)
{
	make_news();
	fails = true;
	for (int i = 0; i < 3; i++)
		derive();
	ck_assert_int_eq(rows_of("outbox"), 0);
	fails = false;
	retry();
	ck_assert_uint_eq(count_told("comment open"), 99);
	for (int i = 0; i < 2; i++)
		retry();
	ck_assert_uint_eq(count_told("comment open"), 250);
	ck_assert_int_eq(rows_of("outbox_failure"), 0);
}

START_TEST(catches_up_in_parts)
{
	add_many_comments(250);
	in_private(catch_up_in_parts);
}
END_TEST

static enum err
take_all(struct ctx *c, const struct news *news, size_t n)
{
	(void)c;
	(void)news;
	(void)n;
	return OK;
}

static const struct consumer quiet[] = {{"quiet", take_all}, {NULL, NULL}};

/* Issues of an organization have news that are so old. */
static void
make_news_of(int64_t org, int64_t first, int64_t last, int64_t seconds)
{
	sql_run("INSERT IGNORE INTO outbox (issue_id, organization_id, "
		"seen_id, since) SELECT id, organization_id, 0, "
		"UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM issue "
		"WHERE organization_id = ? AND id BETWEEN ? AND ?",
		ARGS(arg_int(seconds), arg_int(org), arg_int(first),
		     arg_int(last)));
}

static bool
has_news(int64_t id)
{
	return sql_int("SELECT COUNT(*) FROM outbox WHERE issue_id = ?",
		       ARGS(arg_int(id))) > 0;
}

static bool
derive_a_batch(int64_t *turn)
{
	bool more;

	ck_assert_int_eq(
	    events_derive_some(&more, turn, fixture_ctx(), quiet, "turn"), OK);
	return more;
}

/* The last of a batch of new issues, and one of another organization. */
static int64_t last, other;

static void
raise_many(void)
{
	for (int i = 0; i < OUTBOX_BATCH; i++)
		last = raise_issue(&w.customer, w.org, "One of many");
	other = raise_issue(&w.stranger, w.other_org, "Of another");
}

/* However often others have news again. */
static void
take_turns_of_issues(void)
{
	int64_t turn = 0;

	make_news_of(w.org, last, last, 1);
	for (int i = 0; i < 2; i++) {
		make_news_of(w.org, issue, last - 1, 2 - 2 * i);
		ck_assert(derive_a_batch(&turn));
	}
	ck_assert(!has_news(last));
}

START_TEST(all_issues_have_their_turn)
{
	raise_many();
	in_private(take_turns_of_issues);
}
END_TEST

/* What one organization has waiting, however long, does not delay others. */
static void
take_turns_of_organizations(void)
{
	int64_t turn = 0;
	int batches = 1;

	make_news_of(w.other_org, other, other, 0);
	make_news_of(w.org, issue, last, 3600);
	ck_assert(derive_a_batch(&turn));
	ck_assert(!has_news(other));
	ck_assert(has_news(last));
	while (derive_a_batch(&turn))
		batches++;
	ck_assert(!has_news(last));
	/* alone, it has whole batches */
	ck_assert_int_le(batches, 3);
}

START_TEST(organizations_have_their_turn)
{
	raise_many();
	in_private(take_turns_of_organizations);
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
	tcase_add_test(t, gets_very_many_events_in_parts);
	tcase_add_test(t, catches_up_in_parts);
	tcase_add_test(t, all_issues_have_their_turn);
	tcase_add_test(t, organizations_have_their_turn);
	return s;
}
