#ifndef BASE_CTX_H
#define BASE_CTX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct arena;
struct conf;
struct db;
struct idempotency;

/* The issue whose history a unit of work has added to, see desk/outbox.h. */
struct news_mark {
	int64_t issue_id;	   /* the last one; 0: none */
	bool others;		   /* and more than that one */
	unsigned long transaction; /* in which its outbox row was written */
};

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
	struct news_mark news; /* what docket-sync is to be woken for */
};

#endif
