#ifndef DB_LEASE_H
#define DB_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct rows;

/* A lease says which process works on a row of a queue, and until when. It is
 * committed data, never a row lock, so that any number of processes may serve a
 * queue on any node of a cluster. The owner is written as host:pid:random. */

#define LEASE_TIME	(60 * USEC_PER_SEC)
#define LEASE_OWNER_MAX 64

/* The next of the owners (rows of one column) that was a process of this
 * machine, `host`, and no longer runs; NULL: no more are left. */
const char *lease_next_dead(struct rows *owners, const char *host);

/* Whether an owner was such a process. */
bool lease_is_dead(const char *owner, const char *host);

/* How long to wait after that many failures: 1 s, 2 s, 4 s … 15 min, shortened
 * at random by up to half. */
usec_t lease_backoff(int64_t attempts);

/* Shortens a wait at random by up to half, so that jobs that failed together
 * are not retried together. */
usec_t lease_jitter(usec_t wait);

#endif
