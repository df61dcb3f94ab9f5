/* What a merge does with a field, once it is decided whose value stands: it
 * sets the change to our issue, and what the snapshot says of either side. */

#include "hash.h"
#include "mapping.h"
#include "merge_field.h"

/* Records in the snapshot what Linear holds now. */
void
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
void
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
		b->status = status_for_linear(ours);
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
void
merge_take_theirs(struct merge *m, const struct merge_input *in,
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
void
merge_keep_ours(struct merge *m, const struct merge_input *in,
		enum sync_field field)
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
