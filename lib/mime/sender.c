/* Programs that write mails say so, each in its own way. What they say is kept
 * as the reason. X-Auto-Response-Suppress does not count: Exchange adds it to
 * the mails of people. */
#include "sender.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/unicode.h"
#include "charset.h"
#include "message.h"

/* Headers that only programs write, and the values that count. */
static const struct {
	const char *name;
	const char *is[5]; /* any of these; none: any value but the next */
	const char *is_not;
} signs[] = {
    {"Auto-Submitted", {NULL}, "no"},
    {"Precedence", {"bulk", "list", "junk", "auto_reply", "auto-reply"}, NULL},
    {"List-Id", {NULL}, NULL},
    {"X-Autoreply", {NULL}, "no"},
    {"X-Autorespond", {NULL}, "no"},
    {"X-Autoresponder", {NULL}, "no"},
    {"X-Docket", {NULL}, NULL},
};

/* Bytes of a header that a reason repeats. */
#define REASON_MAX 200

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

bool
begins_with_word(const char *value, const char *word)
{
	const size_t n = strlen(word);

	value += strspn(value, " \t");
	return strncasecmp(value, word, n) == 0 &&
	       (value[n] == '\0' || strchr(" \t;,(", value[n]));
}

static bool
is_sign(size_t i, const char *value)
{
	if (signs[i].is_not)
		return !begins_with_word(value, signs[i].is_not);
	for (size_t k = 0; k < COUNT(signs[i].is) && signs[i].is[k]; k++)
		if (begins_with_word(value, signs[i].is[k]))
			return true;
	return !signs[i].is[0];
}

static const char *
reason(struct arena *a, const struct message_header *header)
{
	return arena_printf(a, "%s: %.*s", header->name,
			    (int)text_prefix(header->value, REASON_MAX),
			    header->value);
}

const char *
sender_automated(struct arena *a, const struct message *m)
{
	const char *path = message_header(m, "Return-Path");

	for (size_t i = 0; i < m->n_headers; i++)
		for (size_t k = 0; k < COUNT(signs); k++)
			if (strcasecmp(m->headers[i].name, signs[k].name) ==
				0 &&
			    is_sign(k, m->headers[i].value))
				return reason(a, &m->headers[i]);
	if (path && strcmp(path + strspn(path, " "), "<>") == 0)
		return "Return-Path: <>";
	if (strcmp(m->type, "multipart/report") == 0)
		return arena_printf(a, "Content-Type: multipart/report%s%s",
				    m->report_type ? "; report-type=" : "",
				    m->report_type ? m->report_type : "");
	return NULL;
}

const char *
sender_spam(struct arena *a, const struct message *m)
{
	static const char *const names[] = {"X-Spam-Flag", "X-Spam-Status",
					    "X-Spam"};

	for (size_t i = 0; i < m->n_headers; i++)
		for (size_t k = 0; k < COUNT(names); k++)
			if (strcasecmp(m->headers[i].name, names[k]) == 0 &&
			    begins_with_word(m->headers[i].value, "yes"))
				return reason(a, &m->headers[i]);
	return NULL;
}

/* --- delivery reports (RFC 3464) --------------------------------------------
 */

/* The length of the field's value at s, with the lines that continue it. */
static size_t
folded_length(const char *s)
{
	size_t n = strcspn(s, "\n");

	while (s[n] && (s[n + 1] == ' ' || s[n + 1] == '\t'))
		n += 1 + strcspn(s + n + 1, "\n");
	return n;
}

/* A value on one line: each run of white space is a space. */
static const char *
unfolded(struct arena *a, const char *s, size_t n)
{
	char *line = text_clean(a, arena_memdup(a, s, n), false), *to = line;

	for (const char *from = line; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*to++ = *from;
	*to = '\0';
	return line;
}

/* The value of a field in one group of a report, on one line; "": none. */
static const char *
report_field(struct arena *a, const char *group, const char *name)
{
	const size_t n = strlen(name);

	for (const char *s = group; *s;) {
		const size_t line = folded_length(s);

		if (line > n && strncasecmp(s, name, n) == 0 && s[n] == ':')
			return unfolded(a, s + n + 1, line - n - 1);
		s += line + (s[line] == '\n');
	}
	return "";
}

/* Without its type: "rfc822; ana@example.com". */
static const char *
without_type(const char *value)
{
	const char *s = strchr(value, ';');

	return s ? s + 1 + strspn(s + 1, " \t") : value;
}

static const char *
report_word(struct arena *a, const char *value)
{
	char *word = arena_memdup(a, value, strcspn(value, " \t(;"));

	for (char *p = word; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return word;
}

static void
read_group(struct incoming_bounce *out, struct arena *a, const char *group)
{
	const char *recipient = report_field(a, group, "Original-Recipient");

	if (!*recipient)
		recipient = report_field(a, group, "Final-Recipient");
	out->action = report_word(a, report_field(a, group, "Action"));
	out->status = report_word(a, report_field(a, group, "Status"));
	out->recipient = without_type(recipient);
	out->diagnostic =
	    without_type(report_field(a, group, "Diagnostic-Code"));
}

/* Takes the first recipient that the mail did not reach, else the first. */
static void
read_status(struct incoming_bounce *out, struct arena *a, char *text)
{
	struct incoming_bounce one = *out;

	for (char *group = text, *end; group; group = end) {
		end = strstr(group, "\n\n");
		if (end) {
			*end = '\0';
			end += 2;
		}
		read_group(&one, a, group);
		if (!*one.action)
			continue;
		if (!*out->action || strcmp(one.action, "failed") == 0)
			*out = one;
		if (strcmp(one.action, "failed") == 0)
			return;
	}
}

static char *
report_text(struct arena *a, const struct message_part *part)
{
	bool is_doubtful = false;
	char *text =
	    charset_decode(a, part->data, part->size, NULL, &is_doubtful);
	char *to = text;

	for (const char *s = text; *s; s++)
		if (*s != '\r')
			*to++ = *s;
	*to = '\0';
	return text;
}

void
sender_bounce(struct incoming_bounce *out, struct arena *a,
	      const struct message *m)
{
	const char *id = NULL;

	*out = (struct incoming_bounce){"", "", "", "", ""};
	for (size_t i = 0; i < m->n_parts; i++) {
		const struct message_part *part = &m->parts[i];

		if (!part->is_report)
			continue;
		if (strcmp(part->type, "message/delivery-status") == 0 ||
		    strcmp(part->type, "message/global-delivery-status") == 0)
			read_status(out, a, report_text(a, part));
		else if (!id &&
			 (strcmp(part->type, "message/rfc822") == 0 ||
			  strcmp(part->type, "text/rfc822-headers") == 0 ||
			  strcmp(part->type, "message/rfc822-headers") == 0 ||
			  strcmp(part->type, "message/global") == 0))
			id = message_id_in(a, part->data, part->size);
	}
	out->message_id = id ? id : "";
}
