#ifndef DESK_ISSUE_AGE_H
#define DESK_ISSUE_AGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ctx.h"

/* The greatest created_at of an organization's issues up to an id (table
 * issue_age). Issues are mostly created in the order of their ids, but those
 * that are imported from Linear are older than their ids tell, and clocks
 * differ. So this tells how much of what is sorted by created_at can be found
 * by ids. */

/* Notes it for some ranges that get no new issues; *more: other ranges are
 * left. docket-sync calls it from time to time. A search takes longer in ranges
 * that are not noted yet. */
enum err issue_age_note(bool *more, struct ctx *c) MUST_CHECK;

/* The greatest created_at among an organization's issues with the id or a lower
 * one, or a later time; 0: there are none. *known false: some of them are not
 * noted yet. */
enum err issue_age_newest(usec_t *newest, bool *known, struct ctx *c,
			  int64_t organization_id, int64_t id) MUST_CHECK;

#endif
