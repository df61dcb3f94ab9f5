#ifndef SYNC_MERGE_H
#define SYNC_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/issue.h"
#include "linear/client.h"
#include "sync/snapshot.h"

/* The rules by which two sides of an issue are made one. No database here:
 * what is needed is given. */

/* --- how values correspond ---------------------------------------------- */

/* Which status a type of workflow state means; 0: none that we know. */
enum status status_of_type(const char *type);

/* The status that Linear is to show: an issue that was resolved and then closed
 * stays completed there. */
enum status status_for_linear(const struct issue *ours);

/* True when a status in Linear is what ours means there, or agrees with it. */
bool status_agrees(const struct issue *ours, enum status theirs);

/* The state to move to for a status: the lowest of the right type. NULL: the
 * team has none. */
const struct linear_state *state_for_status(const struct linear_team *team,
					    enum status status);

int linear_priority_of(enum priority p); /* 1 urgent .. 4 low */
enum priority priority_of_linear(int p); /* 0: none, which means nothing */

struct hash hash_of(const char *text);

/* Of a text's letters and digits alone, link targets left out: the same before
 * and after Linear wrote the Markdown anew. */
struct hash loose_hash_of(const char *text);

bool hash_same(const struct hash *a, const struct hash *b);

/* When something was made in Linear: its clock may be ahead of ours. */
usec_t time_clamped(usec_t told, usec_t now);

/* By how much Linear's clock may be ahead of ours, or ours behind. */
#define CLOCK_AHEAD_MAX (86400 * USEC_PER_SEC)

bool is_far_ahead(usec_t told, usec_t now);

/* True when something is told of an earlier time than what is known already.
 * But a time that is yet to come orders nothing: some clock was wrong when it
 * was told, and else nothing told later would be heard. */
bool is_older(usec_t told, usec_t known, usec_t now);

/* True when what was read at `asked_at` holds although Linear dates it before
 * what is known: Linear's clock was ahead then, and came back. What is known of
 * about that time may have come in meanwhile, or be newer than what was read.
 */
bool clock_was_set_back(usec_t known, usec_t asked_at);

/* What linear_flight keeps of a value that is sent: of a description only what
 * Linear does not write anew. */
struct pending_write pending_write_of_text(enum sync_field field,
					   const char *text);
struct pending_write pending_write_of_id(enum sync_field field,
					 const char *id); /* NULL: none */
struct pending_write pending_write_of_priority(int linear_priority);

/* True when what Linear tells is that value. */
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
	unsigned fields; /* those to be merged */
	/* the staff profile of Linear's assignee; 0: nobody is assigned;
	 * PROFILE_UNKNOWN: somebody who is no staff here */
	int64_t their_profile;
	usec_t ours_at[SYNC_FIELD_MAX]; /* when each field last changed here */
};

/* A value that yields to another. */
struct conflict {
	enum sync_field field;
	bool ours_lost;
	bool is_echo; /* it may be nobody's: ours sent the same once */
};

struct merge {
	struct snapshot snapshot;   /* as it is after the merge */
	struct issue_change change; /* what ours take from theirs */
	struct conflict conflicts[SYNC_FIELD_MAX];
	size_t conflict_count;
	bool description_apart; /* linear_description is a new one */
};

/* Part by field: what only one side changed since the snapshot, both get; of
 * what both changed the later wins. A customer's own description stays his. */
void merge_issue(struct merge *out, const struct merge_input *in);

/* Linear took those fields as they were sent, and holds them as told (NULL: it
 * was not asked, since it could not hold them or held them already). */
void snapshot_agree(struct snapshot *b, const struct issue *sent,
		    const struct linear_issue *theirs, unsigned fields);

/* The fields of which Linear tells what it did not tell last. */
unsigned merge_changed_there(const struct snapshot *snapshot,
			     const struct linear_issue *theirs);

/* True when some field changed on both sides, so that ours_at matters. */
bool merge_needs_change_times(const struct merge_input *in);

/* Those of the fields in which an older telling, of what somebody changed just
 * then, holds what neither side holds now, nor was sent. */
unsigned merge_stale(const struct merge_input *in);

/* True when the value that a field has here is ours, and not Linear's. */
bool history_is_ours(const struct field_history *history, size_t n);

/* True when the history knows of a value that Linear held in a field at that
 * time, by one of these names (up to a NULL; none: nobody): that it was told
 * of, or was ours so shortly before that it may have been on its way then. */
bool history_knows(const struct field_history *history, size_t n,
		   enum sync_field field, const char *const *names, usec_t at);

/* --- the difference ------------------------------------------------------ */

/* Which fields Linear is to be told of: those that differ from what was last
 * agreed. A status that Linear's present state means already is none. */
unsigned fields_to_push(const struct issue *ours,
			const struct snapshot *snapshot);

/* Of what the link back shows, beside what never changes. */
struct hash link_hash(const struct issue *ours, const char *public_url);

/* What the snapshot keeps of one that Linear refused: as long as it shows the
 * same, it is not sent again. */
struct hash link_refused(const struct hash *link);

/* True when the link is sent, or was refused. */
bool link_is_current(const struct snapshot *snapshot, const struct hash *link);

/* True when the thread that a customer shares was to be opened, and is not:
 * what came with the issue was refused. One that was deleted in Linear has no
 * id any more, and waits for the next reply. */
bool wants_thread(const struct issue *ours, const struct snapshot *snapshot);

/* True when Linear is to be told of the issue at all. */
bool wants_push(const struct issue *ours, const struct snapshot *snapshot,
		const struct hash *link);

#endif
