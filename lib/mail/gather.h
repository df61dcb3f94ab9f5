#ifndef MAIL_GATHER_H
#define MAIL_GATHER_H

#include <stdbool.h>

#include "base/ctx.h"

/* Makes mails (table mail_job) of the notifications whose burst is over.
 *
 * What happened on one issue within a burst is one mail for each reader. A
 * reader gets at most MAIL_SINGLES of those an hour; everything beyond is
 * gathered in a digest, first for MAIL_DIGEST_S seconds, then for twice and for
 * four times as long. A digest names its first MAIL_DIGEST_LINES notifications
 * and counts the others.
 *
 * Notifications are worked off in batches, each in one transaction, by one
 * daemon at a time. A flood costs a few statements a batch for each reader,
 * however many notifications there are. */

#define MAIL_SINGLES	  12
#define MAIL_DIGEST_LINES 50

/* A batch. *more: there are others still. */
enum err mail_gather(bool *more, struct ctx *c) MUST_CHECK;

#endif
