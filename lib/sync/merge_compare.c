/* What a merge asks about a field of an issue, here and in Linear. */

#include <string.h>

#include "hash.h"
#include "mapping.h"
#include "merge_field.h"

static bool
is_same_or_both_null(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Linear's value differs from the one last received. */
bool
merge_differs_from_received(const struct merge_input *in, enum sync_field field)
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
bool
merge_is_echo(const struct merge_input *in, enum sync_field field)
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
bool
merge_both_agree(const struct merge_input *in, enum sync_field field)
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

bool
merge_changed_in_linear(const struct merge_input *in, enum sync_field field)
{
	return merge_differs_from_received(in, field) &&
	       !merge_is_echo(in, field) && !is_not_mappable(in, field) &&
	       !merge_both_agree(in, field);
}

/* The echo is our current value, except for how Linear formats it. */
bool
merge_echo_is_current(const struct merge_input *in, enum sync_field field)
{
	if (field == SYNC_DESCRIPTION)
		return texts_are_similar(in->ours->description,
					 in->theirs->description);
	return merge_both_agree(in, field);
}
