/* When nothing is sent to Linear, and when it is tried again. */

#include "sync/breaker.h"
#include "db/lease.h"

#include "desk/sync_job.h"
#include "unit/runner.h"

#define SECOND USEC_PER_SEC

static const struct linear_budget plenty = {.limit = 2500,
					    .remaining = 2000,
					    .points_limit = 1000,
					    .points_remaining = 900,
					    .retry_after_s = -1};

static enum breaker_event
answer(struct breaker *br, enum linear_outcome outcome, usec_t now)
{
	const struct linear_answer a = {.outcome = outcome, .budget = plenty};

	return breaker_record(br, &a, now);
}

START_TEST(bad_luck_is_no_outage)
{
	struct breaker br = {0};

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(answer(&br, LINEAR_RETRY, i), BREAKER_SAME);
	ck_assert_int_eq(answer(&br, LINEAR_OK, 5), BREAKER_SAME);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(answer(&br, LINEAR_RETRY, i), BREAKER_SAME);
	ck_assert_uint_eq(breaker_room(&br, 6, 50), 50);
}
END_TEST

START_TEST(an_outage_is_probed)
{
	struct breaker br = {0};
	usec_t now = 0;

	for (int i = 0; i < 4; i++)
		(void)answer(&br, LINEAR_RETRY, now);
	ck_assert_int_eq(answer(&br, LINEAR_RETRY, now), BREAKER_PAUSED);
	ck_assert_uint_eq(breaker_room(&br, now, 50), 0);
	/* those that were out already say nothing new */
	ck_assert_int_eq(answer(&br, LINEAR_RETRY, now), BREAKER_SAME);
	now += SECOND;
	ck_assert_uint_eq(breaker_room(&br, now, 50), 1);
	breaker_begin(&br);
	ck_assert_uint_eq(breaker_room(&br, now, 50), 0);
	ck_assert_int_eq(answer(&br, LINEAR_RETRY, now), BREAKER_PAUSED);
	ck_assert_uint_eq(breaker_room(&br, now + SECOND, 50), 0);
	now += 2 * SECOND;
	ck_assert_uint_eq(breaker_room(&br, now, 50), 1);
	breaker_begin(&br);
	ck_assert_int_eq(answer(&br, LINEAR_OK, now), BREAKER_RESUMED);
	ck_assert_uint_eq(breaker_room(&br, now, 50), 50);
}
END_TEST

START_TEST(a_long_outage_is_probed_often)
{
	struct breaker br = {0};
	usec_t now = 0;

	for (int i = 0; i < 40; i++) {
		(void)answer(&br, LINEAR_RETRY, now);
		now = br.until > now ? br.until : now;
	}
	ck_assert_int_eq(br.wait, 15 * SECOND);
}
END_TEST

START_TEST(limits_are_obeyed)
{
	struct breaker br = {0};
	struct linear_answer a = {
	    .outcome = LINEAR_LIMITED,
	    .budget = {.limit = 2500, .remaining = 0, .retry_after_s = -1}};

	ck_assert_int_eq(breaker_record(&br, &a, 0), BREAKER_PAUSED);
	ck_assert_int_eq(br.wait, 60 * SECOND);
	ck_assert_int_eq(breaker_record(&br, &a, br.until), BREAKER_PAUSED);
	ck_assert_int_eq(br.wait, 120 * SECOND);
	for (int i = 0; i < 10; i++)
		(void)breaker_record(&br, &a, br.until);
	ck_assert_int_eq(br.wait, 3600 * SECOND);
	ck_assert_ptr_nonnull(breaker_reason_text(br.reason));
	br = (struct breaker){0};
	a.budget.retry_after_s = 7;
	(void)breaker_record(&br, &a, 0);
	ck_assert_int_eq(br.wait, 7 * SECOND);
	br = (struct breaker){0};
	ck_assert_int_eq(answer(&br, LINEAR_LIMITED, 0), BREAKER_PAUSED);
	ck_assert_int_eq(br.wait, SECOND);
}
END_TEST

START_TEST(what_linear_asks_for_is_heard)
{
	struct breaker br = {0};
	struct linear_answer a = {.outcome = LINEAR_LIMITED, .budget = plenty};

	/* also when the bucket is not empty, and the second time */
	a.budget.retry_after_s = 60;
	(void)breaker_record(&br, &a, 0);
	ck_assert_int_eq(br.wait, 60 * SECOND);
	a.budget.retry_after_s = 90;
	(void)breaker_record(&br, &a, br.until);
	ck_assert_int_eq(br.wait, 90 * SECOND);
	/* of an outage, too; but nothing lasts for ever */
	br = (struct breaker){.failures = 4};
	a.outcome = LINEAR_RETRY;
	a.budget.retry_after_s = 100;
	(void)breaker_record(&br, &a, 0);
	ck_assert_int_eq(br.wait, 100 * SECOND);
	a.budget.retry_after_s = INT64_MAX;
	(void)breaker_record(&br, &a, br.until);
	ck_assert_int_eq(br.wait, 3600 * SECOND);
}
END_TEST

START_TEST(a_refused_key_pauses_at_once)
{
	struct breaker br = {0};

	ck_assert_int_eq(answer(&br, LINEAR_AUTH, 0), BREAKER_PAUSED);
	ck_assert_uint_eq(breaker_room(&br, SECOND, 50), 0);
	ck_assert_uint_eq(breaker_room(&br, 5 * SECOND, 50), 1);
	/* refusals of one issue show that the key works */
	ck_assert_int_eq(answer(&br, LINEAR_INVALID, 5 * SECOND),
			 BREAKER_RESUMED);
}
END_TEST

/* A fifth of it. */
START_TEST(the_rest_is_for_people)
{
	struct breaker br = {0};
	struct linear_answer a = {.outcome = LINEAR_OK, .budget = plenty};

	ck_assert_uint_eq(breaker_spare(&br, 0), BREAKER_UNLIMITED);
	(void)breaker_record(&br, &a, 0);
	ck_assert_uint_eq(breaker_spare(&br, 0), 1500);
	a.budget.remaining = 501;
	(void)breaker_record(&br, &a, 0);
	ck_assert_uint_eq(breaker_spare(&br, 0), 1);
	a.budget.remaining = 500;
	(void)breaker_record(&br, &a, 0);
	ck_assert_uint_eq(breaker_spare(&br, 0), 0);
	a.budget.limit = -1; /* of an answer without headers */
	a.budget.remaining = -1;
	(void)breaker_record(&br, &a, 0);
	ck_assert_uint_eq(breaker_spare(&br, 0), 0);
}
END_TEST

/* A bucket fills in an hour, told or not. */
START_TEST(what_was_used_comes_back)
{
	struct breaker br = {0};
	struct linear_answer a = {.outcome = LINEAR_OK, .budget = plenty};

	a.budget.remaining = 0;
	(void)breaker_record(&br, &a, 50 * SECOND);
	ck_assert_int_eq(breaker_refill_time(&br), 1440000);
	ck_assert_uint_eq(breaker_spare(&br, 50 * SECOND), 0);
	ck_assert_uint_eq(breaker_spare(&br, (50 + 720) * SECOND), 0);
	ck_assert_uint_eq(breaker_spare(&br, (50 + 722) * SECOND), 1);
	/* both buckets count */
	a.budget = plenty;
	a.budget.points_remaining = 50;
	(void)breaker_record(&br, &a, 1000 * SECOND);
	ck_assert_uint_eq(breaker_spare(&br, (1000 + 539) * SECOND), 0);
	ck_assert_uint_gt(breaker_spare(&br, (1000 + 541) * SECOND), 0);
}
END_TEST

/* Many daemons, and workers, share one key. */
START_TEST(what_others_know_is_heeded)
{
	struct breaker br = {0};
	const struct linear_answer a = {
	    .outcome = LINEAR_LIMITED,
	    .budget = {.limit = 2500, .remaining = 0, .retry_after_s = -1}};

	ck_assert_int_eq(breaker_end_shared(&br), BREAKER_SAME);
	ck_assert_int_eq(
	    breaker_adopt(&br, LINEAR_LIMITED, 10 * SECOND, 70 * SECOND),
	    BREAKER_PAUSED);
	ck_assert_uint_eq(breaker_room(&br, 69 * SECOND, 50), 0);
	ck_assert_uint_eq(breaker_room(&br, 70 * SECOND, 50), 1);
	/* heard again, and that it takes longer */
	ck_assert_int_eq(
	    breaker_adopt(&br, LINEAR_LIMITED, 10 * SECOND, 70 * SECOND),
	    BREAKER_SAME);
	ck_assert_int_eq(
	    breaker_adopt(&br, LINEAR_LIMITED, 70 * SECOND, 190 * SECOND),
	    BREAKER_SAME);
	ck_assert_uint_eq(breaker_room(&br, 189 * SECOND, 50), 0);
	/* our own pause goes on where theirs was */
	(void)breaker_record(&br, &a, 190 * SECOND);
	ck_assert_int_eq(br.wait, 240 * SECOND);
	ck_assert_int_eq(breaker_end_shared(&br), BREAKER_RESUMED);
	ck_assert_uint_eq(breaker_room(&br, 191 * SECOND, 50), 50);
}
END_TEST

START_TEST(a_key_refused_elsewhere_is_tried_once)
{
	struct breaker br = {0};

	(void)breaker_adopt(&br, LINEAR_AUTH, 10 * SECOND, 50 * SECOND);
	ck_assert_uint_eq(breaker_room(&br, 11 * SECOND, 50), 1);
	(void)breaker_adopt(&br, LINEAR_AUTH, 10 * SECOND, 50 * SECOND);
	ck_assert_uint_eq(breaker_room(&br, 11 * SECOND, 50), 1);
	(void)answer(&br, LINEAR_AUTH, 11 * SECOND);
	ck_assert_uint_eq(breaker_room(&br, 12 * SECOND, 50), 0);
	ck_assert_int_eq(br.wait, 60 * SECOND);
}
END_TEST

/* What was not yet told to the others is not taken back by them. */
START_TEST(what_nobody_knows_stays)
{
	struct breaker br = {0};

	(void)answer(&br, LINEAR_AUTH, 0);
	ck_assert_int_eq(breaker_end_shared(&br), BREAKER_SAME);
	ck_assert_ptr_nonnull(breaker_reason_text(br.reason));
}
END_TEST

/* --- issue-specific failures ---------------------------------------------- */

enum { READ, WRITE };

static bool
is_specific(struct breaker *br, enum linear_outcome outcome, int64_t issue_id,
	    bool writes)
{
	struct linear_answer a = {.outcome = outcome, .answered = true};

	breaker_classify(br, &a, issue_id, writes);
	(void)breaker_record(br, &a, 0);
	return a.is_issue_specific;
}

START_TEST(an_issue_that_fails_alone_is_to_blame)
{
	struct breaker br = {0};

	for (int i = 0; i < 20; i++) {
		ck_assert(is_specific(&br, LINEAR_RETRY, 7, WRITE));
		/* whatever goes well beside it */
		ck_assert(!is_specific(&br, LINEAR_OK, 8, i % 2));
		ck_assert(!is_specific(&br, LINEAR_OK, BREAKER_NO_ISSUE, READ));
		ck_assert(!is_specific(&br, LINEAR_INVALID, 7, WRITE));
	}
	/* and if nothing else happens */
	for (int i = 0; i < 20; i++)
		ck_assert(is_specific(&br, LINEAR_RETRY, 7, READ));
	/* the others go on meanwhile */
	ck_assert_uint_eq(breaker_room(&br, 0, 50), 50);
}
END_TEST

START_TEST(in_an_outage_nothing_is_to_blame)
{
	struct breaker br = {0};

	/* the first one cannot know */
	(void)is_specific(&br, LINEAR_RETRY, 7, WRITE);
	for (int64_t i = 0; i < 100; i++)
		ck_assert(!is_specific(&br, LINEAR_RETRY, 8 + i % 3, i % 2));
	ck_assert_uint_eq(breaker_room(&br, 0, 50), 0);
	ck_assert(!is_specific(&br, LINEAR_RETRY, 7, WRITE));
	/* the limit and the key are another matter, and change nothing */
	ck_assert(!is_specific(&br, LINEAR_LIMITED, 7, WRITE));
	ck_assert(!is_specific(&br, LINEAR_AUTH, 7, WRITE));
	ck_assert(!is_specific(&br, LINEAR_RETRY, 7, WRITE));
	ck_assert(!is_specific(&br, LINEAR_OK, 8, WRITE));
	ck_assert(is_specific(&br, LINEAR_RETRY, 7, WRITE));
}
END_TEST

START_TEST(one_issue_waits_and_the_passes_fail)
{
	struct breaker br = {0};

	ck_assert(!is_specific(&br, LINEAR_RETRY, BREAKER_NO_ISSUE, READ));
	for (int i = 0; i < 20; i++)
		ck_assert(!is_specific(&br, LINEAR_RETRY, 7, i % 2));
	ck_assert(!is_specific(&br, LINEAR_OK, BREAKER_NO_ISSUE, READ));
	ck_assert(is_specific(&br, LINEAR_RETRY, 7, READ));
}
END_TEST

START_TEST(reads_say_nothing_of_writes)
{
	struct breaker br = {0};

	(void)is_specific(&br, LINEAR_RETRY, 7, WRITE);
	for (int i = 0; i < 20; i++) {
		ck_assert(!is_specific(&br, LINEAR_RETRY, 8, WRITE));
		ck_assert(!is_specific(&br, LINEAR_OK, 8, READ));
		ck_assert(!is_specific(&br, LINEAR_RETRY, 7, WRITE));
	}
}
END_TEST

START_TEST(what_stands_before_linear_blames_nobody)
{
	struct breaker br = {0};
	struct linear_answer a = {.outcome = LINEAR_RETRY};

	for (int i = 0; i < 20; i++) {
		breaker_classify(&br, &a, 7, WRITE);
		ck_assert(!a.is_issue_specific);
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
		    job_retry_wait(&job, (1000 + cases[i].age_s) * SECOND);

		ck_assert(wait <= most && wait >= most / 2);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("breaker");

	ADD_TESTS(
	    suite, "breaker", bad_luck_is_no_outage, an_outage_is_probed,
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
