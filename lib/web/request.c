/* A request as the handlers see it: method, path, headers and body from the CGI
 * variables (RFC 3875) of the transport, and the checked inputs. */

#include "web/http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "http_private.h"
#include "web/transport.h"

#define CLIENT_MAX 45 /* characters of an IP address (INET6_ADDRSTRLEN) */

static enum method
method_of(const char *name, bool *head)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
	    {"GET", METHOD_GET},	 {"HEAD", METHOD_GET},
	    {"POST", METHOD_POST},	 {"PUT", METHOD_PUT},
	    {"PATCH", METHOD_PATCH},	 {"DELETE", METHOD_DELETE},
	    {"OPTIONS", METHOD_OPTIONS},
	};

	*head = name && strcmp(name, "HEAD") == 0;
	for (size_t i = 0; name && i < sizeof(methods) / sizeof(methods[0]);
	     i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	return METHOD_OTHER;
}

const char *
request_param(const struct req *r, const char *name)
{
	const char *v = r->transport->param(r->transport->state, name);

	return v ? v : "";
}

/* nginx's id for the request, if there is one, so that both logs have the same.
 */
static const char *
request_id(struct req *r)
{
	const char *id = request_param(r, "REQUEST_ID");
	size_t n = strlen(id);
	char uuid[UUID_TEXT];

	if (n >= 8 && n <= 64 && strspn(id, "0123456789abcdefABCDEF-") == n)
		return arena_strdup(r->ctx->arena, id);
	random_uuid(uuid);
	return arena_strdup(r->ctx->arena, uuid);
}

void
http_begin(struct req *r, struct transport *t, struct ctx *ctx)
{
	*r = (struct req){.ctx = ctx, .transport = t};
	buf_init(&r->out, OUT_MAX);
	buf_init(&r->head_out, HEAD_MAX);
	r->method = method_of(request_param(r, "REQUEST_METHOD"), &r->head);
	request_find_path(r);
	r->request_id = request_id(r);
}

const char *
http_header(struct req *r, const char *name)
{
	char var[64] = "HTTP_";
	size_t n = strlen(var);
	const char *v;

	for (; *name && n < sizeof(var) - 1; name++)
		var[n++] =
		    *name == '-' ? '_' : (char)toupper((unsigned char)*name);
	v = r->transport->param(r->transport->state, var);
	return v ? arena_strdup(r->ctx->arena, v) : NULL;
}

const char *
http_client(struct req *r)
{
	const char *address = request_param(r, "REMOTE_ADDR");
	const size_t n = strlen(address);

	if (!n || n > CLIENT_MAX ||
	    strspn(address, "0123456789abcdefABCDEF:.") != n)
		return NULL;
	return arena_strdup(r->ctx->arena, address);
}

/* Content-Length. False: it is not valid. */
static bool
body_length(const struct req *r, unsigned long long *n)
{
	const char *text = request_param(r, "CONTENT_LENGTH");
	char *end;

	if (!*text)
		text = "0";
	*n = strtoull(text, &end, 10);
	return !*end && isdigit((unsigned char)*text);
}

/* A body in chunks: nginx and mod_fcgid read it first, and so know its length.
 * Others may pass it on as it comes. */
static bool
is_chunked(const struct req *r)
{
	return !*request_param(r, "CONTENT_LENGTH") &&
	       *request_param(r, "HTTP_TRANSFER_ENCODING");
}

void
request_drop_body(struct req *r)
{
	unsigned long long left = 0;
	char part[16 * 1024];
	size_t n;

	if (r->body)
		return;
	if (is_chunked(r) || !body_length(r, &left))
		left = DROPPED_MAX;
	left -= left < r->body_taken ? left : r->body_taken;
	if (left > DROPPED_MAX)
		left = DROPPED_MAX;
	for (; left; left -= n) {
		n = left < sizeof(part) ? (size_t)left : sizeof(part);
		if (r->transport->read(r->transport->state, part, n) != n)
			return;
	}
}

enum err
http_body_length(struct req *r, uint64_t *out, uint64_t max)
{
	unsigned long long n = 0;

	if (is_chunked(r))
		return reply_error(r, 411, "length_required",
				   "The request needs a Content-Length.");
	if (!body_length(r, &n))
		return reply_error(r, 400, "bad_request",
				   "The Content-Length is not valid.");
	if (n > max)
		return reply_error(r, 413, "too_large",
				   "The request body is too large.");
	*out = n;
	return OK;
}

size_t
http_body_read(struct req *r, void *p, size_t n)
{
	const size_t got = r->transport->read(r->transport->state, p, n);

	r->body_taken += got;
	return got;
}

enum err
http_read_body(struct req *r, size_t max)
{
	uint64_t n = 0;
	char *body;
	enum err e = http_body_length(r, &n, max);

	if (e || r->status)
		return e;
	body = arena_alloc(r->ctx->arena, (size_t)n + 1);
	if (n && r->transport->read(r->transport->state, body, (size_t)n) !=
		     (size_t)n)
		return reply_error(
		    r, 400, "bad_request",
		    "The request body is shorter than its Content-Length.");
	r->body = body;
	r->body_len = (size_t)n;
	return OK;
}

bool
has_value(const struct req *r, const char *name)
{
	return input_get(&r->input, name)->given;
}

bool
is_null(const struct req *r, const char *name)
{
	return input_get(&r->input, name)->null;
}

const char *
in_text(const struct req *r, const char *name)
{
	return input_get(&r->input, name)->s;
}

int64_t
in_int(const struct req *r, const char *name)
{
	return input_get(&r->input, name)->i;
}

int64_t
in_int_or(const struct req *r, const char *name, int64_t otherwise)
{
	return has_value(r, name) ? in_int(r, name) : otherwise;
}
