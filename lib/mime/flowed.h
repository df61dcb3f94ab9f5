#ifndef MIME_FLOWED_H
#define MIME_FLOWED_H

#include <stdbool.h>

struct arena;

/* The text of a part with format=flowed (RFC 3676), with its lines joined to
 * paragraphs, in the arena. `delsp`: the space before a soft line break belongs
 * to the break. Line ends are LF. */
char *flowed_text(struct arena *a, const char *text, bool delsp);

#endif
