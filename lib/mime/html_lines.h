#ifndef MIME_HTML_LINES_H
#define MIME_HTML_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* The lines that are made of HTML. A break is only noted where it is due, and
 * written before the next visible character, so that empty elements, of which
 * mails are full, leave nothing. */

#define QUOTES_MAX 20
#define LISTS_MAX  20

#define NOWHERE ((size_t)-1)

struct html_lines {
	struct buf out;
	int breaks;    /* line ends that are due before the next character */
	bool space;    /* a space is due */
	bool cell;     /* the end of a cell is due */
	bool has_text; /* the current line has something */
	int preformatted;
	int quotes;
	int lists;
	int numbers[LISTS_MAX]; /* of the next item; -1: not numbered */
	size_t link;		/* where the text of the current link begins */
	size_t begin; /* where the current cell begins; NOWHERE: in none */
};

/* At least n line ends are due. */
void html_break(struct html_lines *r, int n);

/* Writes a text that is visible, as it is. */
void html_put(struct html_lines *r, const char *s);

/* Writes the text of a document: runs of white space are one space, unless it
 * is preformatted. */
void html_put_text(struct html_lines *r, const char *s);

#endif
