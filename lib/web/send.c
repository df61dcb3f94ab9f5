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

/* Status and header lines; the length unless the body is streamed. */
static void
write_header(struct buf *all, const struct req *r)
{
	if (r->elsewhere) {
		buf_printf(all, "X-Accel-Redirect: %s\r\n\r\n", r->elsewhere);
		return;
	}
	buf_printf(all, "Status: %d %s\r\n", r->status, status_text(r->status));
	if (r->type)
		buf_printf(all, "Content-Type: %s\r\n", r->type);
	buf_printf(all, "X-Request-Id: %s\r\nCache-Control: %s\r\n",
		   r->request_id, cache_control(r));
	if (r->status != 204 && r->status != 304 && !r->streaming)
		buf_printf(all, "Content-Length: %zu\r\n", r->out.len);
	write_safety(all, r);
	buf_add(all, r->head_out.data, r->head_out.len);
	buf_adds(all, "\r\n");
}

/* The head, and what there is of the body. */
static bool
send_answer(struct req *r)
{
	struct piece piece = {.is_last = !r->streaming};
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

bool
http_stream(struct req *r)
{
	if (!r->streaming) {
		r->streaming = true;
		r->gone = !send_answer(r);
	} else if (!r->head && !r->gone) {
		const struct piece piece = {.body = r->out.data,
					    .body_len = r->out.len};

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
