#ifndef DB_LEASE_H
#define DB_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct ctx;
struct rows;
struct stmt;

/* A lease says which process works on a row of a queue, and until when. It is
 * committed data, never a row lock, so that any number of processes may serve a
 * queue on any node of a cluster. The owner is written as host:pid:random. */

#define LEASE_TIME	(60 * USEC_PER_SEC)
#define LEASE_OWNER_MAX 64

/* Inside the transaction that has locked the n rows with these ids: leases
 * them. The statement takes the ids as a JSON array, the owner, and the end. */
enum err lease_rows(struct ctx *c, struct stmt *s, const int64_t *ids, size_t n,
		    const char *owner, usec_t until) MUST_CHECK;

/* The next of the owners (rows of one column) that was a process of this
 * machine, `host`, and no longer runs; NULL at the end of the rows. */
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
