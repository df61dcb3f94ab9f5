#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include <stdbool.h>

#include "base/ctx.h"
#include "desk/issue.h"

/* The transactional outbox to Linear. A row says that an issue may differ
 * from what Linear has; docket-sync works out the difference (sync/task.h). */

/* Inside a transaction: records that the issue changed. Does nothing if
 * neither the issue nor its organization has a team. A dead letter is
 * retried: the change may have fixed it. */
enum err outbox_mark(struct ctx *c, const struct issue *issue) MUST_CHECK;

/* Inside a transaction: the same for the issues on which Linear has an outdated
 * comment (linear_dirty) of that user, among the comments with ids from behind
 * + 1 to `to`. Nobody waits for these jobs. */
enum err outbox_mark_author(struct ctx *c, int64_t user_id, int64_t behind,
			    int64_t to) MUST_CHECK;

/* True if changes of the issue go to Linear at all. */
bool outbox_wants(const struct issue *issue);

/* Wakes docket-sync for the issue, and waits up to LINEAR_WAIT_MS for its
 * ack that Linear has it. Returns false at once if the daemon does not run,
 * or answers not to wait (it is behind, limited, or many wait). Call after
 * the commit. */
bool outbox_wake_and_wait(struct ctx *c, int64_t issue_id);

/* Wakes docket-sync to look at its queues; does not wait. */
void outbox_wake(struct ctx *c);

#endif
