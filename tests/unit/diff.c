/* What differs between an issue and Linear: how texts, states and times of both
 * sides compare, what the history knows, and when there is something to push.
 */

#include "sync/diff.h"

#include "sync/hash.h"
#include "sync/mapping.h"
#include "sync/merge.h"
#include "unit/agreed.h"
#include "unit/runner.h"

static struct issue ours;
static struct linear_issue theirs;
static struct snapshot snapshot;

static void
set_up(void)
{
	agreed(&ours, &theirs, &snapshot);
}

START_TEST(texts_as_linear_writes_them)
{
	static const char *const pairs[][2] = {
	    {"a - b\n- list", "a - b\n* list"},
	    {"see http://x.y/z", "see [http://x.y/z](<http://x.y/z>)"},
	    {"_soft_ __hard__", "*soft* **hard**"},
	    {"1) one", "1. one"}};
	struct hash a, b;

	for (size_t i = 0; i < COUNT(pairs); i++) {
		a = loose_hash_of(pairs[i][0]);
		b = loose_hash_of(pairs[i][1]);
		ck_assert_msg(hash_same(&a, &b), "%s", pairs[i][0]);
	}
	a = loose_hash_of("one");
	b = loose_hash_of("two");
	ck_assert(!hash_same(&a, &b));
}
END_TEST

START_TEST(the_state_for_a_status)
{
	struct linear_state states[] = {{"b", "backlog", "Backlog", 0},
					{"r", "started", "In Review", 1002},
					{"p", "started", "In Progress", 2},
					{"d", "completed", "Done", 3}};
	struct linear_team team = {.states = states, .n = COUNT(states)};

	ck_assert_str_eq(state_for_status(&team, STATUS_OPEN)->id, "b");
	ck_assert_str_eq(state_for_status(&team, STATUS_IN_PROGRESS)->id, "p");
	ck_assert_str_eq(state_for_status(&team, STATUS_RESOLVED)->id, "d");
	ck_assert_ptr_null(state_for_status(&team, STATUS_CLOSED));
	ck_assert_int_eq(status_of_type("triage"), STATUS_OPEN);
	ck_assert_int_eq(status_of_type("duplicate"), STATUS_CLOSED);
	ck_assert_int_eq(status_of_type("limbo"), 0);
	for (int p = PRIORITY_LOW; p <= PRIORITY_URGENT; p++)
		ck_assert_int_eq(
		    priority_of_linear(linear_priority_of((enum priority)p)),
		    (enum priority)p);
	ck_assert_int_eq(linear_priority_of(PRIORITY_URGENT), 1);
}
END_TEST

START_TEST(what_the_history_knows)
{
	const usec_t long_ago = 1000, at = long_ago + 10 * PENDING_WRITE_MAX;
	const struct field_history history[] = {
	    {.at = long_ago, .is_ours = true, .from = "a", .to = "b"},
	    {.at = long_ago + 1, .is_ours = true, .from = "b", .to = "c"},
	    {.at = long_ago + 2, .is_conflict = true, .from = "x", .to = "c"},
	    {.at = at - 1, .is_ours = false, .from = "c", .to = NULL},
	    {.at = at + 5, .is_ours = true, .from = NULL, .to = "e"},
	    {.at = at + 9, .is_conflict = true, .from = "y", .to = "e"}};
	static const struct {
		const char *names[3];
		bool known;
	} cases[] = {{{"a"}, false},	 {{"b"}, false}, {{"c"}, true},
		     {{"x"}, false},	 {{NULL}, true}, {{"e"}, true},
		     {{"d", "y"}, true}, {{"z"}, false}};

	for (size_t i = 0; i < COUNT(cases); i++)
		ck_assert_msg(history_knows(history, COUNT(history), SYNC_TITLE,
					    cases[i].names,
					    at) == cases[i].known,
			      "%zu", i);
	ck_assert(history_is_ours(history, COUNT(history)));
	ck_assert(!history_is_ours(history, 4));
	ck_assert(!history_is_ours(history, 0));
}
END_TEST

START_TEST(a_thread_that_was_not_opened)
{
	struct hash link = link_hash(&ours, "http://x");

	snapshot.link = link;
	snapshot.thread_id = "thread";
	ck_assert(!wants_push(&ours, &snapshot, &link));
	ours.kind.is_client_issue = true;
	ck_assert(wants_push(&ours, &snapshot, &link));
	snapshot.thread_open = true;
	ck_assert(!wants_push(&ours, &snapshot, &link));
	snapshot.thread_open = false;
	snapshot.thread_id = NULL;
	ck_assert(!wants_push(&ours, &snapshot, &link));
}
END_TEST

START_TEST(times_there_are_no_later_than_now)
{
	ck_assert_int_eq(time_clamped(1000, 2000), 1000);
	ck_assert_int_eq(time_clamped(3000, 2000), 2000);
	ck_assert_int_eq(time_clamped(0, 2000), 2000);
}
END_TEST

START_TEST(times_yet_to_come_order_nothing)
{
	const usec_t now = 1000 * CLOCK_AHEAD_MAX;

	ck_assert(is_older(now - 2, now - 1, now));
	ck_assert(!is_older(now - 1, now - 1, now));
	ck_assert(!is_older(now, now - 1, now));
	ck_assert(is_older(now, now + CLOCK_AHEAD_MAX, now));
	ck_assert(!is_older(now, now + CLOCK_AHEAD_MAX + 1, now));
	ck_assert(!is_far_ahead(now + CLOCK_AHEAD_MAX, now));
	ck_assert(is_far_ahead(now + CLOCK_AHEAD_MAX + 1, now));
}
END_TEST

START_TEST(what_is_to_be_pushed)
{
	struct hash link = link_hash(&ours, "http://x");

	ck_assert(wants_push(&ours, &snapshot, &link));
	snapshot.link = link;
	ck_assert(!wants_push(&ours, &snapshot, &link));
	ours.kind.category = CATEGORY_BILLING;
	link = link_hash(&ours, "http://x");
	ck_assert(wants_push(&ours, &snapshot, &link));
	/* a refused one only when it shows something else */
	snapshot.link = link_refused(&link);
	ck_assert(!wants_push(&ours, &snapshot, &link));
	ours.kind.category = CATEGORY_DELIVERY;
	link = link_hash(&ours, "http://x");
	ck_assert(wants_push(&ours, &snapshot, &link));
	snapshot.gone_at = 1;
	ck_assert(!wants_push(&ours, &snapshot, &link));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("diff");
	TCase *t = tcase_create("diff");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, texts_as_linear_writes_them);
	tcase_add_test(t, the_state_for_a_status);
	tcase_add_test(t, what_the_history_knows);
	tcase_add_test(t, a_thread_that_was_not_opened);
	tcase_add_test(t, times_there_are_no_later_than_now);
	tcase_add_test(t, times_yet_to_come_order_nothing);
	tcase_add_test(t, what_is_to_be_pushed);
	suite_add_tcase(s, t);
	return run_suite(s);
}
