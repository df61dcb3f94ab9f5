/* HTTP POSTs: what libcurl is told to send, and what of the response the caller
 * gets. */
#include <string.h>

#include "transfer.h"

static size_t
take_bytes(char *p, size_t size, size_t n, void *state)
{
	struct buf *answer = state;

	buf_add(answer, p, size * n);
	return answer->overflow ? 0 : size * n; /* 0 aborts the transfer */
}

static struct curl_slist *
add_request_header(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line;

	buf_init(&line, (size_t)8 * 1024);
	buf_printf(&line, "%s: %s", name, value);
	list = transfer_add_line(list, line.data);
	buf_release(&line);
	return list;
}

static void
set_post(struct transfer *x)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_POSTFIELDS, x->body);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)strlen(x->body));
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, &x->answer);
}

void
transfers_begin(struct transfers *t, struct arena *a,
		const struct transfer_post *p, void *tag)
{
	struct transfer *x = transfer_new(t, POST, a, tag);

	x->body = xstrdup(p->body);
	x->headers = add_request_header(x->headers, "Content-Type", p->type);
	x->headers =
	    add_request_header(x->headers, "Authorization", p->authorization);
	/* do not wait for "100 Continue" before the body */
	x->headers = transfer_add_line(x->headers, "Expect:");
	transfer_set_options(x, p->url, p->connect_ms, p->total_ms);
	set_post(x);
	curl_multi_add_handle(t->multi, x->easy);
}

void
transfer_read_answer(struct transfer_done *out, const struct transfers *t,
		     const struct transfer *x)
{
	struct arena *a = x->arena;
	struct curl_header *h;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &out->status);
	out->body_len = x->answer.len;
	out->body =
	    arena_memdup(a, x->answer.len ? x->answer.data : "", x->answer.len);
	for (size_t i = 0; i < TRANSFER_HEADERS && t->headers[i]; i++)
		if (curl_easy_header(x->easy, t->headers[i], 0, CURLH_HEADER,
				     -1, &h) == CURLHE_OK)
			out->headers[i] = arena_strdup(a, h->value);
}
