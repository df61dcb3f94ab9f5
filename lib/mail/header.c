#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "compose.h"
#include "name.h"

#define LINE_MAX_CHARS 76 /* RFC 2047, 2 */
#define PLAIN_MAX      64
#define WORD_BEGIN     "=?UTF-8?B?"
#define WORD_END       "?="

/* Whether it needs no encoding: short, ASCII, and nothing that looks encoded.
 */
static bool
header_is_plain(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p >= 0x7f)
			return false;
	return strlen(s) <= PLAIN_MAX && !strstr(s, "=?");
}

/* How many bytes of s fit into `room` without cutting a character. */
static size_t
whole_characters(const char *s, size_t room)
{
	size_t n = strlen(s);

	if (n <= room)
		return n;
	for (n = room; n && ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;
	return n ? n : room; /* not UTF-8: cut anywhere */
}

/* Adds s as encoded words, one on each line; the first begins at `column`. */
static void
add_words(struct buf *b, const char *s, size_t column)
{
	const size_t frame = strlen(WORD_BEGIN WORD_END);
	char text[BASE64_TEXT(LINE_MAX_CHARS)];
	size_t n;

	for (; *s; s += n) {
		n = whole_characters(s,
				     (LINE_MAX_CHARS - column - frame) / 4 * 3);
		base64(text, s, n);
		buf_printf(b, WORD_BEGIN "%s" WORD_END "%s", text,
			   s[n] ? "\r\n " : "");
		column = 1;
	}
}

static const char *
header_finish(struct arena *a, struct buf *b)
{
	const char *line = arena_memdup(a, b->data, b->len);

	buf_release(b);
	return line;
}

const char *
mail_header(struct arena *a, const char *name, const char *text)
{
	const char *s = mail_line(a, text);
	struct buf b;

	buf_init(&b, (size_t)16 * 1024);
	buf_printf(&b, "%s: ", name);
	if (header_is_plain(s))
		buf_adds(&b, s);
	else
		add_words(&b, s, strlen(name) + 2);
	return header_finish(a, &b);
}

/* A quoted string (RFC 5322, 3.2.4). */
static void
add_quoted(struct buf *b, const char *s)
{
	buf_addc(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *s);
	}
	buf_addc(b, '"');
}

const char *
mail_header_address(struct arena *a, const char *name, const char *display,
		    const char *address)
{
	const char *s = display ? mail_display_name(a, display) : "";
	struct buf b;

	buf_init(&b, (size_t)16 * 1024);
	buf_printf(&b, "%s: ", name);
	if (*s && header_is_plain(s))
		add_quoted(&b, s);
	else
		add_words(&b, s, strlen(name) + 2);
	buf_printf(&b, "%s<%s>", *s ? "\r\n " : "", address);
	return header_finish(a, &b);
}
