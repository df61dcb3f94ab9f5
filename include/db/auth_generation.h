#ifndef DB_AUTH_GENERATION_H
#define DB_AUTH_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

/* A generation counter that all processes of a machine share through a file. It
 * is increased when a user, a profile or a token changes, so that a process may
 * cache the user of a token, and what they may do, as long as the number
 * stays the same. */

/* Opens the file; with `create`, which processes with a cache use, also creates
 * it. If that fails, nothing may be cached. A second call does nothing. */
void auth_generation_open(const char *path, bool create);

/* The current generation; 0: there is no file, and nothing may be cached. Read
 * it before the data that is cached under it. */
uint64_t auth_generation_now(void);

/* Increases it. Call after the change is committed. */
void auth_generation_bump(void);

#endif
