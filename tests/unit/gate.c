/* When nothing is sent to Linear, and when it is tried again. */

#include "db/lease.h"
#include "sync/breaker.h"

#include "sync/job.h"
#include "unit/runner.h"

#define SECOND USEC_PER_SEC

static const struct linear_budget plenty = {.limit = 2500,
					    .remaining = 2000,
					    .points_limit = 1000,
					    .points_remaining = 900,
					    .retry_after_s = -1};

static enum gate_event
answer(struct gate *g, enum linear_outcome outcome, usec_t now)
{
	const struct linear_answer a = {.outcome = outcome, .budget = plenty};

	return gate_note(g, &a, now);
}

START_TEST(bad_luck_is_no_outage)
{
	struct gate g = {0};

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(answer(&g, LINEAR_RETRY, i), GATE_SAME);
	ck_assert_int_eq(answer(&g, LINEAR_OK, 5), GATE_SAME);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(answer(&g, LINEAR_RETRY, i), GATE_SAME);
	ck_assert_uint_eq(gate_room(&g, 6, 50), 50);
}
END_TEST

START_TEST(an_outage_is_probed)
{
	struct gate g = {0};
	usec_t now = 0;

	for (int i = 0; i < 4; i++)
		(void)answer(&g, LINEAR_RETRY, now);
	ck_assert_int_eq(answer(&g, LINEAR_RETRY, now), GATE_PAUSED);
	ck_assert_uint_eq(gate_room(&g, now, 50), 0);
	/* those that were out already say nothing new */
	ck_assert_int_eq(answer(&g, LINEAR_RETRY, now), GATE_SAME);
	now += SECOND;
	ck_assert_uint_eq(gate_room(&g, now, 50), 1);
	gate_begin(&g);
	ck_assert_uint_eq(gate_room(&g, now, 50), 0);
	ck_assert_int_eq(answer(&g, LINEAR_RETRY, now), GATE_PAUSED);
	ck_assert_uint_eq(gate_room(&g, now + SECOND, 50), 0);
	now += 2 * SECOND;
	ck_assert_uint_eq(gate_room(&g, now, 50), 1);
	gate_begin(&g);
	ck_assert_int_eq(answer(&g, LINEAR_OK, now), GATE_RESUMED);
	ck_assert_uint_eq(gate_room(&g, now, 50), 50);
}
END_TEST

START_TEST(a_long_outage_is_probed_often)
{
	struct gate g = {0};
	usec_t now = 0;

	for (int i = 0; i < 40; i++) {
		(void)answer(&g, LINEAR_RETRY, now);
		now = g.until > now ? g.until : now;
	}
	ck_assert_int_eq(g.wait, 15 * SECOND);
}
END_TEST

START_TEST(limits_are_obeyed)
{
	struct gate g = {0};
	struct linear_answer a = {
	    .outcome = LINEAR_LIMITED,
	    .budget = {.limit = 2500, .remaining = 0, .retry_after_s = -1}};

	ck_assert_int_eq(gate_note(&g, &a, 0), GATE_PAUSED);
	ck_assert_int_eq(g.wait, 60 * SECOND);
	ck_assert_int_eq(gate_note(&g, &a, g.until), GATE_PAUSED);
	ck_assert_int_eq(g.wait, 120 * SECOND);
	for (int i = 0; i < 10; i++)
		(void)gate_note(&g, &a, g.until);
	ck_assert_int_eq(g.wait, 3600 * SECOND);
	ck_assert_ptr_nonnull(gate_reason(g.reason));
	g = (struct gate){0};
	a.budget.retry_after_s = 7;
	(void)gate_note(&g, &a, 0);
	ck_assert_int_eq(g.wait, 7 * SECOND);
	g = (struct gate){0};
	ck_assert_int_eq(answer(&g, LINEAR_LIMITED, 0), GATE_PAUSED);
	ck_assert_int_eq(g.wait, SECOND);
}
END_TEST

START_TEST(what_linear_asks_for_is_heard)
{
	struct gate g = {0};
	struct linear_answer a = {.outcome = LINEAR_LIMITED, .budget = plenty};

	/* also when the bucket is not empty, and the second time */
	a.budget.retry_after_s = 60;
	(void)gate_note(&g, &a, 0);
	ck_assert_int_eq(g.wait, 60 * SECOND);
	a.budget.retry_after_s = 90;
	(void)gate_note(&g, &a, g.until);
	ck_assert_int_eq(g.wait, 90 * SECOND);
	/* of an outage, too; but nothing lasts for ever */
	g = (struct gate){.failures = 4};
	a.outcome = LINEAR_RETRY;
	a.budget.retry_after_s = 100;
	(void)gate_note(&g, &a, 0);
	ck_assert_int_eq(g.wait, 100 * SECOND);
	a.budget.retry_after_s = INT64_MAX;
	(void)gate_note(&g, &a, g.until);
	ck_assert_int_eq(g.wait, 3600 * SECOND);
}
END_TEST

START_TEST(a_refused_key_pauses_at_once)
{
	struct gate g = {0};

	ck_assert_int_eq(answer(&g, LINEAR_AUTH, 0), GATE_PAUSED);
	ck_assert_uint_eq(gate_room(&g, SECOND, 50), 0);
	ck_assert_uint_eq(gate_room(&g, 5 * SECOND, 50), 1);
	/* refusals of one issue show that the key works */
	ck_assert_int_eq(answer(&g, LINEAR_INVALID, 5 * SECOND), GATE_RESUMED);
}
END_TEST

/* A fifth of it. */
START_TEST(the_rest_is_for_people)
{
	struct gate g = {0};
	struct linear_answer a = {.outcome = LINEAR_OK, .budget = plenty};

	ck_assert_uint_eq(gate_spare(&g, 0), GATE_UNLIMITED);
	(void)gate_note(&g, &a, 0);
	ck_assert_uint_eq(gate_spare(&g, 0), 1500);
	a.budget.remaining = 501;
	(void)gate_note(&g, &a, 0);
	ck_assert_uint_eq(gate_spare(&g, 0), 1);
	a.budget.remaining = 500;
	(void)gate_note(&g, &a, 0);
	ck_assert_uint_eq(gate_spare(&g, 0), 0);
	a.budget.limit = -1; /* of an answer without headers */
	a.budget.remaining = -1;
	(void)gate_note(&g, &a, 0);
	ck_assert_uint_eq(gate_spare(&g, 0), 0);
}
END_TEST

/* A bucket fills in an hour, told or not. */
START_TEST(what_was_used_comes_back)
{
	struct gate g = {0};
	struct linear_answer a = {.outcome = LINEAR_OK, .budget = plenty};

	a.budget.remaining = 0;
	(void)gate_note(&g, &a, 50 * SECOND);
	ck_assert_int_eq(gate_refill(&g), 1440000);
	ck_assert_uint_eq(gate_spare(&g, 50 * SECOND), 0);
	ck_assert_uint_eq(gate_spare(&g, (50 + 720) * SECOND), 0);
	ck_assert_uint_eq(gate_spare(&g, (50 + 722) * SECOND), 1);
	/* both buckets count */
	a.budget = plenty;
	a.budget.points_remaining = 50;
	(void)gate_note(&g, &a, 1000 * SECOND);
	ck_assert_uint_eq(gate_spare(&g, (1000 + 539) * SECOND), 0);
	ck_assert_uint_gt(gate_spare(&g, (1000 + 541) * SECOND), 0);
}
END_TEST

/* Many daemons, and workers, share one key. */
START_TEST(what_others_know_is_heeded)
{
	struct gate g = {0};
	const struct linear_answer a = {
	    .outcome = LINEAR_LIMITED,
	    .budget = {.limit = 2500, .remaining = 0, .retry_after_s = -1}};

	ck_assert_int_eq(gate_relent(&g), GATE_SAME);
	ck_assert_int_eq(
	    gate_heed(&g, LINEAR_LIMITED, 10 * SECOND, 70 * SECOND),
	    GATE_PAUSED);
	ck_assert_uint_eq(gate_room(&g, 69 * SECOND, 50), 0);
	ck_assert_uint_eq(gate_room(&g, 70 * SECOND, 50), 1);
	/* heard again, and that it takes longer */
	ck_assert_int_eq(
	    gate_heed(&g, LINEAR_LIMITED, 10 * SECOND, 70 * SECOND), GATE_SAME);
	ck_assert_int_eq(
	    gate_heed(&g, LINEAR_LIMITED, 70 * SECOND, 190 * SECOND),
	    GATE_SAME);
	ck_assert_uint_eq(gate_room(&g, 189 * SECOND, 50), 0);
	/* our own pause goes on where theirs was */
	(void)gate_note(&g, &a, 190 * SECOND);
	ck_assert_int_eq(g.wait, 240 * SECOND);
	ck_assert_int_eq(gate_relent(&g), GATE_RESUMED);
	ck_assert_uint_eq(gate_room(&g, 191 * SECOND, 50), 50);
}
END_TEST

START_TEST(a_key_refused_elsewhere_is_tried_once)
{
	struct gate g = {0};

	(void)gate_heed(&g, LINEAR_AUTH, 10 * SECOND, 50 * SECOND);
	ck_assert_uint_eq(gate_room(&g, 11 * SECOND, 50), 1);
	(void)gate_heed(&g, LINEAR_AUTH, 10 * SECOND, 50 * SECOND);
	ck_assert_uint_eq(gate_room(&g, 11 * SECOND, 50), 1);
	(void)answer(&g, LINEAR_AUTH, 11 * SECOND);
	ck_assert_uint_eq(gate_room(&g, 12 * SECOND, 50), 0);
	ck_assert_int_eq(g.wait, 60 * SECOND);
}
END_TEST

/* What was not yet told to the others is not taken back by them. */
START_TEST(what_nobody_knows_stays)
{
	struct gate g = {0};

	(void)answer(&g, LINEAR_AUTH, 0);
	ck_assert_int_eq(gate_relent(&g), GATE_SAME);
	ck_assert_ptr_nonnull(gate_reason(g.reason));
}
END_TEST

/* --- whose fault it is ---------------------------------------------------- */

enum { READ, WRITE };

static bool
blames(struct gate *g, enum linear_outcome outcome, int64_t issue_id,
       bool writes)
{
	struct linear_answer a = {.outcome = outcome, .answered = true};

	gate_blame(g, &a, issue_id, writes);
	(void)gate_note(g, &a, 0);
	return a.own_fault;
}

START_TEST(an_issue_that_fails_alone_is_to_blame)
{
	struct gate g = {0};

	for (int i = 0; i < 20; i++) {
		ck_assert(blames(&g, LINEAR_RETRY, 7, WRITE));
		/* whatever goes well beside it */
		ck_assert(!blames(&g, LINEAR_OK, 8, i % 2));
		ck_assert(!blames(&g, LINEAR_OK, GATE_NO_ISSUE, READ));
		ck_assert(!blames(&g, LINEAR_INVALID, 7, WRITE));
	}
	/* and if nothing else happens */
	for (int i = 0; i < 20; i++)
		ck_assert(blames(&g, LINEAR_RETRY, 7, READ));
	/* the others go on meanwhile */
	ck_assert_uint_eq(gate_room(&g, 0, 50), 50);
}
END_TEST

START_TEST(in_an_outage_nothing_is_to_blame)
{
	struct gate g = {0};

	/* the first one cannot know */
	(void)blames(&g, LINEAR_RETRY, 7, WRITE);
	for (int64_t i = 0; i < 100; i++)
		ck_assert(!blames(&g, LINEAR_RETRY, 8 + i % 3, i % 2));
	ck_assert_uint_eq(gate_room(&g, 0, 50), 0);
	ck_assert(!blames(&g, LINEAR_RETRY, 7, WRITE));
	/* the limit and the key are another matter, and change nothing */
	ck_assert(!blames(&g, LINEAR_LIMITED, 7, WRITE));
	ck_assert(!blames(&g, LINEAR_AUTH, 7, WRITE));
	ck_assert(!blames(&g, LINEAR_RETRY, 7, WRITE));
	ck_assert(!blames(&g, LINEAR_OK, 8, WRITE));
	ck_assert(blames(&g, LINEAR_RETRY, 7, WRITE));
}
END_TEST

START_TEST(one_issue_waits_and_the_passes_fail)
{
	struct gate g = {0};

	ck_assert(!blames(&g, LINEAR_RETRY, GATE_NO_ISSUE, READ));
	for (int i = 0; i < 20; i++)
		ck_assert(!blames(&g, LINEAR_RETRY, 7, i % 2));
	ck_assert(!blames(&g, LINEAR_OK, GATE_NO_ISSUE, READ));
	ck_assert(blames(&g, LINEAR_RETRY, 7, READ));
}
END_TEST

START_TEST(reads_say_nothing_of_writes)
{
	struct gate g = {0};

	(void)blames(&g, LINEAR_RETRY, 7, WRITE);
	for (int i = 0; i < 20; i++) {
		ck_assert(!blames(&g, LINEAR_RETRY, 8, WRITE));
		ck_assert(!blames(&g, LINEAR_OK, 8, READ));
		ck_assert(!blames(&g, LINEAR_RETRY, 7, WRITE));
	}
}
END_TEST

START_TEST(what_stands_before_linear_blames_nobody)
{
	struct gate g = {0};
	struct linear_answer a = {.outcome = LINEAR_RETRY};

	for (int i = 0; i < 20; i++) {
		gate_blame(&g, &a, 7, WRITE);
		ck_assert(!a.own_fault);
	}
}
END_TEST

/* --- how long it is waited ------------------------------------------------ */

START_TEST(waits_grow)
{
	usec_t wait;

	for (int64_t attempts = 0; attempts < 100; attempts++) {
		usec_t most = attempts < 10 ? SECOND << attempts : 900 * SECOND;

		wait = lease_backoff(attempts);
		ck_assert(wait <= most && wait > most / 2 - SECOND);
	}
}
END_TEST

START_TEST(patience_grows_with_what_was_waited)
{
	const struct sync_job job = {.dirty_since = 1000 * SECOND};
	static const struct {
		int64_t age_s, most_s;
	} cases[] = {{0, 1}, {4, 1}, {40, 10}, {120, 30}, {7200, 30}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const usec_t most = cases[i].most_s * SECOND;
		const usec_t wait =
		    job_patience(&job, (1000 + cases[i].age_s) * SECOND);

		ck_assert(wait <= most && wait >= most / 2);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("gate");

	ADD_TESTS(
	    suite, "gate", bad_luck_is_no_outage, an_outage_is_probed,
	    a_long_outage_is_probed_often, limits_are_obeyed,
	    what_linear_asks_for_is_heard, a_refused_key_pauses_at_once,
	    the_rest_is_for_people, what_was_used_comes_back,
	    what_others_know_is_heeded, a_key_refused_elsewhere_is_tried_once,
	    what_nobody_knows_stays, an_issue_that_fails_alone_is_to_blame,
	    in_an_outage_nothing_is_to_blame,
	    one_issue_waits_and_the_passes_fail, reads_say_nothing_of_writes,
	    what_stands_before_linear_blames_nobody, waits_grow,
	    patience_grows_with_what_was_waited);
	return run_suite(suite);
}
