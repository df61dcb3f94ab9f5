#ifndef SYNC_MAPPING_H
#define SYNC_MAPPING_H

#include <stdbool.h>

#include "desk/issue.h"
#include "linear/client.h"

/* How values and times of Linear correspond to ours. */

/* The status for a type of workflow state; 0: unknown type. */
enum status status_of_type(const char *type);

/* The status that Linear is to show: an issue that was resolved and then
 * closed stays completed there. */
enum status status_for_linear(const struct issue *ours);

/* True if a status of Linear's equals ours, or is what ours becomes there. */
bool status_agrees(const struct issue *ours, enum status theirs);

/* The state of the team for a status: of the right type, lowest position.
 * NULL: the team has none. */
const struct linear_state *state_for_status(const struct linear_team *team,
					    enum status status);

/* Linear's priority: 1 urgent .. 4 low. */
int linear_priority_of(enum priority p);

/* 0: no priority, or an unknown one. */
enum priority priority_of_linear(int p);

/* A time that Linear reports, but not later than now: its clock may be
 * ahead. */
usec_t time_clamped(usec_t told, usec_t now);

/* How far Linear's clock may be ahead of ours. */
#define CLOCK_AHEAD_MAX (86400 * USEC_PER_SEC)

bool is_far_ahead(usec_t told, usec_t now);

/* True if a payload of time `told` is older than what is known. A known time
 * that lies far ahead orders nothing: a clock was wrong then, and otherwise
 * no later payload would count. */
bool is_older(usec_t told, usec_t known, usec_t now);

/* True if what was read at `asked_at` holds although Linear dates it before
 * what is known: Linear's clock was ahead then, and has been corrected. If
 * the two times are close, the known change may have come in meanwhile, and
 * be newer than what was read. */
bool clock_was_set_back(usec_t known, usec_t asked_at);

#endif
