#ifndef SYNC_IMPORT_H
#define SYNC_IMPORT_H

#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"

/* Inside a transaction: an issue that was made in Linear becomes one here,
 * nobody's but the staff's, with all that follows. What else there is to know
 * of it is then merged as ever. */
enum err import_issue(int64_t *id, struct ctx *c, int64_t organization_id,
		      const struct linear_issue *theirs) MUST_CHECK;

#endif
