/* Replaces what JSON of other services may have inside of texts, although it
 * cannot be read: bytes that are not UTF-8, unpaired surrogates and escaped
 * NULs. Only for a text whose grammar is right (json_check). */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "json_grammar.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Copies the escape at p, or its replacement; returns its length. */
static size_t
repair_escape(struct buf *out, const char *p, const char *end)
{
	const char *fault;
	size_t n = json_unicode_escape(&fault, p, end);

	if (!n)
		n = 2; /* a short escape, such as "\\" */
	if (fault)
		buf_adds(out, REPLACEMENT);
	else
		buf_add(out, p, n);
	return n;
}

/* Copies the character at p, or its replacement; returns its length. */
static size_t
repair_character(struct buf *out, const char *p, const char *end)
{
	const size_t n = utf8_sequence(p, (size_t)(end - p));

	if (n)
		buf_add(out, p, n);
	else
		buf_adds(out, REPLACEMENT);
	return n ? n : 1;
}

void
json_repair(struct buf *out, const char *text, size_t n)
{
	const char *p = text, *end = text + n;

	buf_init(out, n * strlen(REPLACEMENT) + 1);
	while (p < end)
		p += *p == '\\' ? repair_escape(out, p, end)
				: repair_character(out, p, end);
}
