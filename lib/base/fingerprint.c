#include "base/fingerprint.h"

#include <xxhash.h>

void
fingerprint(char out[FINGERPRINT_TEXT], const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	XXH64_hash_t h = XXH3_64bits(n ? p : "", n);

	for (int i = FINGERPRINT_TEXT - 2; i >= 0; i--, h >>= 4)
		out[i] = digits[h & 15];
	out[FINGERPRINT_TEXT - 1] = '\0';
}
