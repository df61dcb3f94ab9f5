#ifndef BASE_BASE32_H
#define BASE_BASE32_H

#include <stddef.h>

/* Base32 (RFC 4648) in lower case and without padding: for addresses, in which
 * programs may change the case of letters. */

#define BASE32_TEXT(n) (((n)*8 + 4) / 5 + 1) /* NUL included */

void base32(char *out, const void *p, size_t n);

/* Decodes a text of exactly n bytes, in either case. Returns n, or 0: it is
 * something else. */
size_t base32_read(void *out, size_t n, const char *text, size_t length);

#endif
