#ifndef SYNC_SESSION_H
#define SYNC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"
#include "linear/client.h"
#include "sync/pending_write.h"
#include "sync/snapshot.h"

/* How a payload of Linear's is applied to an issue. All of these run inside
 * a transaction. The changes go through the same functions as anybody's, so
 * history, counters and notifications follow. */

/* An issue during one transaction: locked, with its snapshot and pending
 * writes. */
struct session {
	struct ctx *c;
	struct actor who; /* somebody in Linear */
	struct issue *issue;
	struct snapshot snapshot;
	struct pending_write *pending;
	size_t pending_count;
};

/* Locks and loads the issue; `name` is who acts in Linear (NULL: unknown).
 * ERR_NOTFOUND. */
enum err session_open(struct session *s, struct ctx *c, int64_t organization_id,
		      int64_t issue_id, const char *name) MUST_CHECK;

/* Merges all fields with the payload. Call session_save afterwards. A stale
 * payload changes nothing. */
enum err session_merge(struct session *s,
		       const struct linear_issue *theirs) MUST_CHECK;

/* An update of ours has just overwritten these fields in Linear. Merges them
 * with the values that Linear held before, against the snapshot as of
 * sending, so that an edit that no webhook had reported is not lost. */
enum err session_merge_overwritten(struct session *s,
				   const struct snapshot *sent,
				   const struct linear_issue *before,
				   unsigned fields) MUST_CHECK;

/* Deletes the pending writes whose outcome is visible to a read at
 * `asked_at`. */
enum err session_end_pending(struct session *s, usec_t asked_at) MUST_CHECK;

/* Records the rest of the payload: identifier, team, archived; and the
 * comments, if it has them, as of `asked_at`. */
enum err session_record(struct session *s, const struct linear_issue *theirs,
			usec_t asked_at) MUST_CHECK;

/* The team that the issue is in, or would be created in; NULL: none. */
const char *session_team(const struct session *s);

/* The issue no longer exists in Linear: unlinks it. It is not created again. */
enum err session_unlink(struct session *s) MUST_CHECK;

/* Saves the snapshot. */
enum err session_save(struct session *s) MUST_CHECK;

/* True if Linear lacks anything but comments. */
bool session_wants_push(const struct session *s);

/* True if a newer payload was ingested before this one. */
bool session_is_stale(const struct session *s,
		      const struct linear_issue *theirs) MUST_CHECK;

/* The staff profile of Linear's assignee; see merge_input. */
enum err session_find_profile(int64_t *out, struct session *s,
			      const struct linear_issue *theirs) MUST_CHECK;

/* Of the fields that a stale payload says were `changed`, records the values
 * that ours overwrote in Linear before we knew of them. */
enum err session_record_overwritten(struct session *s,
				    const struct linear_issue *theirs,
				    unsigned changed) MUST_CHECK;

#endif
