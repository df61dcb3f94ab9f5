#ifndef ADMIN_HOUSEKEEPING_H
#define ADMIN_HOUSEKEEPING_H

#include <stdbool.h>

#include "base/ctx.h"

/* Deletes what is no longer needed: expired tokens, responses kept for repeated
 * requests, old failures of logins, processed deliveries, sent mails, old
 * entries of the security log. Retries dead letters of a day ago, and releases
 * what a wrong clock scheduled far ahead. Notes how new issues are, for
 * searches (issue_age.h). docket-sync calls it from time to time; if *more,
 * again soon. */
enum err housekeep(bool *more, struct ctx *c) MUST_CHECK;

/* Counts the issues and the trend again if a migration asked for that: an older
 * version, which does not keep the counters that it changed, ran beside it.
 * Call once that has ended. */
enum err recount_if_asked(struct ctx *c) MUST_CHECK;

#endif
