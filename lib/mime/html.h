#ifndef MIME_HTML_H
#define MIME_HTML_H

#include <stddef.h>

struct arena;

/* Prepares libxml2. */
void html_start(void);

/* An HTML document (UTF-8) as text, in the arena, of at most `max` bytes:
 * quotations with "> ", lists with "- " or numbers, the cells of a table row
 * with " | ", a link as "its text <its address>", a picture as "[its
 * description]" or "[cid:its Content-ID]". */
char *html_text(struct arena *a, const char *html, size_t n, size_t max);

/* The charset that the document itself names, or NULL. */
const char *html_charset(struct arena *a, const char *html, size_t n);

#endif
