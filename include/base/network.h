#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <stddef.h>

/* The network that a client's requests come from, as limits count it: an IPv4
 * address, or the /64 of an IPv6 one, since one customer of a provider has all
 * addresses of that. An IPv4 address in IPv6 form is the same as itself. */

#define NETWORK_BYTES 8
#define NETWORK_TEXT  (2 * NETWORK_BYTES + 1)

/* How many bytes; 0: `client` is no address, or NULL. */
size_t network_of(unsigned char out[NETWORK_BYTES], const char *client);

/* The same as hexadecimal text, "" where there is none. */
const char *network_text(char out[NETWORK_TEXT], const char *client);

#endif
