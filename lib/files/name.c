#include "files/name.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/unicode.h"

/* Longer ones are no extensions, and may be cut. */
#define EXTENSION_MAX 20

const char *
file_extension(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot != name ? dot + 1 : "";
}

static const char *
without_path(const char *s)
{
	const char *from = s;

	for (; *s; s++)
		if (*s == '/' || *s == '\\')
			from = s + 1;
	return from;
}

static bool
is_edge(char c)
{
	return c == '.' || c == ' ';
}

/* Dots at the beginning hide a file, at the end some systems drop them. */
static char *
without_edges(struct arena *a, const char *s)
{
	size_t n;

	while (is_edge(*s))
		s++;
	n = strlen(s);
	while (n && is_edge(s[n - 1]))
		n--;
	return arena_memdup(a, s, n);
}

/* The bytes of the first `max` characters. */
static size_t
bytes_of(const char *s, size_t max)
{
	size_t n = 0;

	while (s[n] && max--)
		n += utf8_sequence(s + n, strlen(s + n));
	return n;
}

static char *
shortened(struct arena *a, char *name)
{
	const char *extension = file_extension(name);
	size_t kept = utf8_length(extension);

	if (utf8_length(name) <= FILE_NAME_MAX)
		return name;
	if (kept > EXTENSION_MAX)
		return arena_memdup(a, name, bytes_of(name, FILE_NAME_MAX));
	return arena_printf(a, "%.*s.%s",
			    (int)bytes_of(name, FILE_NAME_MAX - kept - 1), name,
			    extension);
}

const char *
file_name(struct arena *a, const char *raw)
{
	const char *clean = text_clean(a, without_path(raw), false);
	char *name = without_edges(a, clean);

	return text_is_visible(name) ? shortened(a, name) : NULL;
}

/* RFC 8187, attr-char. */
static bool
is_attr_char(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || (c && strchr("!#$&+-.^_`|~", c)));
}

static void
add_ascii(struct buf *b, const char *name)
{
	for (; *name; name++) {
		const unsigned char c = (unsigned char)*name;

		if (c >= 0x80 && c < 0xc0)
			continue; /* the rest of a character */
		buf_addc(b, c < ' ' || c >= 0x7f || strchr("\"\\%", c)
				? '_'
				: (char)c);
	}
}

const char *
file_disposition(struct arena *a, const char *name, int is_inline)
{
	struct buf b;
	char *copy;

	buf_init(&b, (size_t)FILE_NAME_MAX * 16 + 100);
	buf_printf(&b, "%s; filename=\"", is_inline ? "inline" : "attachment");
	add_ascii(&b, name);
	buf_adds(&b, "\"; filename*=UTF-8''");
	for (; *name; name++)
		if (is_attr_char((unsigned char)*name))
			buf_addc(&b, *name);
		else
			buf_printf(&b, "%%%02X",
				   (unsigned)(unsigned char)*name);
	copy = arena_memdup(a, b.data, b.len);
	buf_release(&b);
	return copy;
}
