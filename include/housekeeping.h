#ifndef HOUSEKEEPING_H
#define HOUSEKEEPING_H

#include "ctx.h"

/* Forgets what is of no use any more: expired tokens, answers kept for
 * repeats, wrong passwords that no longer count, deliveries worked off. For
 * docket-sync, once in a while. */
enum err housekeep(struct ctx *c) MUST_CHECK;

#endif
