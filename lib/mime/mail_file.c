/* The files of a mail. Their names are the sender's words, so what could be a
 * path or deceive the eye is removed. */
#include "mail_file.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/unicode.h"
#include "charset.h"
#include "mail/incoming.h"
#include "message.h"

#define NAME_MAX_BYTES 200
#define PIXELS_MIN     3
#define PICTURE_MIN    200

/* Extensions for files without a name. */
static const struct {
	const char *type, *name;
} usual_names[] = {
    {"image/png", "picture-%zu.png"},
    {"image/jpeg", "picture-%zu.jpg"},
    {"image/gif", "picture-%zu.gif"},
    {"image/webp", "picture-%zu.webp"},
    {"image/heic", "picture-%zu.heic"},
    {"text/plain", "text-%zu.txt"},
    {"text/html", "text-%zu.html"},
    {"text/calendar", "invitation-%zu.ics"},
    {"text/vcard", "contact-%zu.vcf"},
    {"message/rfc822", "mail-%zu.eml"},
    {"message/delivery-status", "report-%zu.txt"},
    {"text/rfc822-headers", "header-%zu.txt"},
    {"application/pdf", "document-%zu.pdf"},
    {"application/ms-tnef", "winmail-%zu.dat"},
    {"application/pgp-signature", "signature-%zu.asc"},
    {"application/pgp-encrypted", "version-%zu.asc"},
    {"application/pkcs7-signature", "signature-%zu.p7s"},
    {"application/x-pkcs7-signature", "signature-%zu.p7s"},
    {"application/pkcs7-mime", "mail-%zu.p7m"},
    {"application/x-pkcs7-mime", "mail-%zu.p7m"},
};

static const char *
usual_name(struct arena *a, const char *type, size_t n)
{
	const char *form = "attachment-%zu", *at;

	for (size_t i = 0; i < sizeof(usual_names) / sizeof(*usual_names); i++)
		if (strcmp(type, usual_names[i].type) == 0)
			form = usual_names[i].name;
	at = strstr(form, "%zu");
	return arena_printf(a, "%.*s%zu%s", (int)(at - form), form, n, at + 3);
}

/* Shortens a name before its extension, at a character. */
static const char *
shorten(struct arena *a, const char *name)
{
	const char *dot = strrchr(name, '.');
	const size_t end = dot && strlen(dot) <= 20 ? strlen(dot) : 0;

	if (strlen(name) <= NAME_MAX_BYTES)
		return name;
	return arena_printf(a, "%.*s%s",
			    (int)text_prefix(name, NAME_MAX_BYTES - end), name,
			    end ? dot : "");
}

static const char *
safe_name(struct arena *a, const struct message_part *part, size_t n)
{
	const char *name = part->name ? part->name : "";
	char *safe;

	for (const char *p; (p = strpbrk(name, "/\\")) != NULL;)
		name = p + 1;
	name += strspn(name, ". ");
	safe = text_clean(a, name, false);
	for (char *p = safe; *p; p++)
		if (strchr("<>:\"|?*", *p))
			*p = '_';
	return *safe ? shorten(a, safe) : usual_name(a, part->type, n);
}

/* The width and height of a PNG or a GIF; false: it is another kind of file. */
static bool
mail_picture_size(unsigned *width, unsigned *height,
		  const struct message_part *part)
{
	const unsigned char *s = (const unsigned char *)part->data;

	if (part->size >= 24 && memcmp(s, "\x89PNG\r\n\x1a\n", 8) == 0) {
		*width = (unsigned)s[18] << 8 | s[19];
		*height = (unsigned)s[22] << 8 | s[23];
		return s[16] == 0 && s[17] == 0 && s[20] == 0 && s[21] == 0;
	}
	if (part->size >= 10 && memcmp(s, "GIF8", 4) == 0) {
		*width = (unsigned)s[7] << 8 | s[6];
		*height = (unsigned)s[9] << 8 | s[8];
		return true;
	}
	return false;
}

static bool
is_pixel(const struct message_part *part)
{
	unsigned width, height;

	return part->size < PICTURE_MIN ||
	       (mail_picture_size(&width, &height, part) &&
		width < PIXELS_MIN && height < PIXELS_MIN);
}

static bool
is_shown(struct arena *a, const struct message_part *part, const char *html)
{
	return part->content_id && *part->content_id &&
	       strcasestr(html, arena_printf(a, "cid:%s", part->content_id));
}

bool
mail_file_read(struct incoming_file *out, struct arena *a,
	       const struct message_part *part, size_t n, const char *html)
{
	const bool is_picture = strncmp(part->type, "image/", 6) == 0;
	const bool is_inline = is_picture && !part->is_attachment &&
			       (part->is_related || is_shown(a, part, html));

	if (is_picture && !part->is_attachment && is_pixel(part))
		return false;
	*out = (struct incoming_file){.name = safe_name(a, part, n),
				      .type = part->type,
				      .data = part->data,
				      .size = part->size,
				      .is_inline = is_inline};
	return true;
}
