/* The DMARC result in Authentication-Results (RFC 8601). The header is written
 * by the receiving server, but parts of it are the sender's words, such as the
 * address of the envelope, and servers differ in how well they quote them. So a
 * failure counts wherever it stands, and a result counts only for the domain
 * that it names. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "mail/incoming.h"
#include "message.h"
#include "sender.h"

/* The value without comments, and quoted strings without quotes; what they held
 * of ';' and '=' becomes '_', so that it separates nothing. */
static char *
without_comments(struct arena *a, const char *value)
{
	char *out = arena_alloc(a, strlen(value) + 1), *to = out;
	int depth = 0;
	bool is_quoted = false;

	for (const char *s = value; *s; s++) {
		if (*s == '\\' && s[1] && (depth || is_quoted))
			s++;
		else if (*s == '"' && !depth) {
			is_quoted = !is_quoted;
			continue;
		} else if (*s == '(' && !is_quoted) {
			depth++;
			continue;
		} else if (*s == ')' && depth) {
			depth--;
			continue;
		}
		if (!depth)
			*to++ = is_quoted && strchr(";=", *s) ? '_' : *s;
	}
	return out;
}

static const char *
after_spaces(const char *s)
{
	return s + strspn(s, " \t");
}

/* What follows "dmarc=" at s; NULL: something else is there. */
static const char *
after_dmarc(const char *s)
{
	if (strncasecmp(s, "dmarc", 5) != 0)
		return NULL;
	s = after_spaces(s + 5);
	return *s == '=' ? after_spaces(s + 1) : NULL;
}

/* Whether there is a failure anywhere, even in a comment: only the sender could
 * have put it there, against themselves. */
static bool
mentions_failure(const char *value)
{
	const char *result;

	for (const char *s = value; (s = strcasestr(s, "dmarc")); s++) {
		result = after_dmarc(s);
		if (result && begins_with_word(result, "fail"))
			return true;
	}
	return false;
}

/* The result of DMARC in a value without comments; NULL: it has no such
 * result. */
static const char *
find_result(const char *value)
{
	const char *result = NULL;

	for (const char *s = strchr(value, ';'); s && !result;
	     s = strchr(s + 1, ';'))
		result = after_dmarc(after_spaces(s + 1));
	return result;
}

/* Whether the result names another domain than that of From, or one above it.
 * Then the server has read From in another way than we. */
static bool
is_of_other_domain(struct arena *a, const char *result, const char *from)
{
	const char *domain = strrchr(from, '@'), *named;
	const char *text = arena_memdup(a, result, strcspn(result, ";"));
	size_t n, own;

	named = strcasestr(text, "header.from");
	if (!domain || !named)
		return false;
	named = after_spaces(named + strlen("header.from"));
	if (*named != '=')
		return false;
	named = after_spaces(named + 1);
	named = arena_memdup(a, named, strcspn(named, " \t,"));
	if (strrchr(named, '@'))
		named = strrchr(named, '@') + 1;
	n = strlen(named);
	n -= n && named[n - 1] == '.';
	own = strlen(++domain);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)named[i] >= 0x80)
			return false; /* `from` has it in punycode */
	return n > own || strncasecmp(domain + own - n, named, n) != 0 ||
	       (n < own && domain[own - n - 1] != '.');
}

enum incoming_dmarc
sender_dmarc(struct arena *a, const struct message *m, const char *authserv,
	     const char *from)
{
	enum incoming_dmarc out = DMARC_UNKNOWN;
	const char *value, *result = NULL;

	for (size_t i = 0; authserv && i < m->n_headers; i++) {
		const struct message_header *h = &m->headers[i];

		if (strcasecmp(h->name, "Authentication-Results") != 0)
			continue;
		value = without_comments(a, h->value);
		if (!begins_with_word(value, authserv))
			continue;
		if (mentions_failure(h->value) || mentions_failure(value))
			return DMARC_FAIL;
		/* A server that checks in several steps writes a header each,
		 * always above those that came with the mail. */
		if (result)
			continue;
		result = find_result(value);
		if (result && is_of_other_domain(a, result, from))
			return DMARC_FAIL;
		if (result && begins_with_word(result, "pass"))
			out = DMARC_PASS;
	}
	return out;
}
