/* Checks whether a text is JSON (RFC 8259), and not too deep, before cJSON sees
 * it. One scan finds two kinds of faults: of the grammar, which nothing can
 * repair; and inside of texts, which json_repair() can replace. After one of
 * the second kind the scan goes on, so that a text that will be repaired is not
 * scanned again. */
#include "json_grammar.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define MAX_DEPTH 32
#define ESCAPE	  6 /* bytes: \uXXXX */

struct scan {
	const char *p, *end;
	struct json_faults faults; /* the first of each kind */
};

static bool
fail(struct scan *s, const char *why)
{
	if (!s->faults.grammar)
		s->faults.grammar = why;
	return false;
}

/* A fault inside of a text: the scan goes on. */
static void
note_text_fault(struct scan *s, const char *why)
{
	if (!s->faults.in_text)
		s->faults.in_text = why;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				 *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return fail(s, "a value is misspelt");
	s->p += n;
	return true;
}

static size_t
scan_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

static bool
scan_some_digits(struct scan *s)
{
	return scan_digits(s) || fail(s, "a number is malformed");
}

static bool
scan_number(struct scan *s)
{
	const char *first;

	if (*s->p == '-')
		s->p++;
	first = s->p;
	if (!scan_some_digits(s))
		return false;
	if (*first == '0' && s->p - first > 1)
		return fail(s, "a number is malformed");
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!scan_some_digits(s))
			return false;
	}
	if (s->p == s->end || (*s->p != 'e' && *s->p != 'E'))
		return true;
	s->p++;
	if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
		s->p++;
	return scan_some_digits(s);
}

/* The code unit of the escape \uXXXX at p, or -1 if there is no escape. */
static int
escaped_unit(const char *p, const char *end)
{
	char digits[5] = "";

	if (end - p < ESCAPE || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)p[2 + i]))
			return -1;
		digits[i] = p[2 + i];
	}
	return (int)strtol(digits, NULL, 16);
}

size_t
json_unicode_escape(const char **fault, const char *p, const char *end)
{
	const int unit = escaped_unit(p, end);
	int low;

	*fault = NULL;
	if (unit < 0)
		return 0;
	if (unit == 0)
		*fault = "a string has a NUL";
	if (unit < 0xd800 || unit >= 0xe000)
		return ESCAPE;
	low = unit < 0xdc00 ? escaped_unit(p + ESCAPE, end) : -1;
	if (low >= 0xdc00 && low < 0xe000)
		return (size_t)2 * ESCAPE;
	*fault = "a string has a malformed escape";
	return ESCAPE;
}

static bool
scan_escape(struct scan *s)
{
	const char *fault;
	size_t n;

	if (s->end - s->p < 2 || !s->p[1] || !strchr("\"\\/bfnrtu", s->p[1]))
		return fail(s, "a string has an unknown escape");
	if (s->p[1] != 'u') {
		s->p += 2;
		return true;
	}
	n = json_unicode_escape(&fault, s->p, s->end);
	if (!n)
		return fail(s, "a string has a malformed escape");
	if (fault)
		note_text_fault(s, fault);
	s->p += n;
	return true;
}

static bool
scan_string(struct scan *s)
{
	s->p++;
	while (s->p < s->end) {
		const unsigned char c = (unsigned char)*s->p;

		if (c == '\\') {
			if (!scan_escape(s))
				return false;
			continue;
		}
		s->p++;
		if (c == '"')
			return true;
		if (c < 0x20)
			return fail(s, "a string has a bare control character");
	}
	return fail(s, "a string does not end");
}

static bool scan_value(struct scan *s, int depth);

static bool
scan_member(struct scan *s, int depth)
{
	if (s->p == s->end || *s->p != '"')
		return fail(s, "a key is not a string");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (s->p == s->end || *s->p++ != ':')
		return fail(s, "a key has no value");
	return scan_value(s, depth);
}

static bool
scan_list(struct scan *s, int depth, char closer)
{
	s->p++;
	skip_space(s);
	if (s->p < s->end && *s->p == closer) {
		s->p++;
		return true;
	}
	while (closer == '}' ? scan_member(s, depth) : scan_value(s, depth)) {
		if (s->p == s->end)
			return fail(s, "a list does not end");
		if (*s->p == closer) {
			s->p++;
			return true;
		}
		if (*s->p++ != ',')
			return fail(s, "a comma is missing");
		skip_space(s);
	}
	return false;
}

/* Checks one value and the white space around it. */
static bool
scan_value(struct scan *s, int depth)
{
	bool ok;

	if (depth > MAX_DEPTH)
		return fail(s, "it is nested too deeply");
	skip_space(s);
	if (s->p == s->end)
		return fail(s, "a value is missing");
	switch (*s->p) {
	case '{':
		ok = scan_list(s, depth + 1, '}');
		break;
	case '[':
		ok = scan_list(s, depth + 1, ']');
		break;
	case '"':
		ok = scan_string(s);
		break;
	case 't':
		ok = scan_word(s, "true");
		break;
	case 'f':
		ok = scan_word(s, "false");
		break;
	case 'n':
		ok = scan_word(s, "null");
		break;
	default:
		if (*s->p != '-' && (*s->p < '0' || *s->p > '9'))
			return fail(s, "a value is misspelt");
		ok = scan_number(s);
	}
	skip_space(s);
	return ok;
}

struct json_faults
json_check(const char *text, size_t n)
{
	struct scan s = {.p = text, .end = text + n};

	if (memchr(text, '\0', n)) {
		(void)fail(&s, "it has a NUL");
		return s.faults;
	}
	if (!utf8_valid(text, n))
		note_text_fault(&s, "it is not UTF-8");
	if (scan_value(&s, 0) && s.p != s.end)
		(void)fail(&s, "something follows the value");
	return s.faults;
}
