/* web/http.h: what a request says – method, request id, headers, body, inputs –
 * and the addresses that responses give of themselves. */

#include "base/crypto.h"
#include "unit/http_memory.h"

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
    /* a load balancer ends TLS */
    {"Public.example.com", "http", "", NULL,
     "https://Public.example.com/api/issues/"},
    {"public.example.co", "http", "", NULL,
     "http://public.example.co/api/issues/"},
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
	Suite *s = suite_create("http_request");
	TCase *t = tcase_create("http_request");

	crypto_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, methods);
	tcase_add_test(t, bodies_that_are_dropped);
	tcase_add_test(t, request_ids);
	tcase_add_test(t, headers);
	tcase_add_test(t, bodies);
	tcase_add_test(t, bodies_that_are_refused);
	tcase_add_loop_test(t, own_addresses, 0, COUNT(urls));
	tcase_add_test(t, inputs_by_name);
	suite_add_tcase(s, t);
	return run_suite(s);
}
