#ifndef BASE_TIME_ZONE_H
#define BASE_TIME_ZONE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

/* Time zones by their names in the IANA database, as the system has them
 * (Debian's package tzdata). "UTC" is known even where it has none.
 *
 * The C library knows one local time for the whole process, so these functions
 * set it for a moment. No other thread may run meanwhile. */

#define TIME_ZONE_MAX 64 /* bytes of a name */

/* Whether the system has a zone of this name, such as "Europe/Berlin". */
bool time_zone_is_known(const char *name);

/* A period in which the local time of a zone is ahead of UTC by the same number
 * of seconds: from `from` until before `to`. */
struct zone_span {
	usec_t from, to;
	int64_t offset_s;
};

/* Divides the time from `from` to before `to` into spans, exact to a quarter of
 * an hour, to which `from` is rounded down. Returns how many there are, at most
 * `max`: the last one then has the rest of the time. A zone that is not known
 * counts as UTC. */
size_t time_zone_spans(struct zone_span *out, size_t max, const char *name,
		       usec_t from, usec_t to);

/* The day of local time, counted from 1970-01-01. */
int64_t time_zone_day(const struct zone_span *span, usec_t t);

#endif
