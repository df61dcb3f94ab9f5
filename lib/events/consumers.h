#ifndef EVENTS_CONSUMERS_H
#define EVENTS_CONSUMERS_H

#include "events/events.h"

/* The consumers, each in the file of its name. */
enum err index_words(struct ctx *c, const struct news *list,
		     size_t n) MUST_CHECK;
enum err index_customers(struct ctx *c, const struct news *list,
			 size_t n) MUST_CHECK;
enum err tell_people(struct ctx *c, const struct news *list,
		     size_t n) MUST_CHECK;
enum err count_trend(struct ctx *c, const struct news *list,
		     size_t n) MUST_CHECK;
enum err queue_for_linear(struct ctx *c, const struct news *list,
			  size_t n) MUST_CHECK;

#endif
