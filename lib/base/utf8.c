#include <string.h>

#include "base/json.h"

/* By the table of RFC 3629, section 4. */
size_t
utf8_sequence(const char *s, size_t n)
{
	const unsigned char *b = (const unsigned char *)s;
	size_t len;
	unsigned char lo = 0x80, hi = 0xbf;

	if (b[0] < 0x80)
		return 1;
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 0;
	len = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	if (b[0] == 0xe0)
		lo = 0xa0;
	else if (b[0] == 0xed)
		hi = 0x9f;
	else if (b[0] == 0xf0)
		lo = 0x90;
	else if (b[0] == 0xf4)
		hi = 0x8f;
	if (n < len || b[1] < lo || b[1] > hi)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

bool
utf8_valid(const char *s, size_t n)
{
	size_t step;

	for (size_t i = 0; i < n; i += step) {
		step = utf8_sequence(s + i, n - i);
		if (!step)
			return false;
	}
	return true;
}

bool
is_visible_word(const char *s, size_t max)
{
	size_t n = 0;

	while (s && s[n] > ' ' && s[n] < 0x7f)
		n++;
	return n > 0 && n <= max && !s[n];
}

size_t
utf8_length(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}
