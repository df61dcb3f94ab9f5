/* The three-way merge of an issue with Linear's, against the snapshot of
 * what was last agreed; and which fields Linear lacks.
 *
 * For each field the merge asks (merge_compare.c): did Linear's value change
 * since it was last received, is that only the echo of a pending write of
 * ours, can the value be held here at all, and did ours change, too? Then
 * theirs is taken, ours is kept, or both agree (merge_value.c); the snapshot
 * is updated in each case. Nothing here touches the database: the callers
 * pass the input and apply the result. How single values correspond is in
 * mapping.c. */

#include "merge.h"

#include "diff.h"
#include "hash.h"
#include "mapping.h"
#include "merge_field.h"

unsigned
merge_changed_there(const struct snapshot *snapshot,
		    const struct linear_issue *theirs)
{
	const struct merge_input in = {.snapshot = snapshot, .theirs = theirs};
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (merge_differs_from_received(&in, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields;
}

bool
merge_needs_change_times(const struct merge_input *in)
{
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if ((in->fields & SYNC_FIELD_BIT(p)) &&
		    field_changed_here(in->ours, in->snapshot,
				       (enum sync_field)p) &&
		    merge_changed_in_linear(in, (enum sync_field)p))
			return true;
	return false;
}

/* --- the merge ----------------------------------------------------------- */

static void
add_conflict(struct merge *m, struct conflict k)
{
	m->conflicts[m->conflict_count++] = k;
}

/* Linear's value changed, and maybe ours, too; they differ. */
static void
resolve_conflict(struct merge *m, const struct merge_input *in,
		 enum sync_field field)
{
	bool ours = field_changed_here(in->ours, in->snapshot, field);
	bool theirs_win = !ours || in->theirs->updated_at > in->ours_at[field];

	if (ours)
		add_conflict(m, (struct conflict){.field = field,
						  .ours_lost = theirs_win});
	if (theirs_win)
		merge_take_theirs(m, in, field);
	else
		merge_keep_ours(m, in, field);
}

/* Both hold the same value. A closed issue agrees with two states of Linear's,
 * so the snapshot says which one it is: what is sent later depends on it. */
static void
note_agreement(struct merge *m, const struct merge_input *in,
	       enum sync_field field)
{
	snapshot_set_ours(&m->snapshot, in->ours, field);
	if (field == SYNC_STATUS)
		m->snapshot.status = status_of_type(in->theirs->state_type);
}

/* Linear holds a value that we sent: our current one, or an earlier one. */
static void
merge_echo(struct merge *m, const struct merge_input *in, enum sync_field field)
{
	if (merge_echo_is_current(in, field)) {
		note_agreement(m, in, field);
		return;
	}
	merge_keep_ours(m, in, field);
	add_conflict(m, (struct conflict){.field = field, .is_echo = true});
}

/* Keeps Linear's description beside the customer's own. */
static void
keep_apart(struct merge *m, const struct merge_input *in)
{
	struct snapshot *b = &m->snapshot;

	b->linear_description =
	    texts_are_similar(in->ours->description, in->theirs->description)
		? NULL
		: in->theirs->description;
	m->description_apart = b->linear_description != NULL;
}

static void
merge_field(struct merge *m, const struct merge_input *in,
	    enum sync_field field)
{
	if (!merge_differs_from_received(in, field))
		return;
	if (merge_is_echo(in, field)) {
		merge_echo(m, in, field);
	} else if (merge_changed_in_linear(in, field)) {
		resolve_conflict(m, in, field);
	} else if (merge_both_agree(in, field)) {
		note_agreement(m, in, field);
	} else if (field == SYNC_DESCRIPTION &&
		   in->ours->kind.is_client_issue) {
		keep_apart(m, in);
	}
	snapshot_set_theirs(&m->snapshot, in->theirs, field);
}

void
merge_issue(struct merge *out, const struct merge_input *in)
{
	*out = (struct merge){.snapshot = *in->snapshot};
	out->change.act = ACT_EDIT;
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (in->fields & SYNC_FIELD_BIT(p))
			merge_field(out, in, (enum sync_field)p);
}

void
snapshot_agree(struct snapshot *b, const struct issue *sent,
	       const struct linear_issue *theirs, unsigned fields)
{
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++) {
		if (!(fields & SYNC_FIELD_BIT(p)))
			continue;
		snapshot_set_ours(b, sent, (enum sync_field)p);
		if (theirs)
			snapshot_set_theirs(b, theirs, (enum sync_field)p);
	}
}

/* --- stale payloads ------------------------------------------------------- */

unsigned
merge_stale(const struct merge_input *in)
{
	const bool apart =
	    in->ours->kind.is_client_issue &&
	    merge_differs_from_received(in, SYNC_DESCRIPTION) &&
	    !merge_is_echo(in, SYNC_DESCRIPTION) &&
	    !texts_are_similar(in->ours->description, in->theirs->description);
	unsigned fields = apart ? SYNC_FIELD_BIT(SYNC_DESCRIPTION) : 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (merge_changed_in_linear(in, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields & in->fields;
}
