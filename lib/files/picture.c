/* The size of a picture, from the header of its format. What a header says is
 * never trusted with memory: a few bytes are read at a place, within a bounded
 * number of steps, and numbers outside of the file lead to the end of it. A
 * JPEG that its camera turned (Exif), and an AVIF with a rotation, are shown
 * turned, so their width and height change places. */

#include "picture.h"

#include <string.h>

/* More segments or boxes than pictures have. */
#define STEPS 500

struct picture {
	const struct picture_source *source;
	int64_t width, height;
	bool is_turned;
	int steps;
};

/* Reads n bytes at a place; false: they are not there. */
static bool
get(struct picture *p, int64_t at, unsigned char *out, size_t n)
{
	return p->steps++ < STEPS && at >= 0 &&
	       p->source->read(p->source->arg, at, out, n) == n;
}

static uint32_t
big16(const unsigned char *b)
{
	return (uint32_t)b[0] << 8 | b[1];
}

static uint32_t
big32(const unsigned char *b)
{
	return big16(b) << 16 | big16(b + 2);
}

static uint32_t
little16(const unsigned char *b)
{
	return (uint32_t)b[1] << 8 | b[0];
}

static uint32_t
little24(const unsigned char *b)
{
	return (uint32_t)b[2] << 16 | little16(b);
}

static void
set_size(struct picture *p, int64_t width, int64_t height)
{
	p->width = width;
	p->height = height;
}

static bool
read_png(struct picture *p)
{
	unsigned char b[24];

	if (!get(p, 0, b, sizeof(b)) || memcmp(b + 12, "IHDR", 4) != 0)
		return false;
	set_size(p, big32(b + 16), big32(b + 20));
	return true;
}

static bool
read_gif(struct picture *p)
{
	unsigned char b[10];

	if (!get(p, 0, b, sizeof(b)) || memcmp(b, "GIF8", 4) != 0)
		return false;
	set_size(p, little16(b + 6), little16(b + 8));
	return true;
}

static bool
read_webp(struct picture *p)
{
	unsigned char b[30];

	if (!get(p, 0, b, sizeof(b)) || memcmp(b + 8, "WEBPVP8", 7) != 0)
		return false;
	if (b[15] == 'X')
		set_size(p, little24(b + 24) + 1, little24(b + 27) + 1);
	else if (b[15] == 'L')
		set_size(p, (little16(b + 21) & 0x3fff) + 1,
			 (little24(b + 22) >> 6 & 0x3fff) + 1);
	else
		set_size(p, little16(b + 26) & 0x3fff,
			 little16(b + 28) & 0x3fff);
	return true;
}

/* The orientation in a segment of Exif: a TIFF header, and a table of tags. Of
 * those above 4, width and height change places. */
static void
read_exif(struct picture *p, int64_t at)
{
	unsigned char b[14], entry[12];
	bool little;
	uint32_t n;

	if (!get(p, at, b, sizeof(b)) || memcmp(b, "Exif\0", 6) != 0)
		return;
	little = b[6] == 'I';
	at += 6 + (little ? (int64_t)little24(b + 10) : big32(b + 10));
	if (!get(p, at, b, 2))
		return;
	n = little ? little16(b) : big16(b);
	for (at += 2; n-- && get(p, at, entry, sizeof(entry)); at += 12) {
		if ((little ? little16(entry) : big16(entry)) != 0x0112)
			continue;
		n = little ? little16(entry + 8) : big16(entry + 8);
		p->is_turned = n >= 5 && n <= 8;
		return;
	}
}

/* A frame header (SOF), not a table of another kind with a number among them.
 */
static bool
is_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	       marker != 0xc8 && marker != 0xcc;
}

static bool
read_jpeg(struct picture *p)
{
	unsigned char b[9];
	int64_t at = 2;

	while (get(p, at, b, 4)) {
		if (b[0] != 0xff)
			return false;
		if (b[1] == 0xff) { /* fill byte */
			at++;
			continue;
		}
		if (is_frame(b[1])) {
			if (!get(p, at, b, sizeof(b)))
				return false;
			set_size(p, big16(b + 7), big16(b + 5));
			return true;
		}
		if (b[1] == 0xe1)
			read_exif(p, at + 4);
		at += 2 + (int64_t)big16(b + 2);
	}
	return false;
}

/* A box of an ISO base media file, from `at`. */
struct box {
	int64_t content, end;
	unsigned char type[4];
};

static bool
read_box(struct picture *p, struct box *out, int64_t at, int64_t end)
{
	unsigned char b[8];
	uint32_t size;

	if (at + 8 > end || !get(p, at, b, sizeof(b)))
		return false;
	size = big32(b);
	/* 0 and 1 stand for boxes that are last, or very large */
	if (size < 8 || at + (int64_t)size > end)
		return false;
	memcpy(out->type, b + 4, 4);
	out->content = at + 8;
	out->end = at + (int64_t)size;
	return true;
}

/* The box of that type among those from `at`. */
static bool
find_box(struct picture *p, struct box *out, const char *type, int64_t at,
	 int64_t end)
{
	for (; read_box(p, out, at, end); at = out->end)
		if (memcmp(out->type, type, 4) == 0)
			return true;
	return false;
}

/* Of the sizes of the picture, its thumbnail and its tiles, the largest. */
static void
read_property(struct picture *p, const struct box *box)
{
	unsigned char b[12];
	int64_t width, height;

	if (memcmp(box->type, "irot", 4) == 0 && get(p, box->content, b, 1))
		p->is_turned = b[0] & 1;
	if (memcmp(box->type, "ispe", 4) != 0 || !get(p, box->content, b, 12))
		return;
	width = big32(b + 4);
	height = big32(b + 8);
	if (width > p->width || height > p->height)
		set_size(p, width, height);
}

static bool
read_avif(struct picture *p)
{
	struct box box;
	int64_t at;

	if (!find_box(p, &box, "meta", 0, INT32_MAX) ||
	    !find_box(p, &box, "iprp", box.content + 4, box.end) ||
	    !find_box(p, &box, "ipco", box.content, box.end))
		return false;
	at = box.content;
	for (const int64_t end = box.end; read_box(p, &box, at, end);
	     at = box.end)
		read_property(p, &box);
	return true;
}

bool
picture_size(int64_t *width, int64_t *height, enum picture_format format,
	     const struct picture_source *source)
{
	static bool (*const readers[])(struct picture *) = {
	    [PICTURE_PNG] = read_png,	[PICTURE_JPEG] = read_jpeg,
	    [PICTURE_GIF] = read_gif,	[PICTURE_WEBP] = read_webp,
	    [PICTURE_AVIF] = read_avif,
	};
	struct picture p = {.source = source};

	if (!readers[format](&p) || p.width < 1 || p.height < 1 ||
	    p.width > INT32_MAX || p.height > INT32_MAX)
		return false;
	*width = p.is_turned ? p.height : p.width;
	*height = p.is_turned ? p.width : p.height;
	return true;
}
