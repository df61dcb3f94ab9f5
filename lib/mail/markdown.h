#ifndef MAIL_MARKDOWN_H
#define MAIL_MARKDOWN_H

#include <stdbool.h>

struct buf;

/* Appends a Markdown text as HTML, as the portal shows it: what looks like HTML
 * is text, an image is a link to it, and links lead to http, https and mailto
 * only. False, and nothing appended: the text is too long for that. */
bool mail_add_markdown(struct buf *out, const char *text);

#endif
