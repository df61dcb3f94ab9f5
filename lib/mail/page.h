#ifndef MAIL_PAGE_H
#define MAIL_PAGE_H

#include "base/buf.h"

struct arena;

/* The body of a mail under construction, as text and as HTML. */
struct page {
	struct buf text, html;
};

void page_begin(struct page *p);

/* Returns both in the arena, with lines that end with CR LF, and releases the
 * page. */
void page_end(const char **text, const char **html, struct page *p,
	      struct arena *a);

void page_add_paragraph(struct page *p, const char *s);

/* Markdown by a user: indented in the text; in HTML a block, in the direction
 * of its script. */
void page_add_quote(struct page *p, const char *s);

/* A link: a line with the URL in the text, linked words in HTML. */
void page_add_link(struct page *p, const char *words, const char *url);

/* Why the reader gets the mail, and how to stop such mails (NULL: they cannot
 * be stopped). */
void page_add_footer(struct page *p, const char *why, const char *unsubscribe);

#endif
