/* The rules by which both sides of an issue become one. */

#include "sync/merge.h"

#include <string.h>

#include "sync/diff.h"
#include "sync/mapping.h"
#include "unit/agreed.h"
#include "unit/runner.h"

static struct issue ours;
static struct linear_issue theirs;
static struct snapshot snapshot;
static struct pending_write pending[4];
static struct merge_input in;
static struct merge m;

static void
set_up(void)
{
	agreed(&ours, &theirs, &snapshot);
	theirs.updated_at = 2000;
	in = (struct merge_input){.ours = &ours,
				  .snapshot = &snapshot,
				  .theirs = &theirs,
				  .pending = pending,
				  .fields = SYNC_ALL_FIELDS};
}

static void
merge(void)
{
	merge_issue(&m, &in);
}

START_TEST(nothing_changed)
{
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
	ck_assert_uint_eq(merge_changed_there(&snapshot, &theirs), 0);
}
END_TEST

START_TEST(only_theirs_changed)
{
	theirs.title = "New";
	theirs.priority = 1;
	theirs.state_id = "done";
	theirs.state_type = "completed";
	theirs.assignee_id = "u";
	in.their_profile = 7;
	merge();
	ck_assert_uint_eq(m.change.set,
			  SET_TITLE | SET_PRIORITY | SET_STATUS | SET_ASSIGNEE);
	ck_assert_str_eq(m.change.title, "New");
	ck_assert_int_eq(m.change.priority, PRIORITY_URGENT);
	ck_assert_int_eq(m.change.status, STATUS_RESOLVED);
	ck_assert_int_eq(m.change.assigned_to, 7);
	ck_assert_uint_eq(m.conflict_count, 0);
	/* as ours now are, nothing goes back */
	ours.title = "New";
	ours.kind.priority = PRIORITY_URGENT;
	ours.kind.status = STATUS_RESOLVED;
	ours.kind.assigned_to = 7;
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

START_TEST(only_ours_changed)
{
	ours.title = "New";
	ours.kind.status = STATUS_CLOSED;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot),
			  SYNC_FIELD_BIT(SYNC_TITLE) |
			      SYNC_FIELD_BIT(SYNC_STATUS));
}
END_TEST

START_TEST(the_later_wins)
{
	ours.title = "Ours";
	theirs.title = "Theirs";
	ck_assert(merge_needs_change_times(&in));
	in.ours_at[SYNC_TITLE] = 1500;
	merge();
	ck_assert_uint_eq(m.change.set, SET_TITLE);
	ck_assert_uint_eq(m.conflict_count, 1);
	ck_assert(m.conflicts[0].ours_lost);
	in.ours_at[SYNC_TITLE] = 2500;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 1);
	ck_assert(!m.conflicts[0].ours_lost);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot),
			  SYNC_FIELD_BIT(SYNC_TITLE));
}
END_TEST

/* Ours won, and then went back to what was agreed before: Linear is told. */
START_TEST(ours_go_back)
{
	ours.kind.status = STATUS_CLOSED;
	theirs.state_id = "done";
	theirs.state_type = "completed";
	in.ours_at[SYNC_STATUS] = 2500;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ours.kind.status = STATUS_OPEN;
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot),
			  SYNC_FIELD_BIT(SYNC_STATUS));
	ours.kind.status = STATUS_RESOLVED;
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

START_TEST(the_same_on_both_sides)
{
	ours.title = theirs.title = "Same";
	ours.kind.priority = PRIORITY_LOW;
	theirs.priority = 4;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

START_TEST(a_customers_words_stay)
{
	ours.kind.is_client_issue = true;
	theirs.description = "Others";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert(m.description_apart);
	ck_assert_str_eq(m.snapshot.linear_description, "Others");
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
	ours.kind.is_client_issue = false;
	merge();
	ck_assert_uint_eq(m.change.set, SET_DESCRIPTION);
}
END_TEST

START_TEST(states_of_one_meaning)
{
	theirs.state_id = "backlog";
	theirs.state_type = "backlog";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_str_eq(m.snapshot.state_id, "backlog");
	theirs.state_id = "limbo";
	theirs.state_type = "limbo";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
	theirs.state_type = "started";
	ours.kind.status = STATUS_IN_PROGRESS;
	merge();
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

START_TEST(what_means_nothing_here)
{
	theirs.priority = 0;
	theirs.assignee_id = "stranger";
	in.their_profile = PROFILE_UNKNOWN;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_int_eq(m.snapshot.linear_priority, 0);
	ck_assert_str_eq(m.snapshot.assignee_id, "stranger");
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

/* What was sent comes back before it is answered, or instead. */
START_TEST(an_echo_is_no_edit)
{
	ours.description = "see [x](http://y)";
	theirs.description = "see [x](<http://y>)";
	pending[0] = pending_write_of_text(SYNC_DESCRIPTION, ours.description);
	pending[0].sent_at = 1900;
	in.pending_count = 1;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

/* Made by a request that was never answered, and assigned since. */
START_TEST(nobody_was_assigned_when_it_was_made)
{
	snapshot = (struct snapshot){.state_id = "", .state_type = ""};
	ours.kind.assigned_to = 7;
	theirs.description = ours.description;
	snapshot_agree(&snapshot, &ours, NULL, SYNC_ALL_FIELDS);
	pending[0] = pending_write_of_id(SYNC_ASSIGNEE, NULL);
	pending[0].sent_at = 1900;
	pending[1] = pending_write_of_id(SYNC_ASSIGNEE, "u");
	pending[1].sent_at = 1950;
	in.pending_count = 2;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot),
			  SYNC_FIELD_BIT(SYNC_ASSIGNEE));
}
END_TEST

/* Where one character is the whole edit. */
START_TEST(a_title_is_heard_exactly)
{
	ours.title = "Room 15";
	theirs.title = "Room 1.5";
	pending[0] = pending_write_of_text(SYNC_TITLE, ours.title);
	pending[0].sent_at = 1900;
	in.pending_count = 1;
	ck_assert(!pending_write_arrived(&pending[0], &theirs));
	merge();
	ck_assert_uint_eq(m.change.set, SET_TITLE);
	theirs.title = ours.title;
	ck_assert(pending_write_arrived(&pending[0], &theirs));
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 0);
}
END_TEST

START_TEST(an_echo_of_what_is_outdated)
{
	ours.kind.status = STATUS_RESOLVED;
	theirs.state_id = "doing";
	theirs.state_type = "started";
	pending[0] = pending_write_of_id(SYNC_STATUS, "doing");
	pending[0].sent_at = 1900;
	in.pending_count = 1;
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot),
			  SYNC_FIELD_BIT(SYNC_STATUS));
	/* long after, it is somebody's wish */
	theirs.updated_at = 1900 + PENDING_WRITE_MAX;
	merge();
	ck_assert_uint_eq(m.change.set, SET_STATUS);
}
END_TEST

/* An echo in a state whose type means nothing here. */
START_TEST(an_echo_of_an_unknown_type)
{
	ours.kind.status = STATUS_RESOLVED;
	theirs.state_id = theirs.state_type = "odd";
	pending[0] = pending_write_of_id(SYNC_STATUS, "odd");
	pending[0].sent_at = 1900;
	in.pending_count = 1;
	merge();
	ck_assert_int_eq(m.snapshot.status, STATUS_OPEN);
	ck_assert_uint_eq(m.change.set, 0);
}
END_TEST

/* What was resolved and then closed stays completed in Linear. */
START_TEST(closed_after_it_was_resolved)
{
	ours.kind.status = STATUS_RESOLVED;
	theirs.state_id = "done";
	theirs.state_type = "completed";
	snapshot_agree(&snapshot, &ours, &theirs, SYNC_ALL_FIELDS);
	ours.kind.status = STATUS_CLOSED;
	ours.resolved_at = "2026-11-22T06:24:12.622645Z";
	ck_assert_int_eq(status_for_linear(&ours), STATUS_RESOLVED);
	ck_assert_uint_eq(fields_to_push(&ours, &snapshot), 0);
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	/* nor does another completed state, or a canceled one, pull it back */
	theirs.state_id = "released";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	theirs.state_id = "canceled";
	theirs.state_type = "canceled";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	ck_assert_uint_eq(m.conflict_count, 0);
	snapshot = m.snapshot;
	ck_assert_uint_eq(fields_to_push(&ours, &snapshot), 0);
	theirs.state_id = "done";
	theirs.state_type = "completed";
	merge();
	ck_assert_uint_eq(m.change.set, 0);
	/* it is resolved again, while Linear shows it canceled */
	ours.kind.status = STATUS_RESOLVED;
	ck_assert_uint_eq(fields_to_push(&ours, &snapshot),
			  SYNC_FIELD_BIT(SYNC_STATUS));
}
END_TEST

START_TEST(closed_without_being_resolved)
{
	ours.kind.status = STATUS_CLOSED;
	ck_assert_int_eq(status_for_linear(&ours), STATUS_CLOSED);
	ck_assert_uint_eq(fields_to_push(&ours, &snapshot),
			  SYNC_FIELD_BIT(SYNC_STATUS));
	theirs.state_id = "started";
	theirs.state_type = "started";
	ours.kind.status = STATUS_CLOSED;
	ours.resolved_at = "2026-11-22T06:24:12.622645Z";
	snapshot.status = STATUS_RESOLVED;
	snapshot.state_id = "done";
	snapshot.state_type = "completed";
	merge();
	ck_assert_uint_eq(m.change.set, SET_STATUS);
	ck_assert_int_eq(m.change.status, STATUS_IN_PROGRESS);
	ck_assert_uint_eq(m.conflict_count, 0);
}
END_TEST

/* Longer than ours may be: they are taken whole, and not sent back. */
START_TEST(texts_that_are_too_long)
{
	char title[2 * TITLE_MAX + 10];
	static char description[50001];

	for (size_t i = 0; i < 2 * TITLE_MAX; i += 2)
		memcpy(title + i, "\xC3\xA9", 2);
	memcpy(title + (size_t)2 * TITLE_MAX, "more", 5);
	memset(description, 'x', sizeof(description) - 1);
	theirs.title = title;
	theirs.description = description;
	merge();
	ck_assert_str_eq(m.change.title, title);
	ck_assert_str_eq(m.change.description, description);
	ours.title = m.change.title;
	ours.description = m.change.description;
	ck_assert_uint_eq(fields_to_push(&ours, &m.snapshot), 0);
}
END_TEST

/* An edit in Linear that ours wrote over, told of late. */
START_TEST(what_is_told_late)
{
	theirs.title = "Theirs";
	theirs.priority = 1;
	theirs.description = "Their words";
	theirs.updated_at = 500;
	in.fields =
	    SYNC_FIELD_BIT(SYNC_TITLE) | SYNC_FIELD_BIT(SYNC_DESCRIPTION);
	ck_assert_uint_eq(merge_stale(&in), in.fields);
	/* also of a customer's own, unless Linear only wrote it anew */
	ours.kind.is_client_issue = true;
	ck_assert_uint_eq(merge_stale(&in), in.fields);
	theirs.description = "* *words*";
	ck_assert_uint_eq(merge_stale(&in), SYNC_FIELD_BIT(SYNC_TITLE));
	/* one that was sent is nobody's */
	pending[0] = pending_write_of_text(SYNC_TITLE, "Theirs");
	pending[0].sent_at = 400;
	in.pending_count = 1;
	ck_assert_uint_eq(merge_stale(&in), 0);
}
END_TEST

int
main(void)
{
	const TTest *const all[] = {nothing_changed,
				    only_theirs_changed,
				    only_ours_changed,
				    the_later_wins,
				    the_same_on_both_sides,
				    a_customers_words_stay,
				    ours_go_back,
				    states_of_one_meaning,
				    what_means_nothing_here,
				    an_echo_is_no_edit,
				    nobody_was_assigned_when_it_was_made,
				    a_title_is_heard_exactly,
				    an_echo_of_what_is_outdated,
				    an_echo_of_an_unknown_type,
				    closed_after_it_was_resolved,
				    closed_without_being_resolved,
				    texts_that_are_too_long,
				    what_is_told_late};
	Suite *suite = suite_create("merge");
	TCase *tests = tcase_create("merge");

	tcase_add_checked_fixture(tests, set_up, NULL);
	for (size_t i = 0; i < COUNT(all); i++)
		tcase_add_test(tests, all[i]);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
