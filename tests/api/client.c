/* The HTTP client of the API tests, on libcurl, and what tests expect of a
 * response; client.h explains the functions. Each failed expectation prints the
 * request and the response. If the variable EXCHANGES names a file, every
 * exchange is appended to it, for tests/openapi to compare with the published
 * schema. */

#include "client.h"

#include <arpa/inet.h>
#include <check.h>
#include <ctype.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/json_writer.h"

#define ANSWER_MAX  ((size_t)64 * 1024 * 1024)
#define HEADERS_MAX 8
#define SHOWN	    4000 /* bytes of a body in a failure */

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

/* Connects to the host of BASE_URL, which is an IPv4 address and a port. */
static int
connect_raw(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	unsigned a, b, c, d, port;
	const struct timeval patience = {.tv_sec = 20};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ck_assert_int_eq(sscanf(getenv("BASE_URL"), "http://%u.%u.%u.%u:%u", &a,
				&b, &c, &d, &port),
			 5);
	to.sin_addr.s_addr = htonl(a << 24 | b << 16 | c << 8 | d);
	to.sin_port = htons((uint16_t)port);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

struct answer *
send_bytes(const char *bytes, size_t n)
{
	struct answer *a = arena_alloc(arena, sizeof(*a));
	char part[4096], *end;
	const char *why;
	struct buf all;
	ssize_t got;
	int fd = connect_raw();

	a->request = (struct request){.method = "(bytes)", .path = bytes};
	buf_init(&all, ANSWER_MAX);
	ck_assert_int_eq(send(fd, bytes, n, MSG_NOSIGNAL), (ssize_t)n);
	while ((got = read(fd, part, sizeof(part))) > 0)
		buf_add(&all, part, (size_t)got);
	close(fd);
	a->head = take_text(&all);
	a->text = "";
	(void)sscanf(a->head, "HTTP/1.%*c %d", &a->status);
	end = strstr(a->head, "\r\n\r\n");
	if (end) {
		a->text = end + 4;
		a->len = strlen(a->text);
		end[2] = '\0';
	}
	a->json = json_parse(arena, a->text, a->len, &why);
	buf_release(&all);
	return a;
}

const char *
header(const struct answer *a, const char *name)
{
	size_t n = strlen(name), len;

	for (const char *p = a->head; *p; p += len + strspn(p + len, "\r\n")) {
		len = strcspn(p, "\r\n");
		if (len > n && p[n] == ':' && strncasecmp(p, name, n) == 0) {
			size_t skip = n + 1 + strspn(p + n + 1, " ");

			return arena_memdup(arena, p + skip, len - skip);
		}
		if (len == 0)
			break;
	}
	return NULL;
}

/* An element of an array by its index, or a member of an object by its name. */
static const struct json *
child(const struct json *j, const char *name)
{
	if (!json_is_array(j))
		return json_get(j, name);
	j = json_first(j);
	for (long i = strtol(name, NULL, 10); j && i > 0; i--)
		j = json_next(j);
	return j;
}

const struct json *
at(const struct answer *a, const char *path)
{
	const struct json *j = a->json;
	size_t n;

	for (; j && *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		j = child(j, arena_memdup(arena, path, n));
	}
	return j;
}

/* --- expectations --------------------------------------------------------- */

static _Noreturn void
fail_at(const char *file, int line, const struct answer *a, const char *why)
{
	const struct request *r = &a->request;

	ck_abort_msg("%s:%d: %s\n    %s %.200s%s%.1000s\n    %d %.*s", file,
		     line, why, r->method, r->path, r->body ? "\n    " : "",
		     r->body ? r->body : "", a->status, SHOWN, a->text);
	abort();
}

void
expect_(const char *file, int line, const struct answer *a, bool ok,
	const char *condition)
{
	if (!ok)
		fail_at(file, line, a, condition);
}

void
expect_status_(const char *file, int line, const struct answer *a, int wanted)
{
	if (a->status != wanted)
		fail_at(file, line, a, text("status %d was expected", wanted));
}

static const struct json *
there(const char *file, int line, const struct answer *a, const char *path)
{
	const struct json *j = at(a, path);

	if (!j)
		fail_at(file, line, a, text("\"%s\" is not there", path));
	return j;
}

const char *
text_at_(const char *file, int line, const struct answer *a, const char *path)
{
	const char *s = json_text(there(file, line, a, path));

	if (!s)
		fail_at(file, line, a, text("\"%s\" is not a string", path));
	return s;
}

int64_t
int_at_(const char *file, int line, const struct answer *a, const char *path)
{
	int64_t v = 0;

	if (!json_int(&v, there(file, line, a, path)))
		fail_at(file, line, a, text("\"%s\" is not a number", path));
	return v;
}

size_t
length_at_(const char *file, int line, const struct answer *a, const char *path)
{
	const struct json *j = there(file, line, a, path);
	size_t n = 0;

	if (!json_is_array(j) && !json_is_object(j))
		fail_at(file, line, a,
			text("\"%s\" is neither an array nor an object", path));
	for (j = json_first(j); j; j = json_next(j))
		n++;
	return n;
}

void
expect_text_(const char *file, int line, const struct answer *a,
	     const char *path, const char *wanted)
{
	if (strcmp(text_at_(file, line, a, path), wanted) != 0)
		fail_at(file, line, a,
			text("\"%s\" should be \"%s\"", path, wanted));
}

void
expect_int_(const char *file, int line, const struct answer *a,
	    const char *path, int64_t wanted)
{
	if (int_at_(file, line, a, path) != wanted)
		fail_at(file, line, a,
			text("\"%s\" should be %lld", path, (long long)wanted));
}

void
expect_bool_(const char *file, int line, const struct answer *a,
	     const char *path, bool wanted)
{
	const struct json *j = there(file, line, a, path);

	if (!json_is_bool(j) || json_true(j) != wanted)
		fail_at(file, line, a,
			text("\"%s\" should be %s", path,
			     wanted ? "true" : "false"));
}

void
expect_null_(const char *file, int line, const struct answer *a,
	     const char *path)
{
	if (!json_is_null(there(file, line, a, path)))
		fail_at(file, line, a, text("\"%s\" should be null", path));
}

void
expect_absent_(const char *file, int line, const struct answer *a,
	       const char *path)
{
	if (at(a, path))
		fail_at(file, line, a,
			text("\"%s\" should not be there", path));
}

void
expect_header_(const char *file, int line, const struct answer *a,
	       const char *name, const char *wanted)
{
	const char *v = header(a, name);

	if (!v || strcmp(v, wanted) != 0)
		fail_at(file, line, a,
			text("%s should be \"%s\", not \"%s\"", name, wanted,
			     v ? v : "(absent)"));
}

/* Whether a word is in a list of words, separated by spaces. */
static bool
is_in_list(const char *word, const char *list)
{
	size_t n;

	for (; *list; list += n + strspn(list + n, " ")) {
		n = strcspn(list, " ");
		if (strlen(word) == n && memcmp(word, list, n) == 0)
			return true;
	}
	return false;
}

void
expect_keys_(const char *file, int line, const struct answer *a,
	     const char *path, const char *keys)
{
	const struct json *j = there(file, line, a, path);
	size_t n;

	if (!json_is_object(j))
		fail_at(file, line, a, text("\"%s\" is not an object", path));
	for (const char *p = keys; *p; p += n + strspn(p + n, " ")) {
		const char *key;

		n = strcspn(p, " ");
		key = arena_memdup(arena, p, n);
		if (!json_get(j, key))
			fail_at(file, line, a,
				text("\"%s\" lacks \"%s\"", path, key));
	}
	for (j = json_first(j); j; j = json_next(j))
		if (!is_in_list(json_name(j), keys))
			fail_at(file, line, a,
				text("\"%s\" should not have \"%s\"", path,
				     json_name(j)));
}

void
expect_time_(const char *file, int line, const struct answer *a,
	     const char *path)
{
	const char *s = text_at_(file, line, a, path);
	usec_t t;
	char again[CLOCK_TEXT];

	if (!clock_parse(&t, s) || strcmp(clock_iso(again, t), s) != 0)
		fail_at(
		    file, line, a,
		    text("\"%s\" is not a time in the form of the API", path));
}

/* {"field": ["sentence", ...], ...} */
static void
expect_details(const char *file, int line, const struct answer *a)
{
	const struct json *j = there(file, line, a, "details");

	if (!json_is_object(j))
		fail_at(file, line, a, "\"details\" is not an object");
	if (a->status == 412)
		return; /* it contains the issue instead */
	for (j = json_first(j); j; j = json_next(j)) {
		if (!json_text(json_first(j)))
			fail_at(file, line, a,
				"\"details\" has a field without sentences");
	}
}

void
expect_error_shape_(const char *file, int line, const struct answer *a,
		    int status, const char *code)
{
	const char *id = header(a, "X-Request-Id");
	const char *type = header(a, "Content-Type");

	expect_status_(file, line, a, status);
	expect_keys_(file, line, a, "",
		     "error code details status_code request_id");
	expect_text_(file, line, a, "code", code);
	expect_int_(file, line, a, "status_code", status);
	expect_details(file, line, a);
	if (!*text_at_(file, line, a, "error"))
		fail_at(file, line, a, "\"error\" is empty");
	if (!type || strncmp(type, "application/json", 16) != 0)
		fail_at(file, line, a,
			"the Content-Type is not application/json");
	if (!id || strcmp(id, text_at_(file, line, a, "request_id")) != 0)
		fail_at(file, line, a, "X-Request-Id differs from request_id");
}

void
expect_error_(const char *file, int line, const struct answer *a, int status,
	      const char *code, const char *field)
{
	expect_error_shape_(file, line, a, status, code);
	if (field && !json_get(at(a, "details"), field))
		fail_at(file, line, a,
			text("\"details\" does not name \"%s\"", field));
	if (!field && status != 412 && json_first(at(a, "details")))
		fail_at(file, line, a, "\"details\" should be empty");
}

void
expect_without_(const char *file, int line, const struct answer *a,
		const char *words)
{
	if (memmem(a->text, a->len, words, strlen(words)) ||
	    strstr(a->head, words))
		fail_at(file, line, a,
			text("\"%s\" must not be in the answer", words));
}

void
expect_with_(const char *file, int line, const struct answer *a,
	     const char *words)
{
	if (!memmem(a->text, a->len, words, strlen(words)))
		fail_at(file, line, a,
			text("\"%s\" should be in the answer", words));
}
