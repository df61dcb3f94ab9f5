#ifndef SYNC_MERGE_H
#define SYNC_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/issue.h"
#include "history.h"
#include "linear/client.h"
#include "sync/pending_write.h"
#include "sync/snapshot.h"

/* The rules by which the two sides of an issue are merged. There is no
 * database access here: callers pass all input. */

#define PROFILE_UNKNOWN (-1)

struct merge_input {
	const struct issue *ours;
	const struct snapshot *snapshot;
	const struct linear_issue *theirs;
	const struct pending_write *pending;
	size_t pending_count;
	unsigned fields; /* the fields to merge */
	/* the staff profile of Linear's assignee; 0: nobody is assigned;
	 * PROFILE_UNKNOWN: somebody who is not staff here */
	int64_t their_profile;
	usec_t ours_at[SYNC_FIELD_MAX]; /* when each field last changed here */
};

/* A value that loses to another. */
struct conflict {
	enum sync_field field;
	bool ours_lost;
	bool is_echo; /* maybe nobody's edit: we sent the same value once */
};

struct merge {
	struct snapshot snapshot;   /* as it is after the merge */
	struct issue_change change; /* what our issue takes from Linear's */
	struct conflict conflicts[SYNC_FIELD_MAX];
	size_t conflict_count;
	bool description_apart; /* linear_description is new */
};

/* Merges field by field. A value that only one side changed since the
 * snapshot goes to both; if both changed it, the later change wins. A
 * customer's own description always stays as they wrote it. */
void merge_issue(struct merge *out, const struct merge_input *in);

/* Sets the snapshot after Linear took those fields as sent, and returned
 * `theirs` (NULL: nothing was sent, since Linear cannot hold the values, or
 * holds them already). */
void snapshot_agree(struct snapshot *b, const struct issue *sent,
		    const struct linear_issue *theirs, unsigned fields);

/* The fields in which the payload differs from the last one received. */
unsigned merge_changed_there(const struct snapshot *snapshot,
			     const struct linear_issue *theirs);

/* True if a field changed on both sides, so that ours_at is needed. */
bool merge_needs_change_times(const struct merge_input *in);

/* For a stale payload of a change made just then: the fields that hold a
 * value which neither side holds now, and which we did not send. */
unsigned merge_stale(const struct merge_input *in);

#endif
