#ifndef FORM_PART_H
#define FORM_PART_H

#include <stddef.h>

#include "base/err.h"

struct arena;

/* A part of a form, by its headers. */
struct form_part {
	const char *name;     /* of the field */
	const char *filename; /* NULL: no file; may be "" */
};

/* Reads the headers of a part: n bytes, up to and including the empty line. The
 * names go to the arena, in UTF-8. ERR_INVALID: it is not a part of a form, or
 * its content is encoded; *why is then a sentence for a person. */
enum err form_part_read(struct form_part *out, struct arena *a,
			const char *head, size_t n, const char **why);

/* The boundary that a request's Content-Type names, in the arena; NULL: none,
 * or one that RFC 2046 does not allow. */
const char *form_boundary(struct arena *a, const char *content_type);

#endif
