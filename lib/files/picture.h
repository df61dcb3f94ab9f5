#ifndef FILES_PICTURE_H
#define FILES_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the size of pictures from their headers. Nothing is decoded. */

enum picture_format {
	PICTURE_PNG,
	PICTURE_JPEG,
	PICTURE_GIF,
	PICTURE_WEBP,
	PICTURE_AVIF
};

/* Reads up to n bytes from a place; fewer: the file ends. */
struct picture_source {
	void *arg;
	size_t (*read)(void *arg, int64_t at, void *p, size_t n);
};

/* How wide and high the picture is shown, in pixels, 1 to 2^31-1. False: the
 * header is not valid, and nothing is set. Reads a bounded number of times. */
bool picture_size(int64_t *width, int64_t *height, enum picture_format format,
		  const struct picture_source *source);

#endif
