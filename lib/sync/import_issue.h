#ifndef SYNC_IMPORT_ISSUE_H
#define SYNC_IMPORT_ISSUE_H

#include <stdint.h>

#include "base/ctx.h"
#include "desk/issue.h"
#include "linear/client.h"

/* What an issue in Linear was in Docket before this database was set back. */
struct origin {
	int64_t id;		/* 0: a new one */
	const char *number;	/* NULL: the next one */
	int64_t user_id;	/* the customer; 0: none, or unknown now */
	enum category category; /* 0: unknown */
	const char *thread_id;	/* NULL: no thread */
};

/* Inside a transaction: creates the issue here, with its history and snapshot.
 * `was` NULL: it was never in Docket. ERR_CONFLICT: another process has created
 * it just now. */
enum err import_issue(int64_t *id, struct ctx *c, int64_t organization_id,
		      const struct linear_issue *theirs,
		      const struct origin *was) MUST_CHECK;

#endif
