#ifndef ADMIN_HOUSEKEEPING_H
#define ADMIN_HOUSEKEEPING_H

#include <stdbool.h>

#include "base/ctx.h"

/* Forgets what is of no use any more: expired tokens, answers kept for
 * repeats, wrong passwords that no longer count, deliveries worked off, mails
 * that went, old entries of the security log. Tries once more what was given up
 * a day ago, and what a clock put off that was wrong. For docket-sync, once in
 * a while; where *more is left, soon. */
enum err housekeep(bool *more, struct ctx *c) MUST_CHECK;

#endif
