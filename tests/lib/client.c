/* The HTTP client of the tests in C, on libcurl; client.h explains the
 * functions. If the variable EXCHANGES names a file, every exchange is appended
 * to it, for tests/openapi to compare with the published schema. What tests
 * expect of a response is in expect.c. */

#include "client.h"

#include <check.h>
#include <ctype.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "database.h"

#define HEADERS_MAX 8

static struct arena *arena;
static CURL *kept; /* one connection for all requests */
static const char *next_headers[HEADERS_MAX + 1];
static size_t next_n;

void
client_begin(void)
{
	arena = arena_new();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	kept = curl_easy_init();
	next_n = 0;
}

void
client_end(void)
{
	curl_easy_cleanup(kept);
	curl_global_cleanup();
	arena_free(arena);
}

struct arena *
test_arena(void)
{
	return arena;
}

char *
text(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return s;
}

char *
json(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	for (char *p = s; *p; p++)
		if (*p == '\'')
			*p = '"';
	return s;
}

void
with(const char *fmt, ...)
{
	va_list ap;

	ck_assert_uint_lt(next_n, HEADERS_MAX);
	va_start(ap, fmt);
	next_headers[next_n++] = arena_vprintf(arena, fmt, ap);
	va_end(ap);
}

/* A transfer: what curl needs while it runs, and what it has received. */
struct transfer {
	const struct request *request;
	CURL *curl;
	struct curl_slist *headers;
	struct buf head, body;
};

static size_t
take_head(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	/* drop the head of an interim response (100 Continue) */
	if (size * n > 5 && memcmp(p, "HTTP/", 5) == 0)
		buf_clear(&t->head);
	buf_add(&t->head, p, size * n);
	return size * n;
}

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	buf_add(&t->body, p, size * n);
	return size * n;
}

static void
add_header(struct transfer *t, const char *line)
{
	t->headers = curl_slist_append(t->headers, line);
	ck_assert_ptr_nonnull(t->headers);
}

static void
set_headers(struct transfer *t)
{
	const struct request *r = t->request;
	bool typed = false;

	for (size_t i = 0; r->headers && r->headers[i]; i++) {
		add_header(t, r->headers[i]);
		typed |= strncasecmp(r->headers[i], "Content-Type:", 13) == 0;
	}
	if (r->token)
		add_header(t, text("Authorization: Token %s", r->token));
	if (r->body && !typed)
		add_header(t, "Content-Type: application/json");
	add_header(t, "Expect:");
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
}

/* True when curl is to read the answer's body although there is none. */
static bool
is_head(const struct request *r)
{
	return strcmp(r->method, "HEAD") == 0;
}

static void
transfer_begin(struct transfer *t, const struct request *r, CURL *curl)
{
	const char *url = strncmp(r->path, "http", 4) == 0
			      ? r->path
			      : text("%s%s", getenv("BASE_URL"), r->path);

	*t = (struct transfer){.request = r, .curl = curl};
	buf_init(&t->head, ANSWER_MAX);
	buf_init(&t->body, ANSWER_MAX);
	set_headers(t);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST,
			 is_head(r) ? NULL : r->method);
	if (is_head(r))
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (r->body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)r->body_len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
	}
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
}

static char *
take_text(const struct buf *b)
{
	return arena_memdup(arena, b->data, b->len);
}

/* Writes a line of JSON for each exchange. tests/openapi compares them all with
 * the published schema. */
static void
note_exchange(const struct answer *a)
{
	const char *file = getenv("EXCHANGES");
	struct jsonout j;
	struct buf line;
	int fd;

	if (!file)
		return;
	buf_init(&line, 2 * ANSWER_MAX);
	json_begin(&j, &line);
	json_object(&j, NULL);
	json_string(&j, "method", a->request.method);
	json_string(&j, "path", a->request.path);
	json_integer(&j, "status", a->status);
	json_string(&j, "type", header(a, "Content-Type"));
	json_bytes(&j, "body", a->text, a->len);
	json_end(&j);
	buf_addc(&line, '\n');
	fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, line.data, line.len), (ssize_t)line.len);
	close(fd);
	buf_release(&line);
}

static struct answer *
transfer_end(struct transfer *t)
{
	struct answer *a = arena_alloc(arena, sizeof(*a));
	const char *why;
	curl_off_t micros = 0;
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->curl, CURLINFO_TOTAL_TIME_T, &micros);
	a->request = *t->request;
	a->status = (int)status;
	a->micros = micros;
	a->head = take_text(&t->head);
	a->text = take_text(&t->body);
	a->len = t->body.len;
	a->json = json_parse(arena, a->text, a->len, &why);
	buf_release(&t->head);
	buf_release(&t->body);
	curl_slist_free_all(t->headers);
	note_exchange(a);
	return a;
}

struct answer *
send_one(const struct request *r)
{
	struct transfer t;
	CURLcode failed;

	curl_easy_reset(kept);
	transfer_begin(&t, r, kept);
	failed = curl_easy_perform(kept);
	ck_assert_msg(!failed, "%s %s: %s", r->method, r->path,
		      curl_easy_strerror(failed));
	return transfer_end(&t);
}

static void
run_all(CURLM *multi)
{
	CURLMsg *message;
	int running = 1, left;

	while (running) {
		ck_assert_int_eq(curl_multi_perform(multi, &running), CURLM_OK);
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	while ((message = curl_multi_info_read(multi, &left)) != NULL)
		ck_assert_msg(message->data.result == CURLE_OK, "%s",
			      curl_easy_strerror(message->data.result));
}

struct answer **
send_all(const struct request *list, size_t n)
{
	struct answer **answers =
	    arena_alloc(arena, n * sizeof(struct answer *));
	struct transfer *t = arena_alloc(arena, n * sizeof(*t));
	CURLM *multi = curl_multi_init();

	for (size_t i = 0; i < n; i++) {
		transfer_begin(&t[i], &list[i], curl_easy_init());
		curl_multi_add_handle(multi, t[i].curl);
	}
	run_all(multi);
	for (size_t i = 0; i < n; i++) {
		answers[i] = transfer_end(&t[i]);
		curl_multi_remove_handle(multi, t[i].curl);
		curl_easy_cleanup(t[i].curl);
	}
	curl_multi_cleanup(multi);
	return answers;
}

static struct answer *
call(const char *method, const char *token, const char *path, const char *body)
{
	const struct request r = {.method = method,
				  .token = token,
				  .path = path,
				  .body = body,
				  .body_len = body ? strlen(body) : 0,
				  .headers = next_headers};
	struct answer *a;

	next_headers[next_n] = NULL;
	a = send_one(&r);
	a->request.headers = NULL;
	next_n = 0;
	return a;
}

struct answer *
GET(const char *token, const char *path)
{
	if (strstr(path, "search=") || strstr(path, "/notifications/") ||
	    strstr(path, "/start/") || strstr(path, "days="))
		await_derived();
	return call("GET", token, path, NULL);
}

struct answer *
POST(const char *token, const char *path, const char *body)
{
	/* without a body, curl would not send a Content-Length */
	return call("POST", token, path, body ? body : "");
}

struct answer *
PUT(const char *token, const char *path, const char *body)
{
	return call("PUT", token, path, body);
}

struct answer *
PATCH(const char *token, const char *path, const char *body)
{
	return call("PATCH", token, path, body);
}

struct answer *
DELETE(const char *token, const char *path)
{
	return call("DELETE", token, path, NULL);
}
