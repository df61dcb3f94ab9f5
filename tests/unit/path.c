/* The path of a request, from the variables that web servers pass. */

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "unit/runner.h"
#include "web/http.h"
#include "web/transport.h"

static const char *params[16]; /* name, value, name, value, ... NULL */
static struct arena *arena;
static struct conf conf;
static struct ctx ctx;
static struct req req;

static const char *
param_of(void *state, const char *name)
{
	(void)state;
	for (size_t i = 0; params[i]; i += 2)
		if (strcmp(params[i], name) == 0)
			return params[i + 1];
	return NULL;
}

static struct transport transport = {NULL, param_of, NULL, NULL, false};

static void
set_up(void)
{
	arena = arena_new();
	conf.public_url = "http://public.example";
	ctx = (struct ctx){.arena = arena, .conf = &conf};
}

static void
tear_down(void)
{
	http_release(&req);
	arena_free(arena);
}

static void
set_param(const char *name, const char *value)
{
	size_t i = 0;

	while (params[i])
		i += 2;
	ck_assert_uint_lt(i + 2, COUNT(params));
	params[i] = name;
	params[i + 1] = value;
}

static void
begin(void)
{
	http_begin(&req, &transport, &ctx);
}

START_TEST(the_path_under_nginx)
{
	set_param("PATH_INFO", "/api/other/");
	set_param("REQUEST_URI", "/api//issues/?b=2");
	set_param("SCRIPT_NAME", "/api/issues/");
	set_param("QUERY_STRING", "a=1");
	set_param("DOCUMENT_URI", "/api/issues/");
	begin();
	ck_assert_str_eq(req.path, "/api/issues/");
	ck_assert_str_eq(req.base, "");
	ck_assert_str_eq(req.query, "a=1");
}
END_TEST

START_TEST(the_path_without_a_target)
{
	set_param("PATH_INFO", "/api/other/");
	set_param("SCRIPT_NAME", "/a b/docket.fcgi");
	set_param("QUERY_STRING", "a=1");
	begin();
	ck_assert_str_eq(req.path, "/api/other/");
	ck_assert_str_eq(req.base, "/a%20b/docket.fcgi");
	ck_assert_str_eq(req.query, "a=1");
}
END_TEST

/* What servers pass for different rules, each seen with the server. */
static const struct {
	const char *target, *script, *path, *base, *query;
} targets[] = {
    /* Apache, RewriteRule ^api/ docket.fcgi */
    {"/api/issues/?a=1", "/docket.fcgi", "/api/issues/", "", "a=1"},
    /* the same in a folder, and with the program in a folder below */
    {"/help/api/issues/", "/help/docket.fcgi", "/api/issues/", "/help", ""},
    {"/help/api/x/?", "/help/cgi-bin/docket.fcgi", "/api/x/", "/help", ""},
    /* a path behind the program's own */
    {"/cgi-bin/docket.fcgi/api/x/", "/cgi-bin/docket.fcgi", "/api/x/",
     "/cgi-bin/docket.fcgi", ""},
    /* lighttpd, "/api/": SCRIPT_NAME is the part up to the next slash */
    {"/api/issues/5/", "/api/issues", "/api/issues/5/", "", ""},
    /* ScriptAlias /api /…/docket.fcgi */
    {"/api/issues/5/", "/api", "/api/issues/5/", "", ""},
    /* a folder of that name, and one of which the name is a part */
    {"/api/api/x/", "/api/docket.fcgi", "/api/x/", "/api", ""},
    {"/helpful/api/x/", "/help/docket.fcgi", "/helpful/api/x/", "", ""},
    {"/a%20b/api/x/", "/a b/docket.fcgi", "/api/x/", "/a%20b", ""},
    {"/api/x/", "", "/api/x/", "", ""},
    /* the query is the client's, and decoded later */
    {"/api/x/?a=%2F&b=/../", "/docket.fcgi", "/api/x/", "", "a=%2F&b=/../"},
    {"/api/x/?a#b", "/docket.fcgi", "/api/x/", "", "a"},
    {"/api/x/#b?c", "/docket.fcgi", "/api/x/", "", ""},
    /* a whole URL */
    {"http://a.example/api/x/?a", "/docket.fcgi", "/api/x/", "", "a"},
    {"http://a.example", "/docket.fcgi", "", "", ""},
    /* decoded once and normalized, as nginx does */
    {"/api%2Fx%2f/", "/docket.fcgi", "/api/x/", "", ""},
    {"/api/%2541/", "/docket.fcgi", "/api/%41/", "", ""},
    {"/api/a+b/", "/docket.fcgi", "/api/a+b/", "", ""},
    {"//api///x//", "/docket.fcgi", "/api/x/", "", ""},
    {"/api/./x/.", "/docket.fcgi", "/api/x/", "", ""},
    {"/a/../api/y/../x", "/docket.fcgi", "/api/x", "", ""},
    {"/api/x/..", "/docket.fcgi", "/api/", "", ""},
    {"/%2e%2E/api/", "/docket.fcgi", "", "", ""},
    {"/../api/", "/docket.fcgi", "", "", ""},
    {"/api/...", "/docket.fcgi", "/api/...", "", ""},
    {"/", "/docket.fcgi", "/", "", ""},
    /* not a path */
    {"/api/%zz/", "/docket.fcgi", "", "", ""},
    {"/api/%00/", "/docket.fcgi", "", "", ""},
    {"/api/%ff/", "/docket.fcgi", "", "", ""},
    {"/api/%4", "/docket.fcgi", "", "", ""},
    {"*", "/docket.fcgi", "", "", ""},
    {"api/", "/docket.fcgi", "", "", ""},
};

START_TEST(the_path_of_a_target)
{
	/* neither is what the client sent */
	set_param("PATH_INFO", "/api/other/");
	set_param("QUERY_STRING", "path=api/issues/");
	set_param("REQUEST_URI", targets[_i].target);
	set_param("SCRIPT_NAME", targets[_i].script);
	begin();
	ck_assert_str_eq(req.path, targets[_i].path);
	ck_assert_str_eq(req.base, targets[_i].base);
	ck_assert_str_eq(req.query, targets[_i].query);
}
END_TEST

START_TEST(urls_in_a_folder)
{
	set_param("HTTP_HOST", "a.example");
	set_param("REQUEST_URI", "/a%20b/api/issues/?page=2");
	set_param("SCRIPT_NAME", "/a b/docket.fcgi");
	begin();
	ck_assert_str_eq(http_url_with(&req, "page", "3"),
			 "http://a.example/a%20b/api/issues/?page=3");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("path");
	TCase *t = tcase_create("path");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, the_path_under_nginx);
	tcase_add_test(t, the_path_without_a_target);
	tcase_add_loop_test(t, the_path_of_a_target, 0, COUNT(targets));
	tcase_add_test(t, urls_in_a_folder);
	suite_add_tcase(s, t);
	return run_suite(s);
}
