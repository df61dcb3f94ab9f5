/* The size of pictures: real headers of the five formats, turned ones, and
 * headers that lie, at random. */

#include <string.h>

#include "files/picture.h"
#include "unit/runner.h"

struct bytes {
	const unsigned char *p;
	size_t n;
};

static size_t
read_bytes(void *arg, int64_t at, void *p, size_t n)
{
	const struct bytes *b = arg;

	if (at < 0 || (uint64_t)at >= b->n)
		return 0;
	if (n > b->n - (size_t)at)
		n = b->n - (size_t)at;
	memcpy(p, b->p + at, n);
	return n;
}

#define PNG	   "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\0\x10"
#define GIF	   "GIF89a\x40\x01\xf0\0"
#define JPEG_FRAME "\xff\xc0\0\x11\x08\0\x30\0\x40\x03"
#define JPEG	   "\xff\xd8\xff\xe0\0\x04xx" JPEG_FRAME
/* orientation 6: the camera was turned */
#define EXIF                                                              \
	"\xff\xe1\0\x1eXxif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0" \
	"\0\0\x06\0\0\0"
#define EXIF_BIG                                        \
	"\xff\xe1\0\x1e"                                \
	"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0" \
	"\0\0\x01\0\x06\0\0"
#define WEBP(kind, rest)  "RIFF....WEBPVP8" kind "...." rest
#define BOX(length, type) "\0\0\0" length type
/* meta, iprp and ipco, with the sizes of a tile and of the whole */
#define AVIF                                                              \
	BOX("\x10", "ftyp")                                               \
	"avif\0\0\0\0" BOX("\x44", "meta") "\0\0\0\0" BOX("\x38", "iprp") \
	    BOX("\x30", "ipco")                                           \
		BOX("\x14", "ispe") "\0\0\0\0\0\0\0\x08\0\0\0\x08" BOX(   \
		    "\x14", "ispe") "\0\0\0\0\0\0\0\x50\0\0\0\x28"

#define CASE(format, bytes, width, height)                                \
	{                                                                 \
		PICTURE_##format, bytes, sizeof(bytes) - 1, width, height \
	}
static const struct {
	enum picture_format format;
	const char *bytes;
	size_t n;
	int64_t width, height; /* 0: not valid */
} cases[] = {
    CASE(PNG, PNG, 20000, 16),
    CASE(PNG, "\x89PNG", 0, 0),
    CASE(GIF, GIF, 320, 240),
    CASE(GIF, "GIF89a", 0, 0),
    CASE(JPEG, JPEG, 64, 48),
    CASE(JPEG, "\xff\xd8" EXIF JPEG_FRAME, 64, 48), /* no Exif */
    CASE(JPEG, "\xff\xd8" EXIF_BIG JPEG_FRAME, 48, 64),
    CASE(JPEG, "\xff\xd8\xff\xff\xff\xe0\0\x02" JPEG_FRAME, 64, 48),
    CASE(JPEG, "\xff\xd8\xff\xe0\0\0", 0, 0),
    CASE(WEBP, WEBP("X", "\0\0\0\0\x7f\x02\0\xdf\x01\0"), 640, 480),
    CASE(WEBP, WEBP(" ", "\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01"), 640, 480),
    CASE(WEBP, WEBP("L", "\x2f\x7f\xc2\x77\0\0\0\0\0\0"), 640, 480),
    CASE(AVIF, AVIF, 80, 40),
    CASE(AVIF, BOX("\0", "meta"), 0, 0),
};

START_TEST(sizes_of_pictures)
{
	struct bytes b = {(const unsigned char *)cases[_i].bytes, cases[_i].n};
	const struct picture_source source = {&b, read_bytes};
	int64_t width = 0, height = 0;
	const bool valid =
	    picture_size(&width, &height, cases[_i].format, &source);

	ck_assert_int_eq(valid, cases[_i].width > 0);
	ck_assert_int_eq(width, cases[_i].width);
	ck_assert_int_eq(height, cases[_i].height);
}
END_TEST

#define TRIES 20000

/* Always the same numbers (xorshift), without a call of the system. */
static unsigned
chance(unsigned below)
{
	static uint64_t x = 88172645463325252U;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (unsigned)(x >> 32) % below;
}

/* Whatever a header says, nothing is read outside of the file, the sizes are
 * sizes, and it ends. */
START_TEST(headers_that_lie)
{
	unsigned char bytes[512];
	const size_t n = cases[_i].n;
	struct bytes b = {bytes, n};
	const struct picture_source source = {&b, read_bytes};
	int64_t width = 1, height = 1;

	for (int i = 0; i < TRIES; i++) {
		memcpy(bytes, cases[_i].bytes, n);
		for (unsigned k = chance(5) + 1; k; k--)
			bytes[chance((unsigned)n)] = (unsigned char)chance(256);
		b.n = chance(4) ? n : chance((unsigned)n);
		(void)picture_size(&width, &height, cases[_i].format, &source);
		ck_assert(width > 0 && height > 0);
		ck_assert(width <= INT32_MAX && height <= INT32_MAX);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("files_picture");
	TCase *t = tcase_create("files_picture");

	tcase_set_timeout(t, 180);
	tcase_add_loop_test(t, sizes_of_pictures, 0, COUNT(cases));
	tcase_add_loop_test(t, headers_that_lie, 0, COUNT(cases));
	suite_add_tcase(s, t);
	return run_suite(s);
}
