#ifndef SYNC_BREAKER_H
#define SYNC_BREAKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "linear/client.h"

/* The circuit breaker of a key. Linear refuses the key, limits it, or cannot
 * be reached: nothing goes out for a while, then one request as a probe, and
 * with its success everything. */
struct gate {
	enum linear_outcome reason; /* AUTH, LIMITED, RETRY; 0: it is open */
	usec_t until;		    /* no probe before */
	usec_t wait;		    /* the last pause */
	bool probing;		    /* one is out */
	bool is_shared;		    /* the others know of it (sync_fact.h) */
	int failures;		    /* in a row */
	struct linear_budget budget;
	usec_t budget_at;    /* when Linear told it */
	int64_t suspects[2]; /* of reads, of writes: see gate_blame */
};

/* No pause is longer. */
#define GATE_PAUSE_MAX (3600 * USEC_PER_SEC)

enum gate_event { GATE_SAME, GATE_PAUSED, GATE_RESUMED };

/* How many requests may begin now: none, one (the probe), or `most`. */
size_t gate_room(const struct gate *g, usec_t now, size_t most);

/* A request begins. */
void gate_begin(struct gate *g);

/* Its answer came. */
enum gate_event gate_note(struct gate *g, const struct linear_answer *answer,
			  usec_t now);

/* A request that is about no issue: a page of a pass. */
#define GATE_NO_ISSUE INT64_C(-1)

/* Whose fault a fault is. To be told of each answer, before gate_note, which
 * takes one with own_fault for no failure of Linear's: that is a fault of this
 * one issue, that will not go away by itself, and not an outage, which will.
 * Linear's API itself said that something went wrong (and not what stands
 * before it, or the network), and no other request failed since the last one
 * that went well. In an outage others fail too, whatever it looks like: issues,
 * or the passes; then nothing is to blame until something went well again.
 * Reads may work while writes do not: only a write shows that those do. */
void gate_blame(struct gate *g, struct linear_answer *answer, int64_t issue_id,
		bool writes);

/* Another process closed it: `since` then, and `until` when. A key that is
 * refused there may be another one here: that is tried at once. */
enum gate_event gate_heed(struct gate *g, enum linear_outcome reason,
			  usec_t since, usec_t until);

/* What all knew of, another process takes back: Linear answers again. */
enum gate_event gate_relent(struct gate *g);

/* How many requests may go to what nobody waits for: those above a fifth of the
 * hour's, which is kept for people who wait. What Linear told last grows with
 * the time, as its buckets refill. */
size_t gate_spare(const struct gate *g, usec_t now);

#define GATE_UNLIMITED ((size_t)-1) /* Linear told of no limit */

/* In which time another request comes into the bucket. */
usec_t gate_refill(const struct gate *g);

/* Why it is closed, for a person; NULL: it is open. */
const char *gate_reason(enum linear_outcome reason);

#endif
