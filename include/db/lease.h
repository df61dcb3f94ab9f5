#ifndef DB_LEASE_H
#define DB_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/* Leases: who works on a row of a queue, and until when. A lease is a committed
 * row, never a row lock, so that any number of processes may serve a queue on
 * any node of a cluster. An owner is named host:pid:random. */

#define LEASE_TIME	(60 * USEC_PER_SEC)
#define LEASE_OWNER_MAX 64

/* True when that owner was a process of this machine that no longer runs. */
bool lease_is_dead(const char *owner, const char *host);

/* How long to wait after so many failures: 1 s, 2 s, 4 s .. 15 min, shortened
 * at random by up to half. */
usec_t lease_backoff(int64_t attempts);

/* A wait shortened at random by up to half: what failed together does not come
 * back together. */
usec_t lease_jitter(usec_t wait);

#endif
