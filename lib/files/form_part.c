/* The headers of a form and of its parts, parsed by GMime. It knows what
 * senders do with names: quotes, folded lines, text in UTF-8 or not, filename*
 * of RFC 5987.
 *
 * Only the headers go to GMime, a few KiB. It would parse what is in a part by
 * the part's own type, so that a mail that somebody attaches would be taken
 * apart, at a cost that the sender chooses.
 *
 * GMime brings twenty libraries. They are loaded when the first form comes, so
 * that processes which read no forms have none of them. */

#include "form_part.h"

#include <dlfcn.h>
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json.h"

#define GMIME "libgmime-3.0.so.0"

#define FUNCTIONS(X)                                  \
	X(g_mime_init)                                \
	X(g_mime_content_type_parse)                  \
	X(g_mime_content_type_is_type)                \
	X(g_mime_content_type_get_parameter)          \
	X(g_mime_stream_mem_new_with_buffer)          \
	X(g_mime_parser_new_with_stream)              \
	X(g_mime_parser_construct_part)               \
	X(g_mime_object_get_header)                   \
	X(g_mime_object_get_content_disposition)      \
	X(g_mime_content_disposition_get_disposition) \
	X(g_mime_content_disposition_get_parameter)   \
	X(g_object_unref)

static struct {
#define MEMBER(name) __typeof__(name) *(name);
	FUNCTIONS(MEMBER)
#undef MEMBER
	bool is_loaded;
} lib;

/* A pointer to a function, which C does not convert from one to an object. */
static bool
find_function(void *to, void *library, const char *name)
{
	void *found = dlsym(library, name);

	memcpy(to, &found, sizeof(found));
	return found != NULL;
}

static bool
load(void)
{
	void *library;

	if (lib.is_loaded)
		return true;
	library = dlopen(GMIME, RTLD_NOW | RTLD_LOCAL);
#define FIND(name) &&find_function(&lib.name, library, #name)
	lib.is_loaded = library FUNCTIONS(FIND);
#undef FIND
	if (lib.is_loaded)
		lib.g_mime_init();
	return lib.is_loaded;
}

/* RFC 2046, 5.1.1. */
static bool
is_boundary(const char *s)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
	const size_t n = s ? strlen(s) : 0;

	return n >= 1 && n <= 70 && strspn(s, allowed) == n && s[n - 1] != ' ';
}

const char *
form_boundary(struct arena *a, const char *content_type)
{
	GMimeContentType *type;
	const char *boundary = NULL;

	if (!load())
		return NULL;
	type = lib.g_mime_content_type_parse(NULL, content_type);
	if (!type)
		return NULL;
	if (lib.g_mime_content_type_is_type(type, "multipart", "form-data"))
		boundary =
		    lib.g_mime_content_type_get_parameter(type, "boundary");
	boundary = is_boundary(boundary) ? arena_strdup(a, boundary) : NULL;
	lib.g_object_unref(type);
	return boundary;
}

/* Browsers write %22 for a quote in a name (HTML, "multipart/form-data encoding
 * algorithm"), and no other character so but line ends. */
static const char *
unquote(struct arena *a, const char *name)
{
	char *copy = arena_strdup(a, name), *to = copy;

	if (!copy)
		return NULL;
	for (const char *from = copy; *from; to++) {
		const bool is_quote = strncmp(from, "%22", 3) == 0;

		*to = is_quote ? '"' : *from;
		from += is_quote ? 3 : 1;
	}
	*to = '\0';
	return copy;
}

/* Whether the content is sent as it is. */
static bool
is_sent_plain(const char *encoding)
{
	return !encoding || strcasecmp(encoding, "binary") == 0 ||
	       strcasecmp(encoding, "8bit") == 0 ||
	       strcasecmp(encoding, "7bit") == 0;
}

static enum err
part_fill_in(struct form_part *out, struct arena *a, GMimeObject *part,
	     const char **why)
{
	GMimeContentDisposition *d =
	    part ? lib.g_mime_object_get_content_disposition(part) : NULL;
	const char *kind =
	    d ? lib.g_mime_content_disposition_get_disposition(d) : NULL;

	*why = "A part of the form is not form-data.";
	if (!kind || strcasecmp(kind, "form-data") != 0)
		return ERR_INVALID;
	*why = "A part of the form has an encoding.";
	if (!is_sent_plain(lib.g_mime_object_get_header(
		part, "Content-Transfer-Encoding")))
		return ERR_INVALID;
	out->name =
	    unquote(a, lib.g_mime_content_disposition_get_parameter(d, "name"));
	out->filename = unquote(
	    a, lib.g_mime_content_disposition_get_parameter(d, "filename"));
	*why = "A part of the form has no valid name.";
	if (!out->name || !utf8_valid(out->name, strlen(out->name)) ||
	    (out->filename &&
	     !utf8_valid(out->filename, strlen(out->filename))))
		return ERR_INVALID;
	return OK;
}

enum err
form_part_read(struct form_part *out, struct arena *a, const char *head,
	       size_t n, const char **why)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeObject *part;
	enum err e;

	*why = "Forms cannot be read here.";
	if (!load())
		return ERR_INVALID;
	stream = lib.g_mime_stream_mem_new_with_buffer(head, n);
	parser = lib.g_mime_parser_new_with_stream(stream);
	part = lib.g_mime_parser_construct_part(parser, NULL);
	e = part_fill_in(out, a, part, why);
	if (part)
		lib.g_object_unref(part);
	lib.g_object_unref(parser);
	lib.g_object_unref(stream);
	return e;
}
