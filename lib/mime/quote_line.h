#ifndef MIME_QUOTE_LINE_H
#define MIME_QUOTE_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* The lines of a text, and what mail programs write around quotations, in
 * English, German, French, Spanish, Italian and Dutch. */

struct text_line {
	const char *s; /* in the text, without the white space around it */
	size_t n;
	size_t begin;	/* its first byte in the text */
	bool is_quoted; /* begins with '>' */
};

struct text_lines {
	struct arena *arena;
	const struct text_line *lines;
	size_t n;
};

void text_lines_split(struct text_lines *out, struct arena *a,
		      const char *text);

/* If the line introduces a quotation ("On … Ana wrote:"), or is the end of such
 * an introduction of several lines, the number of these; else 0. `strict`: it
 * also has an address or the time of day, as text by people hardly has. */
size_t quote_intro(const struct text_lines *t, size_t end, bool strict);

/* If lines that repeat the header of a mail (From, Sent, To, Subject) begin
 * here, their number; else 0. */
size_t quote_header(const struct text_lines *t, size_t begin);

/* Whether the line is made of dashes or underscores. */
bool quote_rule(const struct text_line *line);

/* "----- Original Message -----" */
bool quote_original(const struct text_line *line);

/* "---------- Forwarded message ---------" */
bool quote_forwarded(const struct text_line *line);

/* "Sent from my phone", as mail programs add it. */
bool quote_advertisement(const struct text_line *line);

/* Whether an answer (Re:) or a forwarded mail (Fwd:) has such a subject. */
bool subject_is_answer(const char *subject);
bool subject_is_forwarded(const char *subject);

#endif
