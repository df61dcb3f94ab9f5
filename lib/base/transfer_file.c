/* Files by HTTP: a PUT is read from a file, and the parts of a GET are handed
 * on as they come, so that memory does not grow with the size. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "transfer.h"

/* A transfer that is slower than so many bytes a second, for so long, ends. */
#define SLOWEST	  1024L
#define SLOWEST_S 30L

/* The most that is kept of the response to a PUT: it says why it was refused.
 */
#define REFUSAL_MAX ((size_t)2048)

static size_t
send_part(char *p, size_t size, size_t n, void *state)
{
	struct transfer *x = state;
	size_t room = size * n;
	ssize_t got;

	if ((int64_t)room > x->left)
		room = (size_t)x->left;
	got = read(x->fd, p, room);
	if (got < 0 || (got == 0 && room > 0)) {
		x->is_unread = true;
		return CURL_READFUNC_ABORT;
	}
	x->left -= got;
	return (size_t)got;
}

/* The body of a redirect or of an error is not the file. */
static bool
is_file(const struct transfer *x)
{
	long status = 0;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	return status == 200;
}

static size_t
take_part(char *p, size_t size, size_t n, void *state)
{
	struct transfer *x = state;

	n *= size;
	if (!is_file(x))
		return n;
	if ((int64_t)n > x->left) {
		x->is_too_large = true;
		return 0; /* aborts the transfer */
	}
	if (!x->take(x->arg, p, n))
		return 0;
	x->left -= (int64_t)n;
	x->received += (int64_t)n;
	return n;
}

static size_t
take_refusal(char *p, size_t size, size_t n, void *state)
{
	struct transfer *x = state;
	const size_t room = REFUSAL_MAX - x->answer.len;

	n *= size;
	buf_add(&x->answer, p, n < room ? n : room);
	return n;
}

static void
set_file_options(struct transfer *x, const char *url, long connect_ms,
		 long total_ms)
{
	/* do not wait for "100 Continue" before the body */
	x->headers = transfer_add_line(x->headers, "Expect:");
	transfer_set_options(x, url, connect_ms, total_ms);
	curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_LIMIT, SLOWEST);
	curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_TIME, SLOWEST_S);
}

/* A file that cannot be opened ends the transfer at once. */
void
transfers_begin_put(struct transfers *t, struct arena *a,
		    const struct transfer_put *p, void *tag)
{
	struct transfer *x = transfer_new(t, PUT, a, tag);

	x->fd = open(p->path, O_RDONLY | O_CLOEXEC);
	x->left = p->size;
	for (size_t i = 0; p->headers[i]; i++)
		x->headers = transfer_add_line(x->headers, p->headers[i]);
	set_file_options(x, p->url, p->connect_ms, p->total_ms);
	curl_easy_setopt(x->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(x->easy, CURLOPT_INFILESIZE_LARGE,
			 (curl_off_t)p->size);
	curl_easy_setopt(x->easy, CURLOPT_READFUNCTION, send_part);
	curl_easy_setopt(x->easy, CURLOPT_READDATA, x);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, take_refusal);
	curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	/* libcurl repeats no request on a new connection, and the file could
	 * not be read again from its beginning */
	curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, 1L);
	if (x->fd < 0) {
		x->done = x->is_unread = true;
		x->code = CURLE_READ_ERROR;
		return;
	}
	curl_multi_add_handle(t->multi, x->easy);
}

void
transfers_begin_get(struct transfers *t, struct arena *a,
		    const struct transfer_get *g, void *tag)
{
	struct transfer *x = transfer_new(t, GET, a, tag);

	x->take = g->take;
	x->arg = g->arg;
	x->left = g->max;
	if (g->authorization)
		x->headers = transfer_add_line(
		    x->headers,
		    arena_printf(a, "Authorization: %s", g->authorization));
	set_file_options(x, g->url, g->connect_ms, g->total_ms);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, take_part);
	curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	curl_multi_add_handle(t->multi, x->easy);
}

static const char *
response_header(const struct transfer *x, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(x->easy, name, 0, CURLH_HEADER, -1, &h) ==
		       CURLHE_OK
		   ? arena_strdup(x->arena, h->value)
		   : NULL;
}

void
transfer_read_file(struct transfer_done *out, const struct transfer *x)
{
	char *location = NULL;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &out->status);
	out->content_type = response_header(x, "Content-Type");
	curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &location);
	out->location = arena_strdup(x->arena, location);
	out->received = x->received;
	out->is_too_large = x->is_too_large;
	out->is_unread = x->is_unread;
	out->body_len = x->answer.len;
	out->body = arena_memdup(x->arena, x->answer.len ? x->answer.data : "",
				 x->answer.len);
}
