#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include <stdbool.h>

#include "base/ctx.h"
#include "desk/issue.h"

/* The transactional outbox to Linear. A row says that an issue may differ from
 * what Linear has; docket-sync works out how (see sync.h). */

/* Inside a transaction: notes that the issue changed. Nothing happens when
 * neither it nor its organization has a team. A dead letter is revived: the
 * change may be what mends it. */
enum err outbox_mark(struct ctx *c, const struct issue *issue) MUST_CHECK;

/* True when a change of the issue is to reach Linear at all. */
bool outbox_wants(const struct issue *issue);

/* Wakes docket-sync for the issue, and waits until it says that Linear has it,
 * at most LINEAR_WAIT_MS. False, at once, when it says not to wait (behind,
 * limited, many waiting) or is not there. Call after the commit. */
bool outbox_wake_and_wait(struct ctx *c, int64_t issue_id);

/* Wakes docket-sync to look at its queues, and does not wait. */
void outbox_wake(struct ctx *c);

#endif
