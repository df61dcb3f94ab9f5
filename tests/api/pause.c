/* sync/pause.h: the processes share one pause of the requests to Linear. */

#include "sync/pause.h"
#include "base/clock.h"
#include "database.h"
#include "db/shared_state.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/fixture.h"

/* One of us tells of a pause that it begins now. */
static void
note_pause(struct ctx *c, enum linear_outcome reason, usec_t seconds)
{
	struct breaker g = {.reason = reason,
			    .until = c->now + seconds * USEC_PER_SEC};

	ck_assert_int_eq(pause_share(c, &g), OK);
	ck_assert(g.is_shared);
}

/* What all know of it. */
static void
is_paused(struct ctx *c, enum linear_outcome reason, usec_t since, usec_t until)
{
	struct shared_state paused;

	ck_assert_int_eq(shared_state_get(&paused, c, STATE_PAUSED), OK);
	ck_assert_str_eq(paused.value, linear_outcome_words[reason]);
	ck_assert_int_eq(paused.updated_at, since);
	ck_assert_int_eq(paused.until, until);
}

static enum err
pause_at_once(void *arg)
{
	struct ctx *c = arg;
	const usec_t s = USEC_PER_SEC, start = c->now;
	struct shared_state refused;

	ck_assert_int_eq(shared_state_clear(c, STATE_PAUSED), OK);
	ck_assert_int_eq(shared_state_clear(c, STATE_REFUSED), OK);
	note_pause(c, LINEAR_LIMITED, 60);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	c->now += s;
	note_pause(c, LINEAR_RETRY, 15);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	ck_assert_int_eq(shared_state_get(&refused, c, STATE_REFUSED), OK);
	ck_assert_ptr_null(refused.value);
	note_pause(c, LINEAR_AUTH, 5);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	ck_assert_int_eq(shared_state_get(&refused, c, STATE_REFUSED), OK);
	ck_assert_str_eq(refused.value, "");
	/* it ends later */
	note_pause(c, LINEAR_RETRY, 90);
	is_paused(c, LINEAR_RETRY, start + s, start + 91 * s);
	/* that was over a while ago */
	c->now += 100 * s;
	note_pause(c, LINEAR_AUTH, 5);
	is_paused(c, LINEAR_AUTH, start + 101 * s, start + 106 * s);
	return ERR_INVALID; /* rolls back, so that others never see it */
}

START_TEST(the_pause_that_ends_later_is_kept)
{
	struct ctx c = {.db = scratch_db,
			.arena = test_arena(),
			.conf = &scratch_conf,
			.now = clock_now()};

	ck_assert_int_eq(db_transaction(scratch_db, pause_at_once, &c),
			 ERR_INVALID);
}
END_TEST

Suite *
pause_suite(void)
{
	Suite *s = suite_create("pause");
	TCase *t = tcase_create("pause");

	tcase_add_checked_fixture(t, database_set_up, database_tear_down);
	tcase_add_test(t, the_pause_that_ends_later_is_kept);
	suite_add_tcase(s, t);
	return s;
}
