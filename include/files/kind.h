#ifndef FILES_KIND_H
#define FILES_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "files/store.h"

#define CONTENT_TYPE_TEXT 128

/* What a file is. */
struct file_kind {
	char content_type[CONTENT_TYPE_TEXT];
	int64_t width, height; /* of a picture, as it is shown; 0: unknown */
};

/* Looks at the content of a complete file. Its name only decides whether it is
 * a picture that browsers may show (file_is_picture). libmagic, which costs a
 * process 2.4 MB, is loaded by the first call; it looks from a child process.
 */
void file_look(struct file_kind *out, const struct incoming *f,
	       const char *name);

/* Whether a browser may show it in place: its content and its name both say
 * that it is a PNG, JPEG, GIF, WebP or AVIF. Everything else is only ever
 * downloaded. */
bool file_is_picture(const char *content_type, const char *name);

/* What it is served as: what could be active in a page becomes a type that is
 * not. */
const char *file_served_type(const char *content_type);

/* Whether a list such as FILES_DENY (NULL: none) has the type, or the extension
 * of the name, written as ".exe". */
bool file_is_denied(const char *list, const char *content_type,
		    const char *name);

#endif
