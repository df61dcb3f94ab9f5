/* The three-way merge of an issue with Linear's, against the snapshot of
 * what was last agreed; and which fields Linear lacks.
 *
 * For each field the merge asks: did Linear's value change since it was last
 * received (differs_from_received), is that only the echo of a pending write
 * of ours (is_echo), can the value be held here at all (is_not_mappable),
 * and did ours change, too (field_changed_here)? Then theirs is taken, ours is
 * kept, or both agree; the snapshot is updated in each case. Nothing here
 * touches the database: the callers pass the input and apply the result. How
 * single values correspond is in mapping.c. */

#include "merge.h"

#include <string.h>

#include "diff.h"
#include "hash.h"
#include "mapping.h"

/* --- the merge ----------------------------------------------------------- */

static bool
is_same_or_both_null(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Linear's value differs from the one last received. */
static bool
differs_from_received(const struct merge_input *in, enum sync_field field)
{
	const struct linear_issue *theirs = in->theirs;
	const struct snapshot *snapshot = in->snapshot;

	switch (field) {
	case SYNC_TITLE:
		return !hash_matches(&snapshot->title_received, theirs->title);
	case SYNC_DESCRIPTION:
		return !hash_matches(&snapshot->description_received,
				     theirs->description);
	case SYNC_STATUS:
		return !is_same_or_both_null(theirs->state_id,
					     snapshot->state_id);
	case SYNC_PRIORITY:
		return theirs->priority != snapshot->linear_priority;
	case SYNC_ASSIGNEE:
		/* before the first payload, "nobody" means unknown */
		return !*snapshot->state_id ||
		       !is_same_or_both_null(theirs->assignee_id,
					     snapshot->assignee_id);
	case SYNC_FIELD_MAX:
		break;
	}
	return false;
}

/* Linear holds a value that we sent, and may have applied it only now: it is
 * nobody's edit. */
static bool
is_echo(const struct merge_input *in, enum sync_field field)
{
	for (size_t i = 0; i < in->pending_count; i++)
		if (in->pending[i].field == field &&
		    pending_write_arrived(&in->pending[i], in->theirs) &&
		    in->theirs->updated_at <
			in->pending[i].sent_at + PENDING_WRITE_MAX)
			return true;
	return false;
}

/* Both sides hold the same value, however they came to it. */
static bool
both_agree(const struct merge_input *in, enum sync_field field)
{
	const struct issue *ours = in->ours;
	const struct linear_issue *theirs = in->theirs;

	switch (field) {
	case SYNC_TITLE:
		return strcmp(ours->title, theirs->title) == 0;
	case SYNC_DESCRIPTION:
		return strcmp(ours->description, theirs->description) == 0;
	case SYNC_STATUS:
		return status_agrees(ours, status_of_type(theirs->state_type));
	case SYNC_PRIORITY:
		return priority_of_linear(theirs->priority) ==
		       ours->kind.priority;
	case SYNC_ASSIGNEE:
		return in->their_profile == ours->kind.assigned_to;
	case SYNC_FIELD_MAX:
		break;
	}
	return true;
}

/* Linear's value has no counterpart here, or must not be taken. */
static bool
is_not_mappable(const struct merge_input *in, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return !*in->theirs->title;
	case SYNC_DESCRIPTION:
		/* a customer's own words stay as they wrote them */
		return in->ours->kind.is_client_issue;
	case SYNC_STATUS:
		return !status_of_type(in->theirs->state_type) ||
		       status_of_type(in->theirs->state_type) ==
			   status_of_type(in->snapshot->state_type);
	case SYNC_PRIORITY:
		return !priority_of_linear(in->theirs->priority);
	case SYNC_ASSIGNEE:
		return in->their_profile == PROFILE_UNKNOWN;
	case SYNC_FIELD_MAX:
		break;
	}
	return true;
}

static bool
changed_in_linear(const struct merge_input *in, enum sync_field field)
{
	return differs_from_received(in, field) && !is_echo(in, field) &&
	       !is_not_mappable(in, field) && !both_agree(in, field);
}

/* The echo is our current value, except for how Linear formats it. */
static bool
echo_is_current(const struct merge_input *in, enum sync_field field)
{
	if (field == SYNC_DESCRIPTION)
		return texts_are_similar(in->ours->description,
					 in->theirs->description);
	return both_agree(in, field);
}

unsigned
merge_changed_there(const struct snapshot *snapshot,
		    const struct linear_issue *theirs)
{
	const struct merge_input in = {.snapshot = snapshot, .theirs = theirs};
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (differs_from_received(&in, (enum sync_field)p))
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
		    changed_in_linear(in, (enum sync_field)p))
			return true;
	return false;
}

/* Records in the snapshot what Linear holds now. */
static void
snapshot_set_theirs(struct snapshot *b, const struct linear_issue *theirs,
		    enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		b->title_received = hash_of(theirs->title);
		break;
	case SYNC_DESCRIPTION:
		b->description_received = hash_of(theirs->description);
		break;
	case SYNC_STATUS:
		b->state_id = theirs->state_id;
		b->state_type = theirs->state_type;
		break;
	case SYNC_PRIORITY:
		b->linear_priority = theirs->priority;
		break;
	case SYNC_ASSIGNEE:
		b->assignee_id = theirs->assignee_id;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Records in the snapshot that Linear has our values as given. */
static void
snapshot_set_ours(struct snapshot *b, const struct issue *ours,
		  enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		b->title_sent = hash_of(ours->title);
		break;
	case SYNC_DESCRIPTION:
		b->description_sent = hash_of(ours->description);
		b->linear_description = NULL;
		break;
	case SYNC_STATUS:
		b->status = ours->kind.status;
		break;
	case SYNC_PRIORITY:
		b->priority = ours->kind.priority;
		break;
	case SYNC_ASSIGNEE:
		b->assigned_to = ours->kind.assigned_to;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Takes Linear's value; the snapshot agrees. */
static void
take_theirs(struct merge *m, const struct merge_input *in,
	    enum sync_field field)
{
	const struct linear_issue *theirs = in->theirs;
	struct issue_change *ch = &m->change;
	struct snapshot *b = &m->snapshot;

	switch (field) {
	case SYNC_TITLE:
		ch->set |= SET_TITLE;
		ch->title = theirs->title;
		b->title_sent = hash_of(ch->title);
		break;
	case SYNC_DESCRIPTION:
		ch->set |= SET_DESCRIPTION;
		ch->description = theirs->description;
		b->description_sent = hash_of(ch->description);
		break;
	case SYNC_STATUS:
		ch->set |= SET_STATUS;
		b->status = ch->status = status_of_type(theirs->state_type);
		break;
	case SYNC_PRIORITY:
		ch->set |= SET_PRIORITY;
		b->priority = ch->priority =
		    priority_of_linear(theirs->priority);
		break;
	case SYNC_ASSIGNEE:
		ch->set |= SET_ASSIGNEE;
		b->assigned_to = ch->assigned_to = in->their_profile;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Keeps our value. The snapshot takes Linear's, so that ours is sent as long
 * as it differs from that, even if it goes back to what was agreed before. */
static void
keep_ours(struct merge *m, const struct merge_input *in, enum sync_field field)
{
	const enum status status = status_of_type(in->theirs->state_type);
	const enum priority priority = priority_of_linear(in->theirs->priority);
	struct snapshot *b = &m->snapshot;

	switch (field) {
	case SYNC_TITLE:
		b->title_sent = (struct hash){{0}};
		break;
	case SYNC_DESCRIPTION:
		b->description_sent = (struct hash){{0}};
		break;
	case SYNC_STATUS:
		if (status)
			b->status = status;
		break;
	case SYNC_PRIORITY:
		if (priority)
			b->priority = priority;
		break;
	case SYNC_ASSIGNEE:
		b->assigned_to = in->their_profile;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

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
		take_theirs(m, in, field);
	else
		keep_ours(m, in, field);
}

/* Linear holds a value that we sent: our current one, or an earlier one. */
static void
merge_echo(struct merge *m, const struct merge_input *in, enum sync_field field)
{
	if (echo_is_current(in, field)) {
		snapshot_set_ours(&m->snapshot, in->ours, field);
		return;
	}
	keep_ours(m, in, field);
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
	if (!differs_from_received(in, field))
		return;
	if (is_echo(in, field)) {
		merge_echo(m, in, field);
	} else if (changed_in_linear(in, field)) {
		resolve_conflict(m, in, field);
	} else if (both_agree(in, field)) {
		snapshot_set_ours(&m->snapshot, in->ours, field);
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
	    differs_from_received(in, SYNC_DESCRIPTION) &&
	    !is_echo(in, SYNC_DESCRIPTION) &&
	    !texts_are_similar(in->ours->description, in->theirs->description);
	unsigned fields = apart ? SYNC_FIELD_BIT(SYNC_DESCRIPTION) : 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (changed_in_linear(in, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields & in->fields;
}
