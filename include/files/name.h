#ifndef FILES_NAME_H
#define FILES_NAME_H

struct arena;

#define FILE_NAME_MAX 255 /* characters */

/* The name that a file is kept by, in the arena, made from any well-formed
 * UTF-8: what stands behind the last slash or backslash, as text_clean makes
 * it, without dots and spaces at its ends, and at most FILE_NAME_MAX characters
 * long, of which the extension stays. NULL: nothing is left. */
const char *file_name(struct arena *a, const char *raw);

/* The text behind the last dot, or "". */
const char *file_extension(const char *name);

/* The value of Content-Disposition (RFC 6266): an ASCII form of the name for
 * old clients, and the name itself as filename*. */
const char *file_disposition(struct arena *a, const char *name, int is_inline);

#endif
