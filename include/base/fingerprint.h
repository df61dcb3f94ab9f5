#ifndef BASE_FINGERPRINT_H
#define BASE_FINGERPRINT_H

#include <stddef.h>

#define FINGERPRINT_TEXT 17 /* NUL included */

/* A 64-bit fingerprint (XXH3) as 16 hexadecimal digits, the same on every
 * machine. It is made for speed: for ETags, where a collision costs a stale
 * page; not for secrets. */
void fingerprint(char out[FINGERPRINT_TEXT], const void *p, size_t n);

#endif
