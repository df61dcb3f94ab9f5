#ifndef SYNC_MERGE_H
#define SYNC_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/issue.h"
#include "linear/client.h"
#include "sync/snapshot.h"

/* The rules by which the two sides of an issue are merged. There is no
 * database access here: callers pass all input. */

/* The status for a type of workflow state; 0: unknown type. */
enum status status_of_type(const char *type);

/* The status that Linear is to show: an issue that was resolved and then
 * closed stays completed there. */
enum status status_for_linear(const struct issue *ours);

/* True if a status of Linear's equals ours, or is what ours becomes there. */
bool status_agrees(const struct issue *ours, enum status theirs);

/* The state of the team for a status: of the right type, lowest position.
 * NULL: the team has none. */
const struct linear_state *state_for_status(const struct linear_team *team,
					    enum status status);

int linear_priority_of(enum priority p); /* 1 urgent .. 4 low */
enum priority
priority_of_linear(int p); /* 0: no priority, which has no counterpart here */

struct hash hash_of(const char *text);

/* Hash of a text's letters and digits only, without link targets: the same
 * before and after Linear reformats the Markdown. */
struct hash loose_hash_of(const char *text);

bool hash_same(const struct hash *a, const struct hash *b);

/* A time that Linear reports, but not later than now: its clock may be
 * ahead. */
usec_t time_clamped(usec_t told, usec_t now);

/* How far Linear's clock may be ahead of ours. */
#define CLOCK_AHEAD_MAX (86400 * USEC_PER_SEC)

bool is_far_ahead(usec_t told, usec_t now);

/* True if a payload of time `told` is older than what is known. A known time
 * that lies far ahead orders nothing: a clock was wrong then, and otherwise
 * no later payload would count. */
bool is_older(usec_t told, usec_t known, usec_t now);

/* True if what was read at `asked_at` holds although Linear dates it before
 * what is known: Linear's clock was ahead then, and has been corrected. If
 * the two times are close, the known change may have come in meanwhile, and
 * be newer than what was read. */
bool clock_was_set_back(usec_t known, usec_t asked_at);

/* The pending write for a value that is sent. Of a description only that is
 * hashed which Linear does not reformat. */
struct pending_write pending_write_of_text(enum sync_field field,
					   const char *text);
struct pending_write pending_write_of_id(enum sync_field field,
					 const char *id); /* NULL: none */
struct pending_write pending_write_of_priority(int linear_priority);

/* True if the payload holds that value. */
bool pending_write_arrived(const struct pending_write *f,
			   const struct linear_issue *theirs);

/* --- the merge ----------------------------------------------------------- */

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

/* True if the field's current value was set here, not in Linear. */
bool history_is_ours(const struct field_history *history, size_t n);

/* True if the history has a value that Linear held in a field at time `at`,
 * under one of these names (NULL-terminated; none: nobody): recorded since,
 * or our own value so shortly before that its write may have been pending. */
bool history_knows(const struct field_history *history, size_t n,
		   enum sync_field field, const char *const *names, usec_t at);

/* --- the difference ------------------------------------------------------ */

/* The fields to send to Linear: those that differ from the snapshot. A
 * status that Linear's current state already means is not sent. */
unsigned fields_to_push(const struct issue *ours,
			const struct snapshot *snapshot);

/* Hash of what the link back shows, except what never changes. */
struct hash link_hash(const struct issue *ours, const char *public_url);

/* What the snapshot stores if Linear refused the link: the link is not sent
 * again until what it shows changes. */
struct hash link_refused(const struct hash *link);

/* True if the link was sent, or refused, as it is. */
bool link_is_current(const struct snapshot *snapshot, const struct hash *link);

/* True if the customer's thread should be open and is not: Linear refused it
 * when the issue was created. A thread that was deleted in Linear has no id;
 * the next reply opens another one. */
bool wants_thread(const struct issue *ours, const struct snapshot *snapshot);

/* True if anything at all is to be sent for the issue. */
bool wants_push(const struct issue *ours, const struct snapshot *snapshot,
		const struct hash *link);

#endif
