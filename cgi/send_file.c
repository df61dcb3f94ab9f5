/* Sending the content of a file. nginx sends it by itself, from an internal
 * location, which also sets the headers for safety. Under any other server this
 * process reads the file, and understands one range (RFC 9110, 14). */

#include "send_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "files/kind.h"
#include "files/name.h"
#include "files/store.h"
#include "web/transport.h"

/* What a browser may do with a file that it opens: nothing. */
#define FILE_POLICY "sandbox; default-src 'none'"

/* A part of a file. */
struct range {
	int64_t from, n;
	bool is_part, is_valid;
};

/* Reads a number and moves *s behind it; -1: no number is there. */
static int64_t
range_number(const char **s)
{
	char *end;
	long long v;

	if (!isdigit((unsigned char)**s))
		return -1;
	v = strtoll(*s, &end, 10);
	*s = end;
	return v;
}

/* "bytes=0-99", "bytes=100-" or "bytes=-100". Anything else, several ranges
 * included, is the whole file. */
static struct range
range_of(const char *s, int64_t size)
{
	const struct range whole = {0, size, false, true};
	struct range r = {.is_part = true};
	int64_t first, last;

	if (!s || strncmp(s, "bytes=", 6) != 0)
		return whole;
	s += 6;
	first = range_number(&s);
	if (*s++ != '-')
		return whole;
	last = range_number(&s);
	if (*s || (first < 0 && last < 0) ||
	    (first >= 0 && last >= 0 && last < first))
		return whole;
	if (first < 0) {
		first = last < size ? size - last : 0;
		r.is_valid = last > 0;
		last = size - 1;
	} else {
		r.is_valid = first < size;
		last = last < 0 || last >= size ? size - 1 : last;
	}
	r.from = first;
	r.n = r.is_valid ? last - first + 1 : 0;
	return r;
}

/* A range of another version of the file is no use. */
static struct range
range_asked(struct req *r, const char *tag, int64_t size)
{
	const char *condition = http_header(r, "If-Range");
	const bool fits = !condition || strcmp(condition, tag) == 0;

	return range_of(fits ? http_header(r, "Range") : NULL, size);
}

static void
write_range(struct req *r, const struct range *range, int64_t size)
{
	struct arena *a = r->ctx->arena;

	reply_header(r, "Accept-Ranges", "bytes");
	if (!range->is_part)
		return;
	if (range->is_valid)
		reply_header(
		    r, "Content-Range",
		    arena_printf(a, "bytes %lld-%lld/%lld",
				 (long long)range->from,
				 (long long)(range->from + range->n - 1),
				 (long long)size));
	else
		reply_header(r, "Content-Range",
			     arena_printf(a, "bytes */%lld", (long long)size));
}

/* Sends n bytes from the place where fd is. */
static void
send_bytes(struct req *r, int fd, int64_t left)
{
	static char piece[FILE_PIECE];
	ssize_t n = 1;

	while (left && n > 0) {
		n = read(fd, piece,
			 left < (int64_t)sizeof(piece) ? (size_t)left
						       : sizeof(piece));
		if (n <= 0)
			break;
		buf_add(&r->out, piece, (size_t)n);
		left -= n;
		if (!http_stream(r))
			return;
	}
	if (left)
		http_break(r, ERR_DB);
}

/* Sends it by itself. */
static enum err
send_here(struct req *r, const struct attachment *a, const char *type,
	  const char *tag)
{
	int64_t size = 0;
	const int fd =
	    file_open(r->ctx->conf, a->organization_id, a->sha256, &size);
	struct range range;

	if (fd < 0)
		return ERR_NOTFOUND;
	range = range_asked(r, tag, size);
	write_range(r, &range, size);
	if (range.is_valid) {
		r->policy = FILE_POLICY;
		reply_stream_sized(r, range.is_part ? 206 : 200, type, range.n);
		reply_header(r, "Cross-Origin-Resource-Policy", "same-origin");
		if (lseek(fd, range.from, SEEK_SET) >= 0)
			send_bytes(r, fd, range.n);
	} else {
		reply_error(r, 416, "range_not_satisfiable",
			    "The file is shorter than that.");
	}
	close(fd);
	return OK;
}

enum err
serve_attachment(struct req *r, const struct attachment *a, bool as_download)
{
	const char *location =
	    r->transport->param(r->transport->state, "FILES_LOCATION");
	const bool is_inline =
	    !as_download && file_is_picture(a->content_type, a->filename);
	const char *type = file_served_type(a->content_type);
	const char *tag = arena_printf(r->ctx->arena, "\"%s\"", a->sha256);
	char place[FILE_PLACE_TEXT];

	if (reply_tagged(r, tag))
		return OK;
	reply_header(r, "Content-Disposition",
		     file_disposition(r->ctx->arena, a->filename, is_inline));
	if (!location || !*location)
		return send_here(r, a, type, tag);
	file_place(place, a->organization_id, a->sha256);
	reply_file_elsewhere(
	    r, arena_printf(r->ctx->arena, "%s/%s", location, place), type);
	return OK;
}
