#ifndef SYNC_INBOX_H
#define SYNC_INBOX_H

#include "base/ctx.h"

/* Works off the oldest stored webhook delivery that is due. Its payload is
 * ingested; if it cannot be trusted (it is old, or a removal), Linear is asked
 * instead.
 *
 * ERR_NOTFOUND: there is none. If the delivery cannot be applied, the
 * failure is stored with it, it is retried later, and OK is returned.
 * ERR_DB: not even the failure could be stored. */
enum err inbox_work(struct ctx *c) MUST_CHECK;

#endif
