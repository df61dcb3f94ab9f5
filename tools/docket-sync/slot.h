#ifndef DOCKET_SYNC_SLOT_H
#define DOCKET_SYNC_SLOT_H

#include "docket-sync.h"

/* One job under way; for jobs.c only. */

/* Puts the job into a free slot, of which there must be one, and plans it. */
void slot_start(struct daemon *d, const struct sync_job *job);

/* In PHASE_PLAN: plans until there is something to send, or nothing more to do.
 * The slot stays in PHASE_PLAN if that has to wait. */
void slot_plan(struct daemon *d, struct slot *s);

/* In PHASE_APPLY: applies s->answer, and plans what comes next. */
void slot_apply(struct daemon *d, struct slot *s);

/* Whether the slot's request goes to Linear's API, and not to its storage,
 * which says nothing about the key. */
bool slot_asks_linear(const struct slot *s);

/* Whether the slot's request changes something in Linear. */
bool slot_writes(const struct slot *s);

#endif
