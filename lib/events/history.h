#ifndef EVENTS_HISTORY_H
#define EVENTS_HISTORY_H

#include "events/events.h"

/* The new entries of histories, as events. */

/* Fills in the events of each of the n issues behind its outbox row's seen_id.
 * news[i].issue.id must be ascending. */
enum err news_read_all(struct ctx *c, struct news *news, size_t n) MUST_CHECK;

/* The same for one issue: the entries with ids from `behind` + 1 to `to`. There
 * may be later ones. */
enum err news_read_between(struct ctx *c, struct news *news, int64_t behind,
			   int64_t to) MUST_CHECK;

#endif
