#ifndef SYNC_IMPORT_H
#define SYNC_IMPORT_H

#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"

/* Inside a transaction: creates an issue here from one that was created in
 * Linear. No customer sees it. Its counters, search index and history are
 * written; ingest the rest of the payload afterwards with ingest_issue. */
enum err import_issue(int64_t *id, struct ctx *c, int64_t organization_id,
		      const struct linear_issue *theirs) MUST_CHECK;

#endif
