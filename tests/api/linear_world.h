#ifndef LINEAR_WORLD_H
#define LINEAR_WORLD_H

#include <stdint.h>

#include "base/clock.h"

struct answer;
struct world;

/* What the tests of the way to Linear share. */

/* How long a request may take while Linear does not respond. */
#define PATIENCE (3 * USEC_PER_SEC)

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
