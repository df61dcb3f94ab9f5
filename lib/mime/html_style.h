#ifndef MIME_HTML_STYLE_H
#define MIME_HTML_STYLE_H

#include <stdbool.h>

/* How an element is shown. */
enum html_role {
	ROLE_INLINE,
	ROLE_BLOCK,	/* on lines of its own */
	ROLE_PARAGRAPH, /* with an empty line on both sides */
	ROLE_HIDDEN
};

/* By its name and its style attribute, which may be NULL. */
enum html_role html_role(const char *name, const char *style);

/* Whether a style (or NULL) has "key:value", whatever spaces are in it. */
bool html_style_has(const char *style, const char *key, const char *value);

#endif
