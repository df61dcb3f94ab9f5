#include "diff.h"

#include "base/buf.h"
#include "hash.h"
#include "mapping.h"

bool
field_changed_here(const struct issue *ours, const struct snapshot *snapshot,
		   enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return !hash_matches(&snapshot->title_sent, ours->title);
	case SYNC_DESCRIPTION:
		return !hash_matches(&snapshot->description_sent,
				     ours->description);
	case SYNC_STATUS:
		return !status_agrees(ours, snapshot->status);
	case SYNC_PRIORITY:
		return ours->kind.priority != snapshot->priority;
	case SYNC_ASSIGNEE:
		return ours->kind.assigned_to != snapshot->assigned_to;
	case SYNC_FIELD_MAX:
		break;
	}
	return false;
}

static bool
is_shown_in_linear(const struct issue *ours, const struct snapshot *snapshot,
		   enum sync_field field)
{
	if (field == SYNC_STATUS)
		return status_agrees(ours,
				     status_of_type(snapshot->state_type));
	return field == SYNC_PRIORITY &&
	       linear_priority_of(ours->kind.priority) ==
		   snapshot->linear_priority;
}

unsigned
fields_to_push(const struct issue *ours, const struct snapshot *snapshot)
{
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (field_changed_here(ours, snapshot, (enum sync_field)p) &&
		    !is_shown_in_linear(ours, snapshot, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields;
}

struct hash
link_hash(const struct issue *ours, const char *public_url)
{
	struct hash h = {{0}};
	struct buf text;

	buf_init(&text, 1024);
	buf_printf(&text, "%s %s %d", public_url, ours->issue_number,
		   (int)ours->kind.category);
	hash_bytes(h.bytes, text.data, text.len);
	buf_release(&text);
	return h;
}

struct hash
link_refused(const struct hash *link)
{
	struct hash h = {{0}};

	hash_bytes(h.bytes, link->bytes, sizeof(link->bytes));
	return h;
}

bool
link_is_current(const struct snapshot *snapshot, const struct hash *link)
{
	struct hash refused = link_refused(link);

	return hash_same(&snapshot->link, link) ||
	       hash_same(&snapshot->link, &refused);
}

bool
wants_thread(const struct issue *ours, const struct snapshot *snapshot)
{
	return ours->kind.is_client_issue && snapshot->thread_id &&
	       !snapshot->thread_open;
}

bool
wants_push(const struct issue *ours, const struct snapshot *snapshot,
	   const struct hash *link)
{
	if (snapshot->gone_at)
		return false;
	return !ours->kind.synced_to_linear || fields_to_push(ours, snapshot) ||
	       wants_thread(ours, snapshot) || !link_is_current(snapshot, link);
}
