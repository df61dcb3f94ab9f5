#ifndef ADMIN_REINDEX_H
#define ADMIN_REINDEX_H

#include <stdint.h>

#include "base/ctx.h"

/* What a rebuild found. */
struct reindexed {
	int64_t counters, trend; /* counts that were wrong, and are corrected */
	int64_t issues;		 /* indexed again for searching */
	int64_t missing_notices; /* notifications that should exist */
	int64_t surplus_notices; /* and those that should not */
};

/* Rebuilds what is derived from issues, comments and history: counters, trend
 * and search index, while others work. Notifications are compared with the
 * history and never made again, since what people have read and the mails
 * depend on them. */
enum err reindex_all(struct reindexed *out, struct ctx *c) MUST_CHECK;

#endif
