/* Writes JSON into a buffer as it is asked for, without a tree. A list page
 * writes some thousand values, so keys and values are written in place where
 * they need no escape, and numbers without printf. The buffer's maximum is
 * checked once, by the caller, in `overflow`. */
#include "base/json_writer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

void
json_begin(struct jsonout *j, struct buf *out)
{
	*j = (struct jsonout){.out = out};
}

/* 1 for each byte that is escaped: control characters, quotes, backslash, and
 * '<', so that no response can be read as HTML. */
#define EIGHT 1, 1, 1, 1, 1, 1, 1, 1
static const unsigned char escaped[256] = {
    EIGHT, EIGHT, EIGHT, EIGHT, ['"'] = 1, ['\\'] = 1, ['<'] = 1, [0x7f] = 1};
#undef EIGHT

static const char *
escape(unsigned char c, char scratch[8])
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		snprintf(scratch, 8, "\\u%04x", c);
		return scratch;
	}
}

/* Whether sixteen bytes need no escape. Compilers turn this into a few vector
 * instructions, and a page is mostly text. */
static bool
are_plain(const unsigned char *u)
{
	unsigned char other = 0;

	for (int i = 0; i < 16; i++)
		other |= (unsigned char)((u[i] < 0x20) | (u[i] == '"') |
					 (u[i] == '\\') | (u[i] == '<') |
					 (u[i] == 0x7f));
	return !other;
}

static bool
needs_no_escape(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;

	for (; n >= 16; u += 16, n -= 16)
		if (!are_plain(u))
			return false;
	for (; n; u++, n--)
		if (escaped[*u])
			return false;
	return true;
}

/* Adds a string with escapes, and its closing quote. */
static void
add_json_escaped(struct buf *b, const char *s, size_t n)
{
	char scratch[8];
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (!escaped[(unsigned char)s[i]])
			continue;
		buf_add(b, s + from, i - from);
		buf_adds(b, escape((unsigned char)s[i], scratch));
		from = i + 1;
	}
	buf_add(b, s + from, n - from);
	buf_addc(b, '"');
}

static char *
put_bytes(char *to, const char *s, size_t n)
{
	memcpy(to, s, n);
	return to + n;
}

static char *
put_string(char *to, const char *s, size_t n)
{
	*to++ = '"';
	to = put_bytes(to, s, n);
	*to++ = '"';
	return to;
}

/* Writes what comes before a value (comma and key), with room for n more bytes.
 * Returns where the value begins; NULL beyond the maximum. */
static char *
lead(struct jsonout *j, const char *key, size_t n)
{
	const size_t length = key ? strlen(key) : 0;
	char *to = buf_room(j->out, length + n + 4);

	if (!to)
		return NULL;
	if (j->comma)
		*to++ = ',';
	j->comma = true;
	if (!key)
		return to;
	to = put_string(to, key, length);
	*to++ = ':';
	return to;
}

/* Adds a value that needs no escape. */
static void
add_value(struct jsonout *j, const char *key, const char *text, size_t n)
{
	char *to = lead(j, key, n);

	if (to)
		buf_took(j->out, put_bytes(to, text, n));
}

static void
open_level(struct jsonout *j, const char *key, char opener, char closer)
{
	assert(j->depth < (int)sizeof(j->closers));
	add_value(j, key, &opener, 1);
	j->closers[j->depth++] = closer;
	j->comma = false;
}

void
json_object(struct jsonout *j, const char *key)
{
	open_level(j, key, '{', '}');
}

void
json_array(struct jsonout *j, const char *key)
{
	open_level(j, key, '[', ']');
}

void
json_end(struct jsonout *j)
{
	assert(j->depth > 0);
	buf_addc(j->out, j->closers[--j->depth]);
	j->comma = true;
}

void
json_bytes(struct jsonout *j, const char *key, const char *s, size_t n)
{
	char *to = lead(j, key, n + 2);

	if (!to)
		return;
	if (needs_no_escape(s, n)) {
		buf_took(j->out, put_string(to, s, n));
	} else {
		*to++ = '"';
		buf_took(j->out, to);
		add_json_escaped(j->out, s, n);
	}
}

void
json_string(struct jsonout *j, const char *key, const char *s)
{
	if (s)
		json_bytes(j, key, s, strlen(s));
	else
		json_null(j, key);
}

void
json_integer(struct jsonout *j, const char *key, int64_t v)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	/* not printf: a list page has hundreds of numbers */
	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	add_value(j, key, p, (size_t)(digits + sizeof(digits) - p));
}

void
json_id(struct jsonout *j, const char *key, int64_t id)
{
	if (id)
		json_integer(j, key, id);
	else
		json_null(j, key);
}

void
json_bool(struct jsonout *j, const char *key, bool v)
{
	add_value(j, key, v ? "true" : "false", v ? 4 : 5);
}

void
json_null(struct jsonout *j, const char *key)
{
	add_value(j, key, "null", 4);
}

void
json_strings(struct jsonout *j, const char *key, const char *const *list,
	     size_t n)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++)
		json_string(j, NULL, list[i]);
	json_end(j);
}

const char *
json_id_list(struct arena *a, const int64_t *ids, size_t n)
{
	struct jsonout j;
	struct buf json;
	const char *text;

	buf_init(&json, n * 24 + 16);
	json_begin(&j, &json);
	json_array(&j, NULL);
	for (size_t i = 0; i < n; i++)
		json_integer(&j, NULL, ids[i]);
	json_end(&j);
	text = arena_memdup(a, json.data, json.len);
	buf_release(&json);
	return text;
}

void
json_raw(struct jsonout *j, const char *key, const char *text, size_t n)
{
	add_value(j, key, text, n);
}
