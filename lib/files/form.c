/* Splits a form into its parts, as it arrives. A delimiter is a line end, two
 * dashes and the boundary (RFC 2046, 5.1.1); everything between the empty line
 * behind a part's headers and the next delimiter is its content. What is not so
 * exactly is refused: text before the first part or behind the last one, a form
 * that ends early, headers with other line ends.
 *
 * The source is read in chunks, and content is passed on without a copy. At the
 * end of a chunk, what may be the beginning of a delimiter waits for the next
 * one; it need not be kept, because it is known: it is a part of the delimiter.
 * form_part.c reads the headers. */

#include "files/form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "form_part.h"

/* The longest delimiter: a line end, two dashes, and a boundary. */
#define DELIMITER_MAX 74

enum place {
	CONTENT,  /* in a part, or before the first one */
	AFTER,	  /* behind a delimiter */
	HEAD,	  /* in the headers of a part */
	LAST_LINE /* behind the last delimiter */
};

/* What becomes of a part's content. */
enum keeping { NOTHING, FIELD, FILE_OPEN, FILE_UNNAMED };

struct reader {
	struct form *form;
	struct arena *arena;
	const struct form_sink *to;
	const char **why;

	char delimiter[DELIMITER_MAX + 1];
	size_t delimiter_len;
	/* So many bytes of the delimiter have come, of which `carried` are in
	 * earlier chunks, or did not come: those before `from`. The first
	 * delimiter has no line end, and that of an empty part may have none.
	 */
	size_t matched, carried, from;

	enum place place;
	enum keeping keeping;
	char tail[2]; /* behind a delimiter */
	size_t tail_len;
	struct buf head;
	struct buf text; /* the fields' values, each with a NUL at its end */
	size_t value_at; /* of the present field */
};

static enum err
form_refuse(struct reader *r, const char *why)
{
	*r->why = why;
	return ERR_INVALID;
}

/* What precedes a delimiter that may follow at once. */
static void
expect_delimiter(struct reader *r)
{
	r->place = CONTENT;
	r->matched = r->carried = r->from = 2;
}

static enum err
add_content(struct reader *r, const char *p, size_t n)
{
	if (!n)
		return OK;
	switch (r->keeping) {
	case FIELD:
		buf_add(&r->text, p, n);
		return r->text.overflow
			   ? form_refuse(
				 r, "The fields of the form are too large.")
			   : OK;
	case FILE_OPEN:
		return r->to->write(r->to->state, p, n);
	case FILE_UNNAMED:
		return form_refuse(r, "A file of the form has no name.");
	case NOTHING:
		break;
	}
	return form_refuse(r, "The form does not begin with its boundary.");
}

static enum err
end_field(struct reader *r)
{
	struct form_field *field = &r->form->fields[r->form->fields_n++];
	const size_t n = r->text.len - r->value_at;
	const char *value = n ? r->text.data + r->value_at : "";

	if (!utf8_valid(value, n) || memchr(value, '\0', n))
		return form_refuse(r,
				   "A field of the form is not valid UTF-8.");
	field->value = arena_memdup(r->arena, value, n);
	return OK;
}

static enum err
end_part(struct reader *r)
{
	const enum keeping was = r->keeping;

	r->place = AFTER;
	r->keeping = NOTHING;
	r->matched = r->carried = r->from = 0;
	r->tail_len = 0;
	if (was == FIELD)
		return end_field(r);
	return was == FILE_OPEN ? r->to->close(r->to->state) : OK;
}

/* Content up to the end of the chunk, or to the end of the next delimiter.
 * Moves *at behind what it has read. */
static enum err
read_content(struct reader *r, const char **at, const char *end)
{
	const char *begin = *at, *p = *at;
	enum err e = OK;

	while (!e && p < end) {
		if (!r->matched) {
			p = memchr(p, r->delimiter[0], (size_t)(end - p));
			if (!p) {
				p = end;
			} else {
				p++;
				r->matched = 1;
			}
		} else if (*p == r->delimiter[r->matched]) {
			p++;
			if (++r->matched == r->delimiter_len)
				break;
		} else {
			e = add_content(r, r->delimiter + r->from,
					r->carried - r->from);
			r->matched = r->carried = r->from = 0;
		}
	}
	*at = p;
	if (!e)
		e = add_content(
		    r, begin, (size_t)(p - begin) - (r->matched - r->carried));
	r->carried = r->matched;
	return e || r->matched < r->delimiter_len ? e : end_part(r);
}

/* Behind a delimiter: a line end and another part, or two dashes at the end of
 * the form. */
static enum err
read_after(struct reader *r, const char **at)
{
	r->tail[r->tail_len++] = *(*at)++;
	if (r->tail_len < sizeof(r->tail))
		return OK;
	r->tail_len = 0;
	if (memcmp(r->tail, "--", 2) == 0) {
		r->place = LAST_LINE;
		return OK;
	}
	if (memcmp(r->tail, "\r\n", 2) != 0)
		return form_refuse(r, "The boundary of the form is not clear.");
	buf_clear(&r->head);
	r->place = HEAD;
	return OK;
}

static enum err
begin_file(struct reader *r, const struct form_part *part)
{
	if (strcmp(part->name, FORM_FILE) != 0)
		return form_refuse(r, "Files must be in the field \"" FORM_FILE
				      "\".");
	r->keeping = *part->filename ? FILE_OPEN : FILE_UNNAMED;
	if (r->keeping == FILE_UNNAMED)
		return OK;
	if (r->form->files_n == FORM_FILES_MAX)
		return form_refuse(r, "There are too many files in the form.");
	r->form->files_n++;
	return r->to->open(r->to->state, part->filename);
}

static enum err
begin_part(struct reader *r)
{
	struct form_part part;
	enum err e =
	    form_part_read(&part, r->arena, r->head.data, r->head.len, r->why);

	if (e)
		return e;
	expect_delimiter(r);
	if (part.filename)
		return begin_file(r, &part);
	if (r->form->fields_n == FORM_FIELDS_MAX)
		return form_refuse(r, "There are too many fields in the form.");
	r->form->fields[r->form->fields_n].name = part.name;
	r->keeping = FIELD;
	r->value_at = r->text.len;
	return OK;
}

/* Whether the headers may go on with the byte. */
static bool
is_header_byte(const struct buf *head, char c)
{
	const bool after_cr = head->len && head->data[head->len - 1] == '\r';

	if (c == '\n' || after_cr)
		return c == '\n' && after_cr;
	return c == '\r' || c == '\t' ||
	       ((unsigned char)c >= 0x20 && c != 0x7f);
}

static enum err
read_head(struct reader *r, const char **at)
{
	const char c = *(*at)++;

	if (!is_header_byte(&r->head, c))
		return form_refuse(r, "The headers of a part are not valid.");
	buf_addc(&r->head, c);
	if (r->head.overflow)
		return form_refuse(r, "The headers of a part are too long.");
	if (r->head.len == 2 && memcmp(r->head.data, "\r\n", 2) == 0)
		return form_refuse(r, "A part of the form has no headers.");
	return r->head.len >= 4 && memcmp(r->head.data + r->head.len - 4,
					  "\r\n\r\n", 4) == 0
		   ? begin_part(r)
		   : OK;
}

/* Nothing but a line end may follow the last delimiter. */
static enum err
read_last_line(struct reader *r, const char **at)
{
	static const char wanted[] = "\r\n";

	if (r->tail_len == 2 || *(*at)++ != wanted[r->tail_len++])
		return form_refuse(r, "The form goes on behind its end.");
	return OK;
}

static enum err
read_chunk(struct reader *r, const char *p, const char *end)
{
	enum err e = OK;

	while (!e && p < end) {
		switch (r->place) {
		case CONTENT:
			e = read_content(r, &p, end);
			break;
		case AFTER:
			e = read_after(r, &p);
			break;
		case HEAD:
			e = read_head(r, &p);
			break;
		case LAST_LINE:
			e = read_last_line(r, &p);
			break;
		}
	}
	return e;
}

static enum err
read_all(struct reader *r, const struct form_source *from)
{
	const size_t piece = from->piece ? from->piece : FORM_PIECE;
	char *chunk = arena_alloc(r->arena, piece);
	uint64_t left = from->n;
	enum err e = OK;

	while (!e && left) {
		const size_t n = left < piece ? (size_t)left : piece;

		if (from->read(from->state, chunk, n) != n)
			return form_refuse(
			    r, "The request body is shorter than its "
			       "Content-Length.");
		left -= n;
		e = read_chunk(r, chunk, chunk + n);
	}
	if (!e && r->place != LAST_LINE)
		e = form_refuse(r, "The form is not complete.");
	return e;
}

bool
form_is(const char *content_type)
{
	static const char type[] = "multipart/form-data";
	const size_t n = sizeof(type) - 1;

	return content_type && strncasecmp(content_type, type, n) == 0 &&
	       memchr("; \t", content_type[n], 4);
}

const char *
form_value(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->fields_n; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return f->fields[i].value;
	return NULL;
}

enum err
form_read(struct form *out, struct arena *a, const struct form_source *from,
	  const struct form_sink *to, const char **why)
{
	struct reader r = {.form = out, .arena = a, .to = to, .why = why};
	const char *boundary = form_boundary(a, from->content_type);
	enum err e;

	*out = (struct form){.fields_n = 0};
	if (!boundary)
		return form_refuse(&r,
				   "The form does not name a valid boundary.");
	(void)snprintf(r.delimiter, sizeof(r.delimiter), "\r\n--%s", boundary);
	r.delimiter_len = strlen(r.delimiter);
	buf_init(&r.head, FORM_HEAD_MAX);
	buf_init(&r.text, FORM_TEXT_MAX);
	expect_delimiter(&r);
	e = read_all(&r, from);
	buf_release(&r.head);
	buf_release(&r.text);
	return e;
}
