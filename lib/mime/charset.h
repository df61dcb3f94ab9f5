#ifndef MIME_CHARSET_H
#define MIME_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Loads the converters, so that no file has to be opened later. */
void charset_start(void);

/* The n bytes as UTF-8 without NUL, in the arena. `label` is the charset that
 * the mail names, or NULL; a wrong one is corrected where the bytes show it.
 * *is_doubtful is set if a byte had to be replaced, or the label is unknown. */
char *charset_decode(struct arena *a, const char *bytes, size_t n,
		     const char *label, bool *is_doubtful);

/* The length of the beginning of a text that has at most n bytes, and ends with
 * a whole character. */
size_t text_prefix(const char *s, size_t n);

#endif
