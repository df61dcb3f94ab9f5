/* From in the bytes of a mail, read more strictly than GMime does. */
#include <string.h>
#include <strings.h>

#include "sender.h"

/* Where the header ends, before the empty line. */
static const char *
end_of_mail_header(const char *raw, const char *end)
{
	for (const char *s = raw; s < end; s++) {
		s = memchr(s, '\n', (size_t)(end - s));
		if (!s)
			break;
		if (s + 1 < end && s[1] == '\n')
			return s + 1;
		if (s + 2 < end && s[1] == '\r' && s[2] == '\n')
			return s + 1;
	}
	return end;
}

/* The value of From if the line at s begins it; else NULL. A space before the
 * colon is obsolete, but some programs read it. */
static const char *
value_of_from(const char *s, const char *end)
{
	if (end - s < 5 || strncasecmp(s, "From", 4) != 0)
		return NULL;
	for (s += 4; s < end && (*s == ' ' || *s == '\t'); s++)
		;
	return s < end && *s == ':' ? s + 1 : NULL;
}

/* Where the line at s ends, with the lines that continue it. */
static const char *
end_of_folded(const char *s, const char *end)
{
	while (s < end && (s = memchr(s, '\n', (size_t)(end - s)))) {
		s++;
		if (s == end || (*s != ' ' && *s != '\t'))
			return s;
	}
	return end;
}

/* Skips a quoted string, or a comment with those inside it, that begins at s.
 * Returns its last byte, or `end`: it never ends. */
static const char *
skip_quoted_or_comment(const char *s, const char *end)
{
	const bool is_comment = *s == '(';
	int depth = 1;

	for (s++; s < end; s++) {
		if (*s == '\\' && s + 1 < end)
			s++;
		else if (is_comment && *s == '(')
			depth++;
		else if (*s == (is_comment ? ')' : '"') && --depth == 0)
			return s;
	}
	return end;
}

/* Whether a list of addresses has only one with an '@', and is neither group
 * nor route. What separates them may stand in encoded words, as many programs
 * write "=?utf-8?q?Meyer,_Ana?= <…>". */
static bool
is_one_mailbox(const char *s, const char *end)
{
	bool has_at = false, is_encoded = false;
	int n = 0;

	for (; s < end; s++) {
		if (*s == '"' || *s == '(') {
			s = skip_quoted_or_comment(s, end);
			if (s == end)
				return false;
		} else if (*s == '=' && s + 1 < end && s[1] == '?') {
			is_encoded = true;
		} else if (strchr(" \t\r\n<", *s)) {
			is_encoded = false;
		} else if (*s == '@' && !has_at) {
			has_at = true;
			n++;
		} else if (!is_encoded && *s == ',') {
			has_at = false;
		} else if (!is_encoded && strchr(":;", *s)) {
			return false;
		}
	}
	return n == 1;
}

size_t
mail_header_size(const char *raw, size_t n)
{
	return (size_t)(end_of_mail_header(raw, raw + n) - raw);
}

bool
sender_is_one(const char *raw, size_t n)
{
	const char *end = end_of_mail_header(raw, raw + n), *value = NULL,
		   *next;

	if (memchr(raw, '\0', (size_t)(end - raw)))
		return false;
	for (const char *s = raw; s < end; s = next) {
		const char *here = value_of_from(s, end);

		next = end_of_folded(s, end);
		if (here && (value || !is_one_mailbox(here, next)))
			return false;
		value = here ? here : value;
	}
	return value != NULL;
}
