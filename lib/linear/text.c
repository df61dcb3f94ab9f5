#include "linear/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"

/* The most that one character grows to: a backslash each, or a line's
 * prefix. */
#define GROWTH 4

static const char *
markdown_finish(struct arena *a, struct buf *b)
{
	const char *text = arena_memdup(a, b->len ? b->data : "", b->len);

	buf_release(b);
	return text;
}

/* CommonMark, 2.4: a backslash before ASCII punctuation makes it literal.
 * These three have no meaning within a line. */
static bool
is_literal(char c)
{
	return !ispunct((unsigned char)c) || strchr("',-", c);
}

const char *
linear_name(struct arena *a, const char *name)
{
	struct buf b;

	buf_init(&b, strlen(name) * GROWTH + 1);
	for (const char *p = name; *p; p++) {
		if (!is_literal(*p))
			buf_addc(&b, '\\');
		buf_addc(&b, iscntrl((unsigned char)*p) ? ' ' : *p);
	}
	return markdown_finish(a, &b);
}

static bool
is_escaped(const char *text, const char *p)
{
	size_t n = 0;

	while (p > text && p[-1] == '\\') {
		p--;
		n++;
	}
	return n % 2 == 1;
}

/* ASCII only: some characters beyond it are invisible. */
static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* In an e-mail address something stands before the @. */
static bool
is_mention(const char *text, const char *p)
{
	return *p == '@' && (p == text || !is_word_char(p[-1])) &&
	       !is_escaped(text, p);
}

/* Linear turns URLs of its own host into mentions. */
static const char host[] = "linear.app";

static bool
is_linears_dot(const char *text, const char *p)
{
	const size_t before = strlen("linear");
	const char *name = p - before;

	return *p == '.' && p >= text + before &&
	       strncasecmp(name, host, strlen(host)) == 0 &&
	       (name == text || !is_word_char(name[-1])) &&
	       !is_word_char(name[strlen(host)]);
}

/* A URL of that host with a scheme must not become a link, either. */
static bool
is_linears_colon(const char *text, const char *p)
{
	const char *end;

	if (strncmp(p, "://", 3) != 0)
		return false;
	end = p + 3 + strcspn(p + 3, "/?#<>()[] \t\r\n");
	for (p += 3; p < end; p++)
		if (is_linears_dot(text, p))
			return true;
	return false;
}

/* A line ends with CR, LF or both. */
static size_t
line_end(const char *p)
{
	return p[0] == '\r' && p[1] == '\n' ? 2 : *p == '\r' || *p == '\n';
}

const char *
linear_quote(struct arena *a, const char *text)
{
	struct buf b;
	const char *p = text;
	size_t end;

	buf_init(&b, strlen(text) * GROWTH + 3);
	buf_adds(&b, "> ");
	while (*p) {
		end = line_end(p);
		if (end) {
			buf_adds(&b, "\n> ");
			p += end;
			continue;
		}
		if (is_mention(text, p) || is_linears_colon(text, p))
			buf_addc(&b, '\\');
		/* two, since in the target of a link a single one escapes
		 * nothing */
		if (is_linears_dot(text, p))
			buf_adds(&b, "\\\\");
		buf_addc(&b, *p++);
	}
	return markdown_finish(a, &b);
}
