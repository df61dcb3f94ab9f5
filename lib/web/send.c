/* Sending an answer: its status line and headers, and the body, whole or in
 * pieces. */

#include <stdlib.h>

#include "http_private.h"
#include "web/route.h"
#include "web/transport.h"

static const char *
status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {{200, "OK"},
		     {201, "Created"},
		     {204, "No Content"},
		     {206, "Partial Content"},
		     {301, "Moved Permanently"},
		     {304, "Not Modified"},
		     {400, "Bad Request"},
		     {401, "Unauthorized"},
		     {403, "Forbidden"},
		     {404, "Not Found"},
		     {405, "Method Not Allowed"},
		     {409, "Conflict"},
		     {411, "Length Required"},
		     {412, "Precondition Failed"},
		     {413, "Content Too Large"},
		     {415, "Unsupported Media Type"},
		     {416, "Range Not Satisfiable"},
		     {422, "Unprocessable Content"},
		     {429, "Too Many Requests"},
		     {500, "Internal Server Error"},
		     {502, "Bad Gateway"},
		     {503, "Service Unavailable"}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status)
			return texts[i].text;
	abort();
}

/* Public answers may be stored by caches, which must ask again before they use
 * them. Answers for one person may be stored only by that person's own client,
 * and not at all if they have no tag to ask with (RFC 9111, 5.2.2). */
static const char *
cache_control(const struct req *r)
{
	const bool is_public = r->route && !r->is_personal && r->status < 400;

	if (!r->tagged)
		return is_public && r->method == METHOD_GET ? "no-cache"
							    : "no-store";
	return is_public ? "no-cache" : "private, no-cache";
}

/* What a browser may do with an answer: nothing, unless it is a page. */
static void
write_safety(struct buf *all, const struct req *r)
{
	buf_printf(all,
		   "X-Content-Type-Options: nosniff\r\n"
		   "Referrer-Policy: same-origin\r\n"
		   "Cross-Origin-Opener-Policy: same-origin\r\n"
		   "Content-Security-Policy: %s; base-uri 'none'; "
		   "frame-ancestors 'none'\r\n",
		   r->policy ? r->policy
			     : "default-src 'none'; form-action 'none'");
}

/* Of a file that the web server sends, it keeps what is said here; the rest of
 * its header is the web server's. */
static void
write_elsewhere(struct buf *all, const struct req *r)
{
	buf_printf(all, "X-Accel-Redirect: %s\r\n", r->elsewhere);
	if (r->type) {
		buf_printf(all, "Content-Type: %s\r\nCache-Control: %s\r\n",
			   r->type, cache_control(r));
		buf_add(all, r->head_out.data, r->head_out.len);
	}
	buf_adds(all, "\r\n");
}

/* Status and header lines; the length, if it is known. */
static void
write_header(struct buf *all, const struct req *r)
{
	if (r->elsewhere) {
		write_elsewhere(all, r);
		return;
	}
	buf_printf(all, "Status: %d %s\r\n", r->status, status_text(r->status));
	if (r->type)
		buf_printf(all, "Content-Type: %s\r\n", r->type);
	buf_printf(all, "X-Request-Id: %s\r\nCache-Control: %s\r\n",
		   r->request_id, cache_control(r));
	if (r->status != 204 && r->status != 304 && !r->streaming)
		buf_printf(all, "Content-Length: %zu\r\n", r->out.len);
	else if (r->sized)
		buf_printf(all, "Content-Length: %lld\r\n",
			   (long long)r->length);
	write_safety(all, r);
	buf_add(all, r->head_out.data, r->head_out.len);
	buf_adds(all, "\r\n");
}

/* The head, and what there is of the body. */
static bool
send_answer(struct req *r)
{
	struct piece piece = {.is_last = !r->streaming, .is_sized = r->sized};
	struct buf head;
	bool sent;

	buf_init(&head, 2 * HEAD_MAX);
	write_header(&head, r);
	piece.head = head.data;
	piece.head_len = head.len;
	if (!r->head) {
		piece.body = r->out.data;
		piece.body_len = r->out.len;
	}
	sent = r->transport->send(r->transport->state, &piece);
	buf_release(&head);
	return sent;
}

void
reply_stream(struct req *r, const char *type)
{
	reply_other(r, 200, type);
}

void
reply_stream_sized(struct req *r, int status, const char *type, int64_t length)
{
	reply_other(r, status, type);
	r->sized = true;
	r->length = length;
}

bool
http_stream(struct req *r)
{
	if (!r->streaming) {
		r->streaming = true;
		r->gone = !send_answer(r);
	} else if (!r->head && !r->gone) {
		const struct piece piece = {.body = r->out.data,
					    .body_len = r->out.len,
					    .is_sized = r->sized};

		r->gone = !r->transport->send(r->transport->state, &piece);
	}
	buf_clear(&r->out);
	return !r->gone && !r->head;
}

void
http_break(struct req *r, enum err e)
{
	r->transport->broken = true;
	r->gone = true;
	reply_err(r, e); /* sets r->code for the log; it is not sent */
}

bool
http_finish(struct req *r)
{
	if (r->streaming)
		return !r->gone;
	while (r->json.depth > 0)
		json_end(&r->json);
	if (r->out.overflow) {
		reply_error(r, 500, "too_large", "The answer is too large.");
		while (r->json.depth > 0)
			json_end(&r->json);
	}
	reply_tag(r);
	request_drop_body(r);
	return send_answer(r);
}

void
http_release(struct req *r)
{
	buf_release(&r->out);
	buf_release(&r->head_out);
}
