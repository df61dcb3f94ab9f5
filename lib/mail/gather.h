#ifndef MAIL_GATHER_H
#define MAIL_GATHER_H

#include <stdbool.h>

#include "base/ctx.h"

/* Makes mails (table mail_job) from the notifications whose burst is over.
 *
 * Everything that happens on an issue within a burst becomes one mail for each
 * reader. A reader gets at most MAIL_SINGLES of those an hour. Further
 * notifications are collected in a digest, first for MAIL_DIGEST_S seconds,
 * then for twice and for four times as long. A digest lists its first
 * MAIL_DIGEST_LINES notifications and counts the others.
 *
 * Notifications are processed in batches, each in one transaction, by one
 * daemon at a time. */

#define MAIL_SINGLES	  12
#define MAIL_DIGEST_LINES 50

/* Processes one batch. *more: there are more. */
enum err mail_gather(bool *more, struct ctx *c) MUST_CHECK;

#endif
