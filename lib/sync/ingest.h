#ifndef SYNC_INGEST_H
#define SYNC_INGEST_H

#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"

/* Ingests a whole payload that nobody here asked for: of a webhook, or of an
 * import that asked at `asked_at` (0: a webhook). Changes that Linear lacks are
 * queued.
 *
 * A stale payload never overwrites newer data. But if it says that fields were
 * `changed` just then, and our values have overwritten them since, the
 * overwritten values are recorded in the history, unless they are there
 * already.
 *
 * So an edit in Linear that our update overwrites before we have heard of it
 * is reported twice: by the answer to that update, and by its own webhook,
 * however late. It is lost only if neither arrives: the answer was lost with
 * a connection, a process or the database, contained errors, or came without
 * the link back (which Linear had refused); and the webhook was not
 * delivered, or so late that it only triggers a read. */
enum err ingest_issue(struct ctx *c, int64_t organization_id, int64_t issue_id,
		      const char *name, const struct linear_issue *theirs,
		      usec_t asked_at, unsigned changed) MUST_CHECK;

#endif
