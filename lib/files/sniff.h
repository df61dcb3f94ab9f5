#ifndef FILES_SNIFF_H
#define FILES_SNIFF_H

#include <stddef.h>

#include "files/kind.h"

/* The media type of a file that begins with these n bytes, by libmagic, as
 * "type/subtype". It is application/octet-stream if libmagic does not know, or
 * crashes, or needs too long. */
void sniff_type(char out[CONTENT_TYPE_TEXT], const void *head, size_t n);

#endif
