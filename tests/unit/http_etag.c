/* web/http.h: ETag, If-None-Match, If-Match and HEAD. */

#include "base/crypto.h"
#include "unit/http_memory.h"

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

int
main(void)
{
	Suite *s = suite_create("http_etag");
	TCase *t = tcase_create("http_etag");

	crypto_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, etags);
	tcase_add_test(t, a_version_leads_its_etag);
	tcase_add_loop_test(t, if_match, 0, COUNT(if_matches));
	tcase_add_test(t, no_etag_of_errors_and_changes);
	tcase_add_test(t, head);
	suite_add_tcase(s, t);
	return run_suite(s);
}
