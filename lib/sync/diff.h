#ifndef SYNC_DIFF_H
#define SYNC_DIFF_H

#include <stdbool.h>

#include "desk/issue.h"
#include "sync/snapshot.h"

/* What Linear lacks: the difference between an issue and its snapshot. */

/* True if our value differs from the agreed one. */
bool field_changed_here(const struct issue *ours,
			const struct snapshot *snapshot, enum sync_field field);

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
