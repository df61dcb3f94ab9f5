#ifndef BASE_RATE_H
#define BASE_RATE_H

#include "base/clock.h"

/* Limits how often something may happen for a key, such as a client's network,
 * over all processes of a machine, those of plain CGI included. The state is in
 * a file of a fixed size; keys with the same place in it share their limit. */

/* Opens the file, and creates it if it is missing. False: that failed, and
 * nothing is limited. Call once, before rate_take. */
bool rate_open(const char *path);

/* Counts one more for the key: on average one may happen in each `interval`,
 * and `burst` more at once. 0: it may happen; else it may not, does not count,
 * and the result is how long to wait. */
usec_t rate_take(const char *key, usec_t interval, int burst);

#endif
