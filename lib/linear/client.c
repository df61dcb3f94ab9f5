/* The connection to Linear: sends requests (request.c), and files to its
 * storage, and returns their answers, classified by linear_classify
 * (response.c), with the budget that Linear's headers tell. When a request is
 * sent, or sent again, is for the caller to decide. */

#include "linear/client.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/http_client.h"
#include "connection.h"

#define TOTAL_MS 20000

/* In the order of struct linear_budget. */
static const char *const headers[] = {"X-RateLimit-Requests-Limit",
				      "X-RateLimit-Requests-Remaining",
				      "X-RateLimit-Complexity-Limit",
				      "X-RateLimit-Complexity-Remaining",
				      "Retry-After",
				      NULL};

struct linear *
linear_new(const struct conf *conf)
{
	struct linear *l = xmalloc(sizeof(*l));

	*l = (struct linear){
	    conf, transfers_new(LINEAR_PARALLEL, headers, conf->tls_ca)};
	return l;
}

void
linear_free(struct linear *l)
{
	if (!l)
		return;
	transfers_free(l->transfers);
	free(l);
}

struct transfers *
linear_transfers(struct linear *l)
{
	return l->transfers;
}

static void
send_file(struct linear *l, struct arena *a, const struct linear_request *r,
	  void *tag)
{
	struct transfer_put p = {.url = r->upload->upload_url,
				 .headers = r->upload->headers,
				 .path = r->path,
				 .size = r->size,
				 .connect_ms = CONNECT_MS,
				 .total_ms = FILE_MS};

	transfers_begin_put(l->transfers, a, &p, tag);
}

void
linear_send(struct linear *l, struct arena *a, const struct linear_request *r,
	    void *tag)
{
	struct transfer_post p = {.url = l->conf->linear_api_url,
				  .type = "application/json",
				  .authorization = l->conf->linear_api_key,
				  .body = r->body,
				  .connect_ms = CONNECT_MS,
				  .total_ms = TOTAL_MS};

	if (r->upload)
		send_file(l, a, r, tag);
	else
		transfers_begin(l->transfers, a, &p, tag);
}

size_t
linear_pending(const struct linear *l)
{
	return transfers_pending(l->transfers);
}

void
linear_wait(struct linear *l, const int *fds, size_t n, int ms)
{
	transfers_wait(l->transfers, fds, n, ms);
}

static int64_t
header_number(const char *text)
{
	char *end;
	long long v;

	if (!text)
		return -1;
	v = strtoll(text, &end, 10);
	return end == text || v < 0 ? -1 : v;
}

static struct linear_budget
read_budget(const struct transfer_done *d)
{
	return (struct linear_budget){
	    .limit = header_number(d->headers[0]),
	    .remaining = header_number(d->headers[1]),
	    .points_limit = header_number(d->headers[2]),
	    .points_remaining = header_number(d->headers[3]),
	    .retry_after_s = header_number(d->headers[4])};
}

/* The storage has taken the file, or says why not. */
static void
classify_put(struct linear_answer *out, const struct transfer_done *d)
{
	*out = (struct linear_answer){.outcome = LINEAR_OK, .code = "storage"};
	if (d->error) {
		out->outcome = d->is_unread ? LINEAR_INVALID : LINEAR_RETRY;
		out->text = d->error;
	} else if (d->status < 200 || d->status > 299) {
		out->outcome =
		    d->status >= 500 || d->status == 408 || d->status == 429
			? LINEAR_RETRY
			: LINEAR_INVALID;
		out->text = arena_printf(
		    d->arena, "Linear's storage answered with HTTP status %ld.",
		    d->status);
	}
}

static bool
take_put(struct linear_answer *out, void **tag, struct linear *l)
{
	struct transfer_done d;

	if (!transfers_take_put(&d, l->transfers))
		return false;
	classify_put(out, &d);
	*tag = d.tag;
	return true;
}

bool
linear_take(struct linear_answer *out, void **tag, struct linear *l)
{
	struct transfer_done d;

	if (!transfers_take(&d, l->transfers))
		return take_put(out, tag, l);
	if (d.error)
		*out = (struct linear_answer){.outcome = LINEAR_RETRY,
					      .code = "unreachable",
					      .text = d.error,
					      .unsent = d.unsent};
	else
		linear_classify(out, d.arena, d.status, d.body, d.body_len);
	out->resent = d.resent;
	out->budget = read_budget(&d);
	*tag = d.tag;
	return true;
}

void
linear_call(struct linear_answer *out, struct linear *l, struct arena *a,
	    const struct linear_request *r)
{
	void *tag;

	linear_send(l, a, r, NULL);
	while (!linear_take(out, &tag, l))
		linear_wait(l, NULL, 0, 1000);
}
