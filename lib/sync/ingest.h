#ifndef SYNC_INGEST_H
#define SYNC_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"
#include "linear/client.h"
#include "sync/snapshot.h"

/* How an issue takes what Linear tells of it. All of these run inside a
 * transaction; the changes that follow are made as anybody's are, so history,
 * counters and notifications come along. */

/* An issue on the workbench: locked, with what was agreed about it. */
struct session {
	struct ctx *c;
	struct actor who; /* somebody in Linear */
	struct issue *issue;
	struct snapshot snapshot;
	struct pending_write *pending;
	size_t pending_count;
};

/* Locks and loads; `name` is who acts in Linear (NULL: nobody in particular).
 * ERR_NOTFOUND. */
enum err session_open(struct session *s, struct ctx *c, int64_t organization_id,
		      int64_t issue_id, const char *name) MUST_CHECK;

/* Merges all fields with what Linear tells; the snapshot is not saved yet. An
 * old telling changes nothing. */
enum err session_merge(struct session *s,
		       const struct linear_issue *theirs) MUST_CHECK;

/* Merges the fields that were just overwritten in Linear, with what they were
 * there just before, by what was agreed when that was sent: so an edit that we
 * had not heard of is not lost. */
enum err session_merge_overwritten(struct session *s,
				   const struct snapshot *sent,
				   const struct linear_issue *before,
				   unsigned fields) MUST_CHECK;

/* Of what was sent and never answered, forgets that of which it is known now
 * whether Linear took it: it was asked at `asked_at`. */
enum err session_end_pending(struct session *s, usec_t asked_at) MUST_CHECK;

/* Takes note of all else that Linear tells: identifier, team, archive, and
 * comments if it told of them when asked at `asked_at`. */
enum err session_record(struct session *s, const struct linear_issue *theirs,
			usec_t asked_at) MUST_CHECK;

/* Staff should know that its assignee has no account in Linear. */
enum err session_warn_assignee(struct session *s) MUST_CHECK;

/* The team that it is in, or else would be made in; NULL: none. */
const char *session_team(const struct session *s);

/* Linear has the issue no more: it is unlinked, and not made again. */
enum err session_unlink(struct session *s) MUST_CHECK;

/* Saves the snapshot. */
enum err session_save(struct session *s) MUST_CHECK;

/* True when Linear is to be told of something, comments aside. */
bool session_wants_push(const struct session *s);

/* All of it, for what came by itself: a webhook, an import that asked at
 * `asked_at` (0: nobody asked). What then differs is queued.
 *
 * An old telling undoes nothing that is newer. But of the fields that it says
 * somebody `changed` just then, the history keeps what ours has written over
 * since, if it does not know of it yet. So an edit in Linear that an update of
 * ours overwrites before anybody here has heard of it is told twice: by the
 * answer to that update, and by its own webhook, however late. If neither
 * reaches us it is lost, since an issue that is read shows nothing of what it
 * was before: the answer went with a connection, a process or the database, or
 * came with errors, or was asked without the link back, which Linear had
 * refused; and the webhook was never delivered, or with a time of long ago,
 * when it is a reason to read again and nothing else. */
enum err ingest_issue(struct ctx *c, int64_t organization_id, int64_t issue_id,
		      const char *name, const struct linear_issue *theirs,
		      usec_t asked_at, unsigned changed) MUST_CHECK;

#endif
