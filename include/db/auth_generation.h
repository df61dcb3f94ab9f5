#ifndef DB_AUTH_GENERATION_H
#define DB_AUTH_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

/* A number that all processes of a machine share through a file. It grows
 * whenever something changes of whom a token stands for and what he may do, so
 * that what a process remembers of that holds as long as the number is the
 * same. */

/* Joins it; `create` for those who remember something. Whoever cannot have the
 * file remembers nothing. A second call does nothing once it is joined. */
void auth_generation_open(const char *path, bool create);

/* Never 0; 0 where there is none: then nothing may be remembered. To be read
 * before what is remembered under it. */
uint64_t auth_generation_now(void);

/* After what has changed is committed. */
void auth_generation_bump(void);

#endif
