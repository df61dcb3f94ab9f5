#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* Limits how many worker processes of a machine serve one tenant at a time. A
 * place is a lock on a byte of a file, which the kernel releases when its
 * process ends, however that ends. */

/* Most places that a key can have. */
#define SHARE_PLACES_MAX 512

/* The file that holds the locks, made when it is missing. Without one nobody is
 * limited. Call once, before share_take. */
void share_open(const char *path);

/* Takes one of the key's places, for which this process must hold none. False
 * when other processes hold all of them. */
bool share_take(int64_t key, long places);

/* Gives it back. Does nothing when this process holds none. */
void share_leave(void);

#endif
