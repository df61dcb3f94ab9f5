#ifndef LINEAR_WORLD_H
#define LINEAR_WORLD_H

#include <stdint.h>

#include "base/clock.h"

struct answer;
struct world;

/* What the tests of the way to Linear share. */

/* How long Linear takes to respond where it is slow, as text and as time: much
 * longer than a request waits for it (LINEAR_WAIT_MS), also on a busy machine,
 * and less than docket-sync waits. */
#define SLOW_MS "10000"
#define SLOW	(10 * USEC_PER_SEC)

/* The set-up of a test: a world for which docket-sync has fetched the states of
 * the team. */
void set_up_linear(struct world *w);

/* The customer raises an issue. */
struct answer *raise_titled(const struct world *w, const char *title,
			    const char *priority);

/* The response to raising an issue says that it waits for Linear; returns its
 * id. */
int64_t expect_queued(const struct answer *a);

/* The issue arrives in Linear, once, and the staff see that. */
void expect_arrival(const struct world *w, int64_t issue, const char *title);

#endif
