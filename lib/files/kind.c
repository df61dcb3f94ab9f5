/* What a file is: by its content, which libmagic looks at, and by its name.
 * Neither is proof: a page can pass as a picture or as text. So the two must
 * agree before a browser may show a file, and everything is served with headers
 * that keep it from running. */

#include "files/kind.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "files/name.h"
#include "picture.h"
#include "sniff.h"

/* As much of a file as is looked at. */
#define HEAD ((size_t)32 * 1024)

/* The pictures that browsers may show. */
static const struct {
	const char *type, *extension;
	enum picture_format format;
} pictures[] = {
    {"image/png", "png", PICTURE_PNG},	  {"image/jpeg", "jpg", PICTURE_JPEG},
    {"image/jpeg", "jpeg", PICTURE_JPEG}, {"image/jpeg", "jpe", PICTURE_JPEG},
    {"image/jpeg", "jfif", PICTURE_JPEG}, {"image/gif", "gif", PICTURE_GIF},
    {"image/webp", "webp", PICTURE_WEBP}, {"image/avif", "avif", PICTURE_AVIF},
};

#define PICTURES (sizeof(pictures) / sizeof(pictures[0]))

bool
file_is_picture(const char *content_type, const char *name)
{
	const char *extension = file_extension(name);

	for (size_t i = 0; i < PICTURES; i++)
		if (strcmp(pictures[i].type, content_type) == 0 &&
		    strcasecmp(pictures[i].extension, extension) == 0)
			return true;
	return false;
}

const char *
file_served_type(const char *content_type)
{
	static const char *const active[] = {"html",   "xml",	"svg",
					     "script", "flash", "multipart/"};

	for (size_t i = 0; i < sizeof(active) / sizeof(active[0]); i++)
		if (strstr(content_type, active[i]))
			return "application/octet-stream";
	return content_type;
}

bool
file_is_denied(const char *list, const char *content_type, const char *name)
{
	char extension[64];

	if (!list)
		return false;
	(void)snprintf(extension, sizeof(extension), ".%s",
		       file_extension(name));
	return conf_lists(list, content_type) || conf_lists(list, extension);
}

static size_t
read_at(void *arg, int64_t at, void *p, size_t n)
{
	const ssize_t got = pread(*(const int *)arg, p, n, at);

	return got > 0 ? (size_t)got : 0;
}

static void
measure(struct file_kind *out, const struct incoming *f)
{
	int fd = f->fd;
	const struct picture_source source = {.arg = &fd, .read = read_at};

	for (size_t i = 0; i < PICTURES; i++) {
		if (strcmp(pictures[i].type, out->content_type) != 0)
			continue;
		(void)picture_size(&out->width, &out->height,
				   pictures[i].format, &source);
		return;
	}
}

void
file_look(struct file_kind *out, const struct incoming *f, const char *name)
{
	static unsigned char head[HEAD];
	const ssize_t n = pread(f->fd, head, sizeof(head), 0);

	*out = (struct file_kind){.width = 0};
	sniff_type(out->content_type, head, n > 0 ? (size_t)n : 0);
	if (file_is_picture(out->content_type, name))
		measure(out, f);
}
