#ifndef SYNC_WARNING_H
#define SYNC_WARNING_H

#include "session.h"

/* What staff should know: a state or an assignee that has no counterpart on the
 * other side, or a link that Linear refused. At most one warning per issue, in
 * the snapshot; a new one is recorded in the history. */

/* Sets the warning that follows from the payload, or none. */
enum err session_update_warning(struct session *s,
				const struct linear_issue *theirs) MUST_CHECK;

/* Warns, if there is no other warning, that the assignee has no account in
 * Linear. */
enum err session_warn_assignee(struct session *s) MUST_CHECK;

#endif
