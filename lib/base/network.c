#include "base/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define IPV4_IN_IPV6 12 /* bytes before the IPv4 address in ::ffff:1.2.3.4 */

size_t
network_of(unsigned char out[NETWORK_BYTES], const char *client)
{
	static const unsigned char mapped[IPV4_IN_IPV6] = {
	    [10] = 0xff, [11] = 0xff};
	unsigned char bytes[sizeof(struct in6_addr)];

	if (!client)
		return 0;
	if (inet_pton(AF_INET, client, out) == 1)
		return sizeof(struct in_addr);
	if (inet_pton(AF_INET6, client, bytes) != 1)
		return 0;
	if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
		memcpy(out, bytes + IPV4_IN_IPV6, sizeof(struct in_addr));
		return sizeof(struct in_addr);
	}
	memcpy(out, bytes, NETWORK_BYTES);
	return NETWORK_BYTES;
}

const char *
network_text(char out[NETWORK_TEXT], const char *client)
{
	unsigned char network[NETWORK_BYTES];
	const size_t n = network_of(network, client);

	*out = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", network[i]);
	return out;
}
