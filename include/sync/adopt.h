#ifndef SYNC_ADOPT_H
#define SYNC_ADOPT_H

#include <stdint.h>

#include "base/ctx.h"

/* After an older backup was restored: Linear has issues that Docket sent there,
 * and that this database does not know any more. */
struct adoption {
	int64_t seen;	      /* issues in Linear that were looked at */
	int64_t adopted;      /* issues that exist here again */
	int64_t customerless; /* of those: the customer is not known any more */
};

/* Creates them again, with the number, the id, the customer and the category
 * that Docket's link in Linear names, and has their comments read. Looks at
 * what changed in the teams since the last reconciliation that this database
 * has seen. Can be repeated. ERR_UPSTREAM: Linear did not answer all of it. */
enum err sync_adopt(struct adoption *out, struct ctx *c) MUST_CHECK;

#endif
