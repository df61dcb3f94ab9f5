/* Which parts are the text. A text part is one if it is not named as a file. Of
 * the alternatives that a multipart/alternative has, the plain text is taken,
 * else the HTML; everything else is in order below each other, as mail programs
 * show it. All other parts are files. */
#include "body.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/unicode.h"
#include "charset.h"
#include "flowed.h"
#include "html.h"
#include "mail/incoming.h"
#include "mail_file.h"
#include "message.h"
#include "quote.h"
#include "quote_line.h"

/* The longest text that is kept; the mail itself has the rest. */
#define TEXT_MAX     (256UL << 10)
#define HTML_MAX     (4UL << 20)
#define PROBLEMS_MAX 8

struct body_reading {
	struct arena *arena;
	const struct message *m;
	struct incoming_mail *out;
	bool is_text[MESSAGE_PARTS_MAX];
	const char *names[MESSAGE_PARTS_MAX]; /* of the files */
	const char **problems;
	const char *html; /* all the HTML, for the pictures in it */
	struct buf text;
};

static void
add_problem(struct body_reading *b, const char *text)
{
	if (b->out->n_problems < PROBLEMS_MAX)
		b->problems[b->out->n_problems++] = text;
}

static bool
has_type(const struct message_part *part, const char *type)
{
	return strcmp(part->type, type) == 0;
}

static bool
may_be_text(const struct message *m, const struct message_part *part)
{
	return !part->is_attachment && (!part->name || m->n_parts == 1) &&
	       (has_type(part, "text/plain") || has_type(part, "text/html"));
}

/* Whether the bytes have anything but white space. */
static bool
has_content(const struct message_part *part)
{
	for (size_t i = 0; i < part->size; i++)
		if (!strchr(" \t\r\n", part->data[i]) || !part->data[i])
			return true;
	return false;
}

static bool
alternative_has_plain(const struct message *m, int alternative)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].alternative == alternative &&
		    may_be_text(m, &m->parts[i]) &&
		    has_type(&m->parts[i], "text/plain") &&
		    has_content(&m->parts[i]))
			return true;
	return false;
}

static bool
is_chosen(const struct body_reading *b, const struct message_part *part)
{
	if (!part->alternative)
		return true;
	return has_type(part, "text/plain") ==
	       alternative_has_plain(b->m, part->alternative);
}

/* --- text --------------------------------------------------------------------
 */

static char *
part_text(struct body_reading *b, const struct message_part *part)
{
	const bool is_html = has_type(part, "text/html");
	const size_t n = part->size < HTML_MAX ? part->size : HTML_MAX;
	const char *charset = part->charset;
	bool is_doubtful = false;
	char *text;

	if (is_html && !charset)
		charset = html_charset(b->arena, part->data, n);
	text = charset_decode(b->arena, part->data, n, charset, &is_doubtful);
	if (is_doubtful)
		add_problem(b, arena_printf(b->arena,
					    "Some characters could not be "
					    "read (%s).",
					    is_visible_word(charset, 40)
						? charset
						: "no charset"));
	return text;
}

static void
add_html(struct body_reading *b, const char *html)
{
	if (strlen(b->html) < HTML_MAX)
		b->html = arena_printf(b->arena, "%s%s", b->html, html);
}

/* The text of a chosen part, with LF as its line ends. */
static const char *
readable_text(struct body_reading *b, const struct message_part *part)
{
	char *text = part_text(b, part), *to = text;

	if (has_type(part, "text/html")) {
		add_html(b, text);
		b->out->is_html = true;
		return html_text(b->arena, text, strlen(text), TEXT_MAX);
	}
	for (const char *s = text; *s; s++)
		if (*s != '\r')
			*to++ = *s;
	*to = '\0';
	return part->is_flowed ? flowed_text(b->arena, text, part->has_delsp)
			       : text;
}

static void
add_text(struct body_reading *b, const char *text)
{
	size_t n = strlen(text), room;

	if (!text_is_visible(text))
		return;
	while (b->text.len > 0 && b->text.data[b->text.len - 1] == '\n')
		b->text.len--;
	room = b->text.max - b->text.len;
	if (n + 1 > room) {
		add_problem(b, "The text is longer than 256 KiB; the rest is "
			       "in the whole mail.");
		n = room > 0 ? text_prefix(text, room - 1) : 0;
	}
	if (b->text.len > 0 && n > 0)
		buf_addc(&b->text, '\n');
	buf_add(&b->text, text, n);
}

static void
read_texts(struct body_reading *b)
{
	const struct message *m = b->m;
	bool has_reported = false;

	for (size_t i = 0; i < m->n_parts; i++) {
		const struct message_part *part = &m->parts[i];

		/* A report has its text in the first part, and may return a
		 * mail as text in another one. */
		b->is_text[i] =
		    may_be_text(m, part) && !(part->is_report && has_reported);
		has_reported |= part->is_report;
		if (b->is_text[i] && is_chosen(b, part))
			add_text(b, readable_text(b, part));
		else if (b->is_text[i] && has_type(part, "text/html"))
			add_html(b, part_text(b, part));
		if (has_type(part, "application/pgp-encrypted") ||
		    has_type(part, "application/pkcs7-mime") ||
		    has_type(part, "application/x-pkcs7-mime"))
			add_problem(b, "The mail is encrypted or wrapped: its "
				       "text is in a file.");
	}
}

/* --- files
 * -------------------------------------------------------------------- */

static void
body_files(struct body_reading *b)
{
	struct incoming_file *files =
	    arena_alloc(b->arena, (b->m->n_parts + 1) * sizeof(*files));
	size_t n = 0;

	for (size_t i = 0; i < b->m->n_parts; i++) {
		const struct message_part *part = &b->m->parts[i];

		if (b->is_text[i] || part->size == 0 ||
		    has_type(part, "text/x-amp-html"))
			continue;
		if (mail_file_read(&files[n], b->arena, part, n + 1, b->html))
			b->names[i] = files[n++].name;
	}
	b->out->files = files;
	b->out->n_files = n;
}

/* --- both
 * ------------------------------------------------------------------------ */

/* The name of the file with the Content-ID from `id` to `end`; NULL: none. */
static const char *
picture_name(const struct body_reading *b, const char *id, const char *end)
{
	const size_t n = (size_t)(end - id);

	for (size_t i = 0; i < b->m->n_parts; i++) {
		const char *own = b->m->parts[i].content_id;

		if (b->names[i] && own && strlen(own) == n &&
		    strncmp(own, id, n) == 0)
			return b->names[i];
	}
	return NULL;
}

/* Puts the names of pictures in the place of "[cid:…]". */
static const char *
name_pictures(struct body_reading *b, const char *text)
{
	struct buf out;
	const char *s = text, *at, *named;

	if (!strstr(text, "[cid:"))
		return text;
	buf_init(&out, 64 * TEXT_MAX);
	for (; (at = strstr(s, "[cid:")) != NULL; s = at) {
		const char *end = at + strcspn(at, "]\n");

		named = *end == ']' ? picture_name(b, at + 5, end) : NULL;
		buf_add(&out, s, (size_t)(at + 1 - s));
		if (named)
			buf_adds(&out, named);
		at = named ? end : at + 1;
	}
	buf_adds(&out, s);
	s = arena_memdup(b->arena, out.data ? out.data : "", out.len);
	buf_release(&out);
	return s;
}

static bool
is_reply(const struct message *m)
{
	/* The address in the Reply-To of our mails begins so. */
	const char *to = message_header(m, "To");

	return !subject_is_forwarded(m->subject) &&
	       (m->n_references > 0 || subject_is_answer(m->subject) ||
		(to && strcasestr(to, "reply+")));
}

void
body_read(struct incoming_mail *out, struct arena *a, const struct message *m)
{
	struct body_reading b = {.arena = a, .m = m, .out = out, .html = ""};

	out->problems = b.problems =
	    arena_alloc(a, PROBLEMS_MAX * sizeof(*b.problems));
	buf_init(&b.text, TEXT_MAX);
	read_texts(&b);
	body_files(&b);
	out->whole = text_clean(
	    a, name_pictures(&b, b.text.data ? b.text.data : ""), true);
	out->text = quote_cut(a, out->whole, is_reply(m));
	buf_release(&b.text);
}
