#ifndef EVENTS_FAILURE_H
#define EVENTS_FAILURE_H

#include "events/events.h"

/* Rows of outbox_failure: where a consumer stands that failed for an issue. */

/* After so many attempts, about an hour, it is a dead letter. */
#define FAILURE_ATTEMPTS_MAX 14

struct failure {
	int64_t issue_id;
	const char *consumer;
	int64_t attempts;
	int64_t part_to; /* failure_lock(): see struct outbox_row */
};

/* Inside a transaction that holds the issue's lock: the consumer failed for the
 * history behind seen_id. */
enum err failure_add(struct ctx *c, const struct issue *issue,
		     const char *consumer, int64_t seen_id,
		     const char *why) MUST_CHECK;

/* Inside such a transaction: the issue has changed, which may have fixed it, so
 * its failed consumers are due. */
enum err failure_expedite(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* Those that are due. */
enum err failure_due(struct failure **out, size_t *n, struct ctx *c,
		     int64_t limit) MUST_CHECK;

/* Inside a transaction: locks the failure and its issue, and reads the issue
 * and the events that the consumer lacks, or the first of them. ERR_NOTFOUND:
 * it is gone, or somebody has locked it. */
enum err failure_lock(struct news *out, struct ctx *c,
		      struct failure *f) MUST_CHECK;

/* Inside that transaction: the consumer has taken these events. It has caught
 * up, or has others to take at once. */
enum err failure_taken(struct ctx *c, const struct failure *f) MUST_CHECK;

/* It failed again; `why` is the reason. */
enum err failure_again(struct ctx *c, const struct failure *f,
		       const char *why) MUST_CHECK;

#endif
