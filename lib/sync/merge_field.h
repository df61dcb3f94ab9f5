#ifndef SYNC_MERGE_FIELD_H
#define SYNC_MERGE_FIELD_H

#include "merge.h"

/* The merge of single fields; for merge.c, merge_compare.c and merge_value.c
 * only. */

/* --- merge_compare.c ------------------------------------------------------ */

/* Linear's value differs from the one last received. */
bool merge_differs_from_received(const struct merge_input *in,
				 enum sync_field field);

/* Linear holds a value that we sent, and may have applied it only now: it is
 * nobody's edit. */
bool merge_is_echo(const struct merge_input *in, enum sync_field field);

/* Both sides hold the same value, however they came to it. */
bool merge_both_agree(const struct merge_input *in, enum sync_field field);

/* Linear's value was changed there, differs from ours, and can be held here. */
bool merge_changed_in_linear(const struct merge_input *in,
			     enum sync_field field);

/* The echo is our current value, except for how Linear formats it. */
bool merge_echo_is_current(const struct merge_input *in, enum sync_field field);

/* --- merge_value.c -------------------------------------------------------- */

/* Records in the snapshot what Linear holds now. */
void snapshot_set_theirs(struct snapshot *b, const struct linear_issue *theirs,
			 enum sync_field field);

/* Records in the snapshot that Linear has our values as given. */
void snapshot_set_ours(struct snapshot *b, const struct issue *ours,
		       enum sync_field field);

/* Takes Linear's value; the snapshot agrees. */
void merge_take_theirs(struct merge *m, const struct merge_input *in,
		       enum sync_field field);

/* Keeps our value. The snapshot takes Linear's, so that ours is sent as long
 * as it differs from that, even if it goes back to what was agreed before. */
void merge_keep_ours(struct merge *m, const struct merge_input *in,
		     enum sync_field field);

#endif
