#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* Limits how many worker processes of a machine serve one tenant at a time. A
 * place is a lock on one byte of a file, which the kernel releases when the
 * process ends, even if it crashes. */

/* The largest number of places of a key. */
#define SHARE_PLACES_MAX 512

/* Opens the file that holds the locks, and creates it if it is missing. If that
 * fails, nobody is limited. Call once, before share_take. */
void share_open(const char *path);

/* Takes one of the key's places; this process must hold none. False: other
 * processes hold all of them. */
bool share_take(int64_t key, long places);

/* Releases the place, if this process holds one. */
void share_leave(void);

#endif
