#ifndef SYNC_BREAKER_H
#define SYNC_BREAKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "linear/client.h"

/* The circuit breaker of a key. Linear refuses the key, limits it, or cannot
 * be reached: nothing goes out for a while, then one request as a probe, and
 * with its success everything. */
struct breaker {
	enum linear_outcome reason; /* AUTH, LIMITED, RETRY; 0: it is open */
	usec_t until;		    /* no probe before */
	usec_t wait;		    /* the last pause */
	bool probing;		    /* one is out */
	bool is_shared;		    /* the others know of it (sync_fact.h) */
	int failures;		    /* in a row */
	struct linear_budget budget;
	usec_t budget_at;    /* when Linear told it */
	int64_t suspects[2]; /* of reads, of writes: see breaker_classify */
};

/* No pause is longer. */
#define BREAKER_PAUSE_MAX (3600 * USEC_PER_SEC)

enum breaker_event { BREAKER_SAME, BREAKER_PAUSED, BREAKER_RESUMED };

/* How many requests may begin now: none, one (the probe), or `most`. */
size_t breaker_room(const struct breaker *br, usec_t now, size_t most);

/* A request begins. */
void breaker_begin(struct breaker *br);

/* Its answer came. */
enum breaker_event breaker_record(struct breaker *br,
				  const struct linear_answer *answer,
				  usec_t now);

/* A request that is about no issue: a page of a pass. */
#define BREAKER_NO_ISSUE INT64_C(-1)

/* Whose fault a fault is. To be told of each answer, before breaker_record,
 * which takes one with is_issue_specific for no failure of Linear's: that is a
 * fault of this one issue, that will not go away by itself, and not an outage,
 * which will. Linear's API itself said that something went wrong (and not what
 * stands before it, or the network), and no other request failed since the last
 * one that went well. In an outage others fail too, whatever it looks like:
 * issues, or the passes; then nothing is to blame until something went well
 * again. Reads may work while writes do not: only a write shows that those do.
 */
void breaker_classify(struct breaker *br, struct linear_answer *answer,
		      int64_t issue_id, bool writes);

/* Another process closed it: `since` then, and `until` when. A key that is
 * refused there may be another one here: that is tried at once. */
enum breaker_event breaker_adopt(struct breaker *br, enum linear_outcome reason,
				 usec_t since, usec_t until);

/* What all knew of, another process takes back: Linear answers again. */
enum breaker_event breaker_end_shared(struct breaker *br);

/* How many requests may go to what nobody waits for: those above a fifth of the
 * hour's, which is kept for people who wait. What Linear told last grows with
 * the time, as its buckets refill. */
size_t breaker_spare(const struct breaker *br, usec_t now);

#define BREAKER_UNLIMITED ((size_t)-1) /* Linear told of no limit */

/* In which time another request comes into the bucket. */
usec_t breaker_refill_time(const struct breaker *br);

/* Why it is closed, for a person; NULL: it is open. */
const char *breaker_reason_text(enum linear_outcome reason);

#endif
