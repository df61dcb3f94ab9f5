#ifndef BASE_CTX_H
#define BASE_CTX_H

#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct arena;
struct conf;
struct db;
struct idempotency;

/* What one unit of work (a request, a job of the daemon, a command) passes to
 * every function of the library. */
struct ctx {
	struct db *db;
	struct arena *arena; /* of this unit of work */
	const struct conf *conf;
	usec_t now; /* when it began: all its rows get this one time */
	const char
	    *client; /* IP address of the request's client; NULL: no request */
	struct faults faults;  /* with ERR_INVALID */
	int64_t retry_after_s; /* with ERR_LIMITED; 0: unknown */
	struct idempotency
	    *idempotency; /* of a request with an Idempotency-Key; else NULL */
};

#endif
