#include "web/http.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "unit/runner.h"
#include "web/transport.h"

/* A request in memory, and the answer to it. */
static struct {
	const char *params[32]; /* name, value, name, value, ... NULL */
	const char *body;	/* the part that arrives */
	struct buf sent;
	bool gone; /* the client is gone */
} memory;

static struct arena *arena;
static struct conf conf;
static struct ctx ctx;
static struct req req;

static const char *
memory_param(void *state, const char *name)
{
	(void)state;
	for (size_t i = 0; memory.params[i]; i += 2)
		if (strcmp(memory.params[i], name) == 0)
			return memory.params[i + 1];
	return NULL;
}

static size_t
memory_read(void *state, void *p, size_t n)
{
	size_t have = strlen(memory.body);

	(void)state;
	if (n > have)
		n = have;
	memcpy(p, memory.body, n);
	memory.body += n;
	return n;
}

static bool
memory_send(void *state, const struct piece *piece)
{
	(void)state;
	buf_add(&memory.sent, piece->head, piece->head_len);
	buf_add(&memory.sent, piece->body, piece->body_len);
	return !memory.gone;
}

static struct transport transport = {&memory, memory_param, memory_read,
				     memory_send, false};

static void
set_up(void)
{
	arena = arena_new();
	conf.public_url = "https://public.example.com";
	ctx = (struct ctx){.arena = arena, .conf = &conf};
	faults_init(&ctx.faults, arena);
	buf_init(&memory.sent, 1 << 20);
	memory.body = "";
}

static void
tear_down(void)
{
	http_release(&req);
	buf_release(&memory.sent);
	arena_free(arena);
}

static void
set_param(const char *name, const char *value)
{
	size_t i = 0;

	while (memory.params[i] && strcmp(memory.params[i], name) != 0)
		i += 2;
	ck_assert_uint_lt(i + 2, COUNT(memory.params));
	memory.params[i] = name;
	memory.params[i + 1] = value;
}

static void
begin(const char *method, const char *path)
{
	set_param("REQUEST_METHOD", method);
	set_param("DOCUMENT_URI", path);
	http_begin(&req, &transport, &ctx);
}

/* What follows the header lines of the answer. */
static const char *
sent_body(void)
{
	const char *end = strstr(memory.sent.data, "\r\n\r\n");

	ck_assert_ptr_nonnull(end);
	return end + 4;
}

static bool
sent_line(const char *line)
{
	const char *at = strstr(memory.sent.data, line);

	return at && at < sent_body() &&
	       (at == memory.sent.data || at[-1] == '\n') &&
	       strncmp(at + strlen(line), "\r\n", 2) == 0;
}

/* The answer's JSON, which has to be well-formed. */
static const struct json *
sent_json(void)
{
	const char *why, *text = sent_body();
	const struct json *j = json_parse(arena, text, strlen(text), &why);

	ck_assert_msg(j != NULL, "%s: %s", why, text);
	return j;
}

START_TEST(methods)
{
	static const struct {
		const char *name;
		enum method method;
		bool head;
	} all[] = {
	    {"GET", METHOD_GET, false},
	    {"HEAD", METHOD_GET, true},
	    {"POST", METHOD_POST, false},
	    {"PUT", METHOD_PUT, false},
	    {"PATCH", METHOD_PATCH, false},
	    {"DELETE", METHOD_DELETE, false},
	    {"OPTIONS", METHOD_OPTIONS, false},
	    {"TRACE", METHOD_OTHER, false},
	    {"get", METHOD_OTHER, false},
	    {"", METHOD_OTHER, false},
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		begin(all[i].name, "/api/");
		ck_assert_int_eq(req.method, all[i].method);
		ck_assert_int_eq(req.head, all[i].head);
	}
}
END_TEST

START_TEST(request_ids)
{
	static const char *const forged[] = {
	    "", "1234567", "0123456789abcdef\r\nX: y", "<script>alert(1)",
	    "0123456789012345678901234567890123456789012345678901234567890"
	    "1234"};

	set_param("REQUEST_ID", "0123456789abcdef0123456789ABCDEF");
	begin("GET", "/");
	ck_assert_str_eq(req.request_id, "0123456789abcdef0123456789ABCDEF");
	for (size_t i = 0; i < COUNT(forged); i++) {
		set_param("REQUEST_ID", forged[i]);
		begin("GET", "/");
		ck_assert_msg(uuid_valid(req.request_id), "%s", req.request_id);
	}
}
END_TEST

START_TEST(headers)
{
	set_param("HTTP_IF_NONE_MATCH", "\"x\"");
	set_param("HTTP_ORIGIN", "");
	begin("GET", "/");
	ck_assert_str_eq(http_header(&req, "If-None-Match"), "\"x\"");
	ck_assert_str_eq(http_header(&req, "if-none-match"), "\"x\"");
	ck_assert_str_eq(http_header(&req, "Origin"), "");
	ck_assert_ptr_null(http_header(&req, "Absent"));
}
END_TEST

/* Reads a body of a claimed length, at most ten bytes: 0 or the refusal. */
static int
read_body(const char *length, const char *body)
{
	memory.body = body;
	set_param("CONTENT_LENGTH", length);
	begin("POST", "/");
	return http_read_body(&req, 10) ? 0 : req.status;
}

START_TEST(bodies)
{
	ck_assert_int_eq(read_body("4", "abcd"), 0);
	ck_assert_uint_eq(req.body_len, 4);
	ck_assert_str_eq(req.body, "abcd");
	ck_assert_int_eq(read_body("4", "abcdefgh"), 0);
	ck_assert_str_eq(req.body, "abcd");
	ck_assert_int_eq(read_body("10", "0123456789"), 0);
	ck_assert_int_eq(read_body("0", ""), 0);
	ck_assert_uint_eq(req.body_len, 0);
	ck_assert_int_eq(read_body("", "ignored"), 0);
	ck_assert_uint_eq(req.body_len, 0);
}
END_TEST

START_TEST(bodies_that_are_refused)
{
	static const char *const malformed[] = {"-1", "+4",  " 4",  "4 ",
						"4x", "0x4", "four"};

	for (size_t i = 0; i < COUNT(malformed); i++) {
		ck_assert_msg(read_body(malformed[i], "abcd") == 400, "%s",
			      malformed[i]);
		http_release(&req);
	}
	ck_assert_int_eq(read_body("5", "abcd"), 400);
	http_release(&req);
	ck_assert_int_eq(read_body("11", "0123456789a"), 413);
	http_release(&req);
	ck_assert_int_eq(read_body("18446744073709551616", ""), 413);
	http_release(&req);
	ck_assert_int_eq(read_body("99999999999999999999999", ""), 413);
}
END_TEST

/* A body that is refused, or not read at all, is read to its end before the
 * answer is sent. */
START_TEST(bodies_that_are_dropped)
{
	ck_assert_int_eq(read_body("12", "0123456789abrest"), 413);
	ck_assert_str_eq(memory.body, "0123456789abrest");
	ck_assert(http_finish(&req));
	ck_assert_str_eq(memory.body, "rest");
	http_release(&req);

	memory.body = "0123rest";
	set_param("CONTENT_LENGTH", "4");
	begin("POST", "/unknown");
	(void)reply_error(&req, 404, "not_found", "Not found.");
	ck_assert(http_finish(&req));
	ck_assert_str_eq(memory.body, "rest");
	http_release(&req);

	set_param("HTTP_TRANSFER_ENCODING", "chunked");
	ck_assert_int_eq(read_body("4", "0123"), 0);
	ck_assert_int_eq(read_body("", "0123"), 411);
	ck_assert(http_finish(&req));
	ck_assert_str_eq(memory.body, "");
}
END_TEST

START_TEST(an_answer)
{
	struct jsonout *j;

	set_param("REQUEST_ID", "0123456789abcdef");
	begin("POST", "/");
	j = reply(&req, 201);
	json_object(j, "open");
	json_integer(j, "n", 1);
	reply_header(&req, "X-Other", "yes");
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 201 Created"));
	ck_assert(sent_line("Content-Type: application/json"));
	ck_assert(sent_line("X-Request-Id: 0123456789abcdef"));
	ck_assert(sent_line("Content-Length: 16"));
	ck_assert(sent_line("X-Other: yes"));
	ck_assert(sent_line("X-Content-Type-Options: nosniff"));
	ck_assert(sent_line("Content-Security-Policy: default-src 'none'; "
			    "form-action 'none'; base-uri 'none'; "
			    "frame-ancestors 'none'"));
	ck_assert_str_eq(sent_body(), "{\"open\":{\"n\":1}}");
}
END_TEST

START_TEST(an_array)
{
	begin("POST", "/");
	json_integer(reply_array(&req, 200), NULL, 7);
	ck_assert(http_finish(&req));
	ck_assert_str_eq(sent_body(), "[7]");
}
END_TEST

START_TEST(nothing_to_say)
{
	begin("DELETE", "/");
	reply_empty(&req, 204);
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 204 No Content"));
	ck_assert_ptr_null(strstr(memory.sent.data, "Content-Type:"));
	ck_assert_ptr_null(strstr(memory.sent.data, "Content-Length"));
	ck_assert_str_eq(sent_body(), "");
}
END_TEST

START_TEST(another_type)
{
	begin("POST", "/");
	reply_other(&req, 200, "text/csv");
	buf_adds(&req.out, "a,b\r\n");
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Content-Type: text/csv"));
	ck_assert_str_eq(sent_body(), "a,b\r\n");
}
END_TEST

/* Also with 304: browsers replace the headers that they have stored. */
START_TEST(the_policy_of_a_page)
{
	static const char line[] =
	    "Content-Security-Policy: script-src 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'";

	set_param("HTTP_IF_NONE_MATCH", "*");
	begin("GET", "/");
	reply_other(&req, 200, "text/html");
	req.policy = "script-src 'self'";
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 304 Not Modified"));
	ck_assert(sent_line(line));
}
END_TEST

START_TEST(a_stream)
{
	begin("GET", "/");
	reply_stream(&req, "text/csv");
	reply_header(&req, "X-Other", "yes");
	buf_adds(&req.out, "one\r\n");
	ck_assert(http_stream(&req));
	buf_adds(&req.out, "two\r\n");
	ck_assert(http_stream(&req));
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 200 OK"));
	ck_assert(sent_line("X-Other: yes"));
	ck_assert_ptr_null(strstr(memory.sent.data, "Content-Length"));
	ck_assert_str_eq(sent_body(), "one\r\ntwo\r\n");
}
END_TEST

START_TEST(a_second_answer_replaces_the_first)
{
	begin("GET", "/");
	json_string(reply(&req, 200), "secret", "half an answer");
	(void)reply_err(&req, ERR_DB);
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 503 Service Unavailable"));
	ck_assert_ptr_null(strstr(memory.sent.data, "secret"));
	(void)sent_json();
}
END_TEST

START_TEST(nobody_there)
{
	memory.gone = true;
	begin("GET", "/");
	(void)reply(&req, 200);
	ck_assert(!http_finish(&req));
}
END_TEST

START_TEST(the_error_shape)
{
	const struct json *j, *list;

	set_param("REQUEST_ID", "0123456789abcdef");
	begin("POST", "/");
	(void)fault_add(&ctx.faults, "title", "First.");
	(void)fault_add(&ctx.faults, "order", "Between.");
	(void)fault_add(&ctx.faults, "title", "Second %d%%.", 2);
	(void)reply_err(&req, ERR_INVALID);
	ck_assert(http_finish(&req));
	j = sent_json();
	ck_assert(sent_line("Status: 400 Bad Request"));
	ck_assert_str_eq(json_text(json_get(j, "error")),
			 "The input is not valid.");
	ck_assert_str_eq(json_text(json_get(j, "code")), "invalid");
	ck_assert_double_eq(json_number(json_get(j, "status_code"), 0), 400);
	ck_assert_str_eq(json_text(json_get(j, "request_id")),
			 "0123456789abcdef");
	list = json_path(j, "details", "title", NULL);
	ck_assert_str_eq(json_text(json_first(list)), "First.");
	ck_assert_str_eq(json_text(json_next(json_first(list))), "Second 2%.");
	list = json_path(j, "details", "order", NULL);
	ck_assert_str_eq(json_text(json_first(list)), "Between.");
	ck_assert_ptr_null(json_next(json_first(list)));
}
END_TEST

START_TEST(a_fault_of_no_field_is_the_sentence)
{
	begin("POST", "/");
	(void)fault_add(&ctx.faults, "non_field_errors", "Resolved already.");
	(void)reply_err(&req, ERR_INVALID);
	ck_assert(http_finish(&req));
	ck_assert_str_eq(json_text(json_get(sent_json(), "error")),
			 "Resolved already.");
}
END_TEST

static const struct {
	enum err err;
	int status;
} statuses[] = {
    {ERR_INVALID, 400},	 {ERR_CREDENTIALS, 400}, {ERR_FORBIDDEN, 403},
    {ERR_NOTFOUND, 404}, {ERR_CONFLICT, 409},	 {ERR_STALE, 412},
    {ERR_REUSED, 422},	 {ERR_LIMITED, 429},	 {ERR_UPSTREAM, 502},
    {ERR_DB, 503},	 {ERR_AGAIN, 503},	 {ERR_VALUE, 500},
};

START_TEST(every_error_has_its_status)
{
	const struct json *j;

	ck_assert_uint_eq(COUNT(statuses), ERR_MAX - 1);
	begin("GET", "/");
	(void)reply_err(&req, statuses[_i].err);
	ck_assert(http_finish(&req));
	j = sent_json();
	ck_assert_double_eq(json_number(json_get(j, "status_code"), 0),
			    statuses[_i].status);
	ck_assert(json_is_object(json_get(j, "details")));
	ck_assert_ptr_null(json_first(json_get(j, "details")));
	ck_assert(*json_text(json_get(j, "error")) &&
		  *json_text(json_get(j, "code")));
}
END_TEST

START_TEST(no_header_can_be_forged)
{
	begin("GET", "/");
	(void)reply(&req, 200);
	reply_header(&req, "Location", "/x\r\nSet-Cookie: a=b");
	reply_header(&req, "X-Odd", "a\nb");
	reply_header(&req, "X-Del", "a\x7f");
	ck_assert(http_finish(&req));
	ck_assert_ptr_null(strstr(memory.sent.data, "Set-Cookie"));
	ck_assert_ptr_null(strstr(memory.sent.data, "X-Odd"));
	ck_assert_ptr_null(strstr(memory.sent.data, "X-Del"));
}
END_TEST

/* Answers {"n":n} to a GET; the ETag of it. */
static const char *
answer_get(int n)
{
	const char *tag, *end;

	http_release(&req);
	buf_clear(&memory.sent);
	begin("GET", "/");
	json_integer(reply(&req, 200), "n", n);
	ck_assert(http_finish(&req));
	tag = strstr(memory.sent.data, "ETag: ");
	ck_assert_ptr_nonnull(tag);
	tag += strlen("ETag: ");
	end = strchr(tag, '\r');
	return arena_memdup(arena, tag, (size_t)(end - tag));
}

START_TEST(etags)
{
	const char *one = answer_get(1), *two = answer_get(2);

	ck_assert_str_ne(one, two);
	ck_assert_int_eq(one[0], '"');
	ck_assert_str_eq(answer_get(1), one);

	set_param("HTTP_IF_NONE_MATCH", one);
	ck_assert_str_eq(answer_get(2), two);
	ck_assert(sent_line("Status: 200 OK"));
	(void)answer_get(1);
	ck_assert(sent_line("Status: 304 Not Modified"));
	ck_assert_str_eq(sent_body(), "");

	set_param("HTTP_IF_NONE_MATCH",
		  arena_printf(arena, "\"other\", W/%s", one));
	(void)answer_get(1);
	ck_assert(sent_line("Status: 304 Not Modified"));
	set_param(
	    "HTTP_IF_NONE_MATCH",
	    arena_printf(arena, "%.*s-gzip\"", (int)strlen(one) - 1, one));
	(void)answer_get(1);
	ck_assert(sent_line("Status: 304 Not Modified"));
	set_param("HTTP_IF_NONE_MATCH", "*");
	(void)answer_get(1);
	ck_assert(sent_line("Status: 304 Not Modified"));
}
END_TEST

START_TEST(a_version_leads_its_etag)
{
	const char *tag;

	begin("PATCH", "/");
	(void)reply(&req, 200);
	req.version = 7;
	ck_assert(http_finish(&req));
	tag = strstr(memory.sent.data, "ETag: \"v7-");
	ck_assert_ptr_nonnull(tag);
	/* a change is carried out whatever If-None-Match says */
	ck_assert(sent_line("Status: 200 OK"));
	set_param("HTTP_IF_MATCH",
		  arena_memdup(arena, tag + 6, strcspn(tag + 6, "\r")));
	ck_assert_int_eq(http_if_match(&req), 7);
}
END_TEST

static const struct {
	const char *value;
	int64_t version;
} if_matches[] = {
    {NULL, 0},
    {"*", 0},
    {"\"v7-0123456789abcdef\"", 7},
    {"W/\"v7-0123456789abcdef\"", 7},
    {"\"v9223372036854775807-x\"", INT64_MAX},
    {"\"v7-x\", \"v9-x\",W/\"v8-x\"", 9},
    {"\"x\", \"v7-x\"", 7},
    {"\"x\",, \"y\"", -1},
    {"", -1},
    {"v7-x", -1},
    {"\"7-x\"", -1},
    {"\"v-x\"", -1},
    {"\"v0-x\"", -1},
    {"\"v-7-x\"", -1},
    {"\"v 7-x\"", -1},
    {"\"v7\"", -1},
    {"\"v7x\"", -1},
    {"\"0123456789abcdef\"", -1},
};

START_TEST(if_match)
{
	if (if_matches[_i].value)
		set_param("HTTP_IF_MATCH", if_matches[_i].value);
	begin("PATCH", "/");
	ck_assert_int_eq(http_if_match(&req), if_matches[_i].version);
}
END_TEST

START_TEST(no_etag_of_errors_and_changes)
{
	set_param("HTTP_IF_NONE_MATCH", "*");
	begin("GET", "/");
	(void)reply_err(&req, ERR_NOTFOUND);
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 404 Not Found"));
	ck_assert_ptr_null(strstr(memory.sent.data, "ETag"));
	http_release(&req);
	buf_clear(&memory.sent);
	begin("POST", "/");
	(void)reply(&req, 200);
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 200 OK"));
	ck_assert_ptr_null(strstr(memory.sent.data, "ETag"));
}
END_TEST

START_TEST(head)
{
	const char *tag = answer_get(1);

	http_release(&req);
	buf_clear(&memory.sent);
	begin("HEAD", "/");
	json_integer(reply(&req, 200), "n", 1);
	ck_assert(http_finish(&req));
	ck_assert_str_eq(sent_body(), "");
	ck_assert(sent_line("Content-Length: 7"));
	ck_assert(sent_line(arena_printf(arena, "ETag: %s", tag)));
}
END_TEST

START_TEST(an_answer_too_large)
{
	static char megabyte[1 << 20];

	memset(megabyte, 'x', sizeof(megabyte));
	begin("GET", "/");
	(void)reply(&req, 200);
	for (int i = 0; i < 65; i++)
		json_bytes(&req.json, "x", megabyte, sizeof(megabyte));
	ck_assert(http_finish(&req));
	ck_assert(sent_line("Status: 500 Internal Server Error"));
	(void)sent_json();
}
END_TEST

static const struct {
	const char *host, *scheme, *query, *page, *url;
} urls[] = {
    {"desk:8000", "http", "", "2", "http://desk:8000/api/issues/?page=2"},
    {"desk", "https", "status=open&page=1", "2",
     "https://desk/api/issues/?status=open&page=2"},
    {"desk", "http", "page=1&search=a%20b&page=7", "3",
     "http://desk/api/issues/?search=a%20b&page=3"},
    {"desk", "http", "page_size=5&page=2&paged=1", NULL,
     "http://desk/api/issues/?page_size=5&paged=1"},
    {"desk", "http", "page", "2", "http://desk/api/issues/?page=2"},
    {"desk", "http", "&&a=1&", NULL, "http://desk/api/issues/?a=1"},
    {"desk", "http", "", NULL, "http://desk/api/issues/"},
    {"desk", "http", "%s=1&%4=2&q=<\xc3\xa9\"%", NULL,
     "http://desk/api/issues/?%25s=1&%254=2&q=%3C%C3%A9%22%25"},
    {"desk", "http", "", "a b&c=\xc3\xa9",
     "http://desk/api/issues/?page=a%20b%26c%3D%C3%A9"},
    {"[::1]:8000", "http", "", NULL, "http://[::1]:8000/api/issues/"},
    {"", "http", "", NULL, "https://public.example.com/api/issues/"},
    {"evil/<script>", "http", "", NULL,
     "https://public.example.com/api/issues/"},
    {"desk", "javascript", "", NULL, "http://desk/api/issues/"},
};

START_TEST(own_addresses)
{
	set_param("HTTP_HOST", urls[_i].host);
	set_param("REQUEST_SCHEME", urls[_i].scheme);
	set_param("QUERY_STRING", urls[_i].query);
	begin("GET", "/api/issues/");
	ck_assert_str_eq(http_url_with(&req, "page", urls[_i].page),
			 urls[_i].url);
}
END_TEST

START_TEST(inputs_by_name)
{
	static const struct field fields[] = {
	    {"title", FIELD_LINE, 0, 1, 9, NULL},
	    {"page", FIELD_INT, F_QUERY, 1, 9, NULL},
	    {"order", FIELD_ID, F_NULL, 1, 9, NULL},
	    FIELDS_END};
	static const char body[] = "{\"title\":\"a\",\"order\":null}";
	const char *why;

	begin("POST", "/");
	ck_assert_int_eq(input_read(&req.input, arena, fields,
				    json_parse(arena, body, strlen(body), &why),
				    "page=3", &ctx.faults),
			 OK);
	ck_assert(has_value(&req, "title") && !is_null(&req, "title"));
	ck_assert_str_eq(in_text(&req, "title"), "a");
	ck_assert_int_eq(in_int(&req, "page"), 3);
	ck_assert(!has_value(&req, "order") && is_null(&req, "order"));
	ck_assert_int_eq(in_int(&req, "order"), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("http");
	TCase *t = tcase_create("http");

	crypto_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, methods);
	tcase_add_test(t, bodies_that_are_dropped);
	tcase_add_test(t, request_ids);
	tcase_add_test(t, headers);
	tcase_add_test(t, bodies);
	tcase_add_test(t, bodies_that_are_refused);
	tcase_add_test(t, an_answer);
	tcase_add_test(t, an_array);
	tcase_add_test(t, nothing_to_say);
	tcase_add_test(t, another_type);
	tcase_add_test(t, the_policy_of_a_page);
	tcase_add_test(t, a_stream);
	tcase_add_test(t, a_second_answer_replaces_the_first);
	tcase_add_test(t, nobody_there);
	tcase_add_test(t, the_error_shape);
	tcase_add_test(t, a_fault_of_no_field_is_the_sentence);
	tcase_add_loop_test(t, every_error_has_its_status, 0, COUNT(statuses));
	tcase_add_test(t, no_header_can_be_forged);
	tcase_add_test(t, etags);
	tcase_add_test(t, a_version_leads_its_etag);
	tcase_add_loop_test(t, if_match, 0, COUNT(if_matches));
	tcase_add_test(t, no_etag_of_errors_and_changes);
	tcase_add_test(t, head);
	tcase_add_test(t, an_answer_too_large);
	tcase_add_loop_test(t, own_addresses, 0, COUNT(urls));
	tcase_add_test(t, inputs_by_name);
	suite_add_tcase(s, t);
	return run_suite(s);
}
