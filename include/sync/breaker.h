#ifndef SYNC_BREAKER_H
#define SYNC_BREAKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "linear/client.h"

/* The circuit breaker of an API key. When Linear refuses the key, limits it
 * or cannot be reached, no request is sent for a while. Then one request
 * goes out as a probe; if it succeeds, all may go out again. */
struct breaker {
	enum linear_outcome reason; /* AUTH, LIMITED or RETRY; 0: not tripped */
	usec_t until;		    /* no probe before this time */
	usec_t wait;		    /* length of the last pause */
	bool probing;		    /* a probe is under way */
	bool is_shared; /* other processes know of it (sync/pause.h) */
	int failures;	/* in a row */
	struct linear_budget budget;
	usec_t budget_at; /* when Linear reported it */
	int64_t
	    suspects[2]; /* one of reads, one of writes: see breaker_classify */
};

/* The longest pause. */
#define BREAKER_PAUSE_MAX (3600 * USEC_PER_SEC)

enum breaker_event { BREAKER_SAME, BREAKER_PAUSED, BREAKER_RESUMED };

/* How many requests may begin now: none, one (the probe), or `most`. */
size_t breaker_room(const struct breaker *br, usec_t now, size_t most);

/* Call when a request is sent. */
void breaker_begin(struct breaker *br);

/* Call when its answer has come, after breaker_classify. */
enum breaker_event breaker_record(struct breaker *br,
				  const struct linear_answer *answer,
				  usec_t now);

/* Instead of an issue's id: a request of a reconcile pass. */
#define BREAKER_NO_ISSUE INT64_C(-1)

/* Classifies a failure as issue-specific or an outage. Call for each answer,
 * before breaker_record, which does not count an issue-specific failure.
 *
 * A failure is issue-specific (it will not go away by itself) if Linear's
 * API itself reported it, not a proxy or the network, and no request about
 * another issue or of a pass has failed since the last success. In an outage
 * others fail too; then no failure is issue-specific until a request
 * succeeds. Reads may work while writes fail, so only a successful write
 * clears the suspicion against writes. */
void breaker_classify(struct breaker *br, struct linear_answer *answer,
		      int64_t issue_id, bool writes);

/* Another process tripped its breaker at `since`, until `until`. If the key
 * was refused there, this process may have another key and probes at once. */
enum breaker_event breaker_adopt(struct breaker *br, enum linear_outcome reason,
				 usec_t since, usec_t until);

/* Another process reports that Linear answers again. Ends a pause that was
 * shared; one that only this process knows of goes on. */
enum breaker_event breaker_end_shared(struct breaker *br);

/* How many requests may be sent for work that nobody waits for: those above
 * a fifth of the hourly budget, which is kept for people who wait. The
 * budget last reported grows with time, as Linear's buckets refill. */
size_t breaker_spare(const struct breaker *br, usec_t now);

#define BREAKER_UNLIMITED ((size_t)-1) /* Linear reported no limit */

/* The time in which the budget grows by one request. */
usec_t breaker_refill_time(const struct breaker *br);

/* Why the breaker is tripped, for a person; NULL: it is not. */
const char *breaker_reason_text(enum linear_outcome reason);

#endif
