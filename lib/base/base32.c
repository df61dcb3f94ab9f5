#include "base/base32.h"

#include <string.h>

static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

void
base32(char *out, const void *p, size_t n)
{
	const unsigned char *bytes = p;
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < n; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = digits[held >> (bits - 5) & 31];
	}
	if (bits)
		*out++ = digits[held << (5 - bits) & 31];
	*out = '\0';
}

static int
digit_value(char c)
{
	const char *at;

	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

size_t
base32_read(void *out, size_t n, const char *text, size_t length)
{
	unsigned char *bytes = out;
	unsigned bits = 0, held = 0;
	size_t made = 0;
	int v;

	if (length != BASE32_TEXT(n) - 1)
		return 0;
	for (size_t i = 0; i < length; i++) {
		v = digit_value(text[i]);
		if (v < 0)
			return 0;
		held = held << 5 | (unsigned)v;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[made++] = (unsigned char)(held >> bits);
		}
	}
	/* one text for each value: the bits that are left are zero */
	return (held & ((1U << bits) - 1)) == 0 ? made : 0;
}
