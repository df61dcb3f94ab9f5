/* web/http.h: responses – JSON, errors, streams, other types – and that no
 * value can forge a header. */

#include "base/crypto.h"
#include "unit/http_memory.h"

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
    {ERR_FULL, 409},	 {ERR_REUSED, 422},	 {ERR_LIMITED, 429},
    {ERR_UPSTREAM, 502}, {ERR_DB, 503},		 {ERR_AGAIN, 503},
    {ERR_VALUE, 500},
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

int
main(void)
{
	Suite *s = suite_create("http_reply");
	TCase *t = tcase_create("http_reply");

	crypto_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
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
	tcase_add_test(t, an_answer_too_large);
	suite_add_tcase(s, t);
	return run_suite(s);
}
