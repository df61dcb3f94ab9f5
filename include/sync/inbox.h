#ifndef SYNC_INBOX_H
#define SYNC_INBOX_H

#include "base/ctx.h"

/* Works off the oldest stored webhook delivery that is due: what it tells is
 * merged, or where it cannot be trusted (old, a deletion) Linear is to be asked
 * instead. ERR_NOTFOUND: there is none. What fails is noted with the delivery,
 * which is tried again later, and OK is returned. ERR_DB: not even that could
 * be done. */
enum err inbox_work(struct ctx *c) MUST_CHECK;

#endif
