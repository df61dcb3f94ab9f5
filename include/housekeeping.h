#ifndef HOUSEKEEPING_H
#define HOUSEKEEPING_H

#include <stdbool.h>

#include "ctx.h"

/* Forgets what is of no use any more: expired tokens, answers kept for
 * repeats, wrong passwords that no longer count, deliveries worked off, mails
 * that went. And tries once more what was given up a day ago. For docket-sync,
 * once in a while; where *more is left, soon. */
enum err housekeep(bool *more, struct ctx *c) MUST_CHECK;

#endif
