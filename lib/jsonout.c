#include "jsonout.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"

void
json_begin(struct jsonout *j, struct buf *out)
{
	*j = (struct jsonout){.out = out};
}

/* 1 for what does not stand for itself: control characters, quotes, and '<' so
 * that no answer is HTML. */
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

static void
quoted(struct buf *b, const char *s, size_t n)
{
	char scratch[8];
	size_t from = 0;

	buf_addc(b, '"');
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

/* Comma and key: all that comes before a value. */
static void
lead(struct jsonout *j, const char *key)
{
	if (j->comma)
		buf_addc(j->out, ',');
	j->comma = true;
	if (key) {
		quoted(j->out, key, strlen(key));
		buf_addc(j->out, ':');
	}
}

static void
open_level(struct jsonout *j, const char *key, char opener, char closer)
{
	lead(j, key);
	assert(j->depth < (int)sizeof(j->closers));
	j->closers[j->depth++] = closer;
	buf_addc(j->out, opener);
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
	lead(j, key);
	quoted(j->out, s, n);
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

	/* not printf: a list page prints hundreds of these */
	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	lead(j, key);
	buf_add(j->out, p, (size_t)(digits + sizeof(digits) - p));
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
	lead(j, key);
	buf_adds(j->out, v ? "true" : "false");
}

void
json_null(struct jsonout *j, const char *key)
{
	lead(j, key);
	buf_adds(j->out, "null");
}

void
json_raw(struct jsonout *j, const char *key, const char *text, size_t n)
{
	lead(j, key);
	buf_add(j->out, text, n);
}
