#include "web/http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "web/transport.h"

#define OUT_MAX	 ((size_t)64 * 1024 * 1024)
#define HEAD_MAX ((size_t)16 * 1024)

#define CLIENT_MAX 45 /* characters of an IP address (INET6_ADDRSTRLEN) */

static const struct {
	enum err err;
	int status;
	const char *code, *text;
} answers[] = {
    {ERR_INVALID, 400, "invalid", "The input is not valid."},
    {ERR_CREDENTIALS, 400, "invalid_credentials",
     "Unable to log in with the provided credentials."},
    {ERR_FORBIDDEN, 403, "permission_denied",
     "You do not have permission to perform this action."},
    {ERR_NOTFOUND, 404, "not_found", "Not found."},
    {ERR_CONFLICT, 409, "conflict", "This already exists."},
    {ERR_STALE, 412, "precondition_failed",
     "This was changed in the meantime."},
    {ERR_REUSED, 422, "idempotency_key_reused",
     "This Idempotency-Key was used for a different request."},
    {ERR_LIMITED, 429, "throttled",
     "Too many requests. Please try again later."},
    {ERR_UPSTREAM, 502, "linear_unavailable", "Linear cannot be reached."},
    {ERR_DB, 503, "unavailable",
     "The service is unavailable for a moment. Please try again."},
    {ERR_VALUE, 500, "internal_error",
     "Something went wrong on our side. Please try again."},
    {ERR_AGAIN, 503, "busy", "The service is busy. Please try again."},
};

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

static const char *
param(const struct req *r, const char *name)
{
	const char *v = r->transport->param(r->transport->state, name);

	return v ? v : "";
}

static bool
plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

/* nginx's own id when there is one, so that both logs agree. */
static const char *
request_id(struct req *r)
{
	const char *id = param(r, "REQUEST_ID");
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
	const char *path;

	*r = (struct req){.ctx = ctx, .transport = t};
	buf_init(&r->out, OUT_MAX);
	buf_init(&r->head_out, HEAD_MAX);
	r->method = method_of(param(r, "REQUEST_METHOD"), &r->head);
	/* DOCUMENT_URI under nginx, PATH_INFO under CGI: both are decoded and
	 * normalised once, by the server */
	path = param(r, "DOCUMENT_URI");
	if (!*path)
		path = param(r, "PATH_INFO");
	r->path = arena_strdup(ctx->arena, path);
	r->query = arena_strdup(ctx->arena, param(r, "QUERY_STRING"));
	r->request_id = request_id(r);
}

const char *
http_header(struct req *r, const char *name)
{
	char *var = arena_printf(r->ctx->arena, "HTTP_%s", name);
	const char *v;

	for (char *p = var; *p; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	v = r->transport->param(r->transport->state, var);
	return v ? arena_strdup(r->ctx->arena, v) : NULL;
}

const char *
http_client(struct req *r)
{
	const char *address = param(r, "REMOTE_ADDR");
	const size_t n = strlen(address);

	if (!n || n > CLIENT_MAX ||
	    strspn(address, "0123456789abcdefABCDEF:.") != n)
		return NULL;
	return arena_strdup(r->ctx->arena, address);
}

enum err
http_read_body(struct req *r, size_t max)
{
	const char *text = param(r, "CONTENT_LENGTH");
	char *body, *end;
	unsigned long long n;

	if (!*text)
		text = "0";
	n = strtoull(text, &end, 10);
	if (*end || !isdigit((unsigned char)*text))
		return reply_error(r, 400, "bad_request",
				   "The Content-Length is not valid.");
	if (n > max)
		return reply_error(r, 413, "too_large",
				   "The request body is too large.");
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

void
reply_other(struct req *r, int status, const char *type)
{
	buf_clear(&r->out);
	json_begin(&r->json, &r->out);
	r->status = status;
	r->code = NULL;
	r->type = type;
}

struct jsonout *
reply(struct req *r, int status)
{
	reply_other(r, status, "application/json");
	json_object(&r->json, NULL);
	return &r->json;
}

struct jsonout *
reply_array(struct req *r, int status)
{
	reply_other(r, status, "application/json");
	json_array(&r->json, NULL);
	return &r->json;
}

enum err
reply_message(struct req *r, const char *text)
{
	json_string(reply(r, 200), "message", text);
	return OK;
}

void
reply_empty(struct req *r, int status)
{
	reply_other(r, status, NULL);
}

void
reply_elsewhere(struct req *r, const char *location)
{
	reply_empty(r, 200);
	r->elsewhere = location;
}

/* "details": every field once, with all that is wrong with it. */
static void
print_faults(struct jsonout *j, const struct faults *faults)
{
	const struct fault *f, *g;

	for (f = faults->first; f; f = f->next) {
		for (g = faults->first; strcmp(g->field, f->field) != 0;)
			g = g->next;
		if (g != f)
			continue; /* printed with an earlier one */
		json_array(j, f->field);
		for (; g; g = g->next)
			if (strcmp(g->field, f->field) == 0)
				json_string(j, NULL, g->text);
		json_end(j);
	}
}

enum err
reply_error(struct req *r, int status, const char *code, const char *text)
{
	struct jsonout *j = reply(r, status);

	r->code = code;
	json_string(j, "error", text);
	json_string(j, "code", code);
	json_integer(j, "status_code", status);
	json_string(j, "request_id", r->request_id);
	json_object(j, "details");
	print_faults(j, &r->ctx->faults);
	return OK;
}

/* The fault that says it better than the general text: one that is about no
 * field, and what Linear said. */
static const char *
error_text(const struct fault *first, enum err e, const char *general)
{
	if (first && (e == ERR_UPSTREAM ||
		      strcmp(first->field, "non_field_errors") == 0))
		return first->text;
	return general;
}

void
reply_err(struct req *r, enum err e)
{
	size_t i = 0;

	while (answers[i].err != e)
		if (++i == sizeof(answers) / sizeof(answers[0]))
			abort();
	reply_error(r, answers[i].status, answers[i].code,
		    error_text(r->ctx->faults.first, e, answers[i].text));
	if (e == ERR_LIMITED && r->ctx->retry_after_s)
		reply_header(r, "Retry-After",
			     arena_printf(r->ctx->arena, "%lld",
					  (long long)r->ctx->retry_after_s));
}

void
reply_header(struct req *r, const char *name, const char *value)
{
	if (plain(value))
		buf_printf(&r->head_out, "%s: %s\r\n", name, value);
}

/* True when the header's list of tags (RFC 9110, 13.1.2) has ours. nginx makes
 * a tag weak when it compresses. */
static bool
tag_listed(const char *list, const char *tag)
{
	return strcmp(list, "*") == 0 || strstr(list, tag) != NULL;
}

/* A tag of the very bytes: exact for every answer, whatever went into it. */
static void
tag_answer(struct req *r)
{
	char print[17], tag[48];
	const char *seen;

	if (r->status != 200 || !r->type ||
	    (r->method != METHOD_GET && !r->version))
		return;
	fingerprint(print, r->out.data, r->out.len);
	if (r->version)
		snprintf(tag, sizeof(tag), "\"v%lld-%s\"",
			 (long long)r->version, print);
	else
		snprintf(tag, sizeof(tag), "\"%s\"", print);
	reply_header(r, "ETag", tag);
	r->tagged = true;
	seen = http_header(r, "If-None-Match");
	if (r->method == METHOD_GET && seen && tag_listed(seen, tag))
		reply_empty(r, 304);
}

/* -1: the tag names none. */
static int64_t
version_of(const char *tag)
{
	char *end;
	long long version;

	/* weak when nginx compressed the answer that it came from */
	if (strncmp(tag, "W/", 2) == 0)
		tag += 2;
	if (strncmp(tag, "\"v", 2) != 0 || !isdigit((unsigned char)tag[2]))
		return -1;
	version = strtoll(tag + 2, &end, 10);
	return *end == '-' && version > 0 ? version : -1;
}

int64_t
http_if_match(struct req *r)
{
	const char *tag = http_header(r, "If-Match");
	int64_t newest = -1;

	if (!tag || strcmp(tag, "*") == 0)
		return 0;
	while (*tag) {
		const int64_t version = version_of(tag);

		if (version > newest)
			newest = version;
		tag += strcspn(tag, ",");
		tag += strspn(tag, ", \t");
	}
	return newest;
}

/* What anybody gets may be kept and asked about again; what is one person's, by
 * that person only, and nowhere if it has no tag to ask by (RFC 9111, 5.2.2).
 */
static const char *
cache_control(const struct req *r)
{
	const bool is_public = r->route && !r->is_personal && r->status < 400;

	if (!r->tagged)
		return is_public && r->method == METHOD_GET ? "no-cache"
							    : "no-store";
	return is_public ? "no-cache" : "private, no-cache";
}

/* Status and header lines; the length unless the body is streamed. */
static void
write_head(struct buf *all, const struct req *r)
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
	buf_add(all, r->head_out.data, r->head_out.len);
	buf_adds(all, "\r\n");
}

/* Head and body in one piece. */
static bool
send_all(struct req *r)
{
	struct buf all;
	bool sent;

	buf_init(&all, OUT_MAX + HEAD_MAX);
	write_head(&all, r);
	if (!r->head)
		buf_add(&all, r->out.data, r->out.len);
	sent = r->transport->send(r->transport->state, all.data, all.len);
	buf_release(&all);
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
		r->gone = !send_all(r);
	} else if (!r->head && !r->gone) {
		r->gone = !r->transport->send(r->transport->state, r->out.data,
					      r->out.len);
	}
	buf_clear(&r->out);
	return !r->gone && !r->head;
}

void
http_break(struct req *r, enum err e)
{
	r->transport->broken = true;
	r->gone = true;
	reply_err(r, e); /* for the log: nobody gets it */
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
	tag_answer(r);
	return send_all(r);
}

void
http_release(struct req *r)
{
	buf_release(&r->out);
	buf_release(&r->head_out);
}

/* Scheme and host: as the client sees them behind a proxy that tells. */
static char *
base_url(struct req *r)
{
	const char *host = http_header(r, "Host");
	const char *scheme = param(r, "REQUEST_SCHEME");

	if (!host || !*host ||
	    strspn(host, "0123456789abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:[]") != strlen(host))
		return arena_strdup(r->ctx->arena, r->ctx->conf->public_url);
	return arena_printf(r->ctx->arena, "%s://%s",
			    strcmp(scheme, "https") == 0 ? scheme : "http",
			    host);
}

/* A part of the query as a URI may hold it: what was sent bare is encoded. */
static void
add_part(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)s[i];
		const bool escape = c == '%' && n - i > 2 &&
				    isxdigit((unsigned char)s[i + 1]) &&
				    isxdigit((unsigned char)s[i + 2]);

		if (escape || (c < 0x80 && isalnum(c)) ||
		    (c && strchr("-._~!$'()*+,;=:@/?", c)))
			buf_addc(out, s[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)c);
	}
}

char *
http_url_with(struct req *r, const char *name, const char *value)
{
	struct arena *a = r->ctx->arena;
	const char *p = r->query;
	size_t len = strlen(name), n;
	char sep = '?';
	struct buf url;
	char *copy;

	buf_init(&url, HEAD_MAX);
	buf_adds(&url, base_url(r));
	buf_adds(&url, r->path);
	for (; *p; p += n + (p[n] == '&')) {
		n = strcspn(p, "&");
		if (n == 0 ||
		    (strncmp(p, name, len) == 0 && (p[len] == '=' || n == len)))
			continue;
		buf_addc(&url, sep);
		add_part(&url, p, n);
		sep = '&';
	}
	if (value) {
		buf_addc(&url, sep);
		buf_printf(&url, "%s=%s", name, percent_encode(a, value));
	}
	copy = arena_memdup(a, url.data, url.len);
	buf_release(&url);
	return copy;
}
