#ifndef AGREED_H
#define AGREED_H

#include "sync/snapshot.h"

/* Both sides of an issue hold the same, and agreed on it at 1000. */
static inline void
agreed(struct issue *ours, struct linear_issue *theirs,
       struct snapshot *snapshot)
{
	*ours = (struct issue){.issue_number = "ISS-2026-0001",
			       .title = "Title",
			       .description = "- words",
			       .kind = {.status = STATUS_OPEN,
					.priority = PRIORITY_MEDIUM,
					.synced_to_linear = true}};
	*theirs = (struct linear_issue){.title = "Title",
					.description = "* words",
					.state_id = "todo",
					.state_type = "unstarted",
					.priority = 3,
					.updated_at = 1000};
	*snapshot = (struct snapshot){
	    .state_id = "", .state_type = "", .linear_updated_at = 1000};
	snapshot_agree(snapshot, ours, theirs, SYNC_ALL_FIELDS);
}

#endif
