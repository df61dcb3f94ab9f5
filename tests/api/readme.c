/* Runs the commands of README.md as they are written there. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

#define BEGIN "<!-- tested: begin -->\n```sh\n"
#define END   "```\n<!-- tested: end -->"

static const char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	char part[4096];
	struct buf b;
	const char *s;
	size_t n;

	ck_assert_msg(f != NULL, "%s cannot be read", name);
	buf_init(&b, 1 << 20);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	s = text("%s", b.data);
	buf_release(&b);
	return s;
}

/* The marked commands, with this instance's address instead of the documented
 * one, and every response on a line of its own. An error ends them. */
static const char *
marked_lines(void)
{
	static const char usual[] = "http://127.0.0.1:8000";
	const char *from = strstr(read_file("README.md"), BEGIN), *end, *p;
	struct buf b;
	const char *s;

	ck_assert_msg(from != NULL, "README.md has no tested lines");
	from += strlen(BEGIN);
	end = strstr(from, END);
	ck_assert_msg(end != NULL, "README.md's tested lines do not end");
	buf_init(&b, 1 << 20);
	buf_adds(&b,
		 "set -euo pipefail\n"
		 "curl() { command curl --fail-with-body \"$@\"; echo; }\n");
	for (; (p = strstr(from, usual)) && p < end; from = p + strlen(usual)) {
		buf_add(&b, from, (size_t)(p - from));
		buf_adds(&b, getenv("BASE_URL"));
	}
	buf_add(&b, from, (size_t)(end - from));
	buf_adds(&b, "\necho \"issue $ISSUE\"\n");
	s = text("%s", b.data);
	buf_release(&b);
	return s;
}

/* Runs them with bash; returns their output. */
static const char *
run_lines(const char *script)
{
	char name[] = "/tmp/readme.XXXXXX", part[4096];
	FILE *f = fdopen(mkstemp(name), "w");
	struct buf b;
	const char *s;
	size_t n;
	int status;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(script, f), 0);
	fclose(f);
	f = popen(text("bash %s 2>&1", name), "r");
	ck_assert_ptr_nonnull(f);
	buf_init(&b, 1 << 24);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	status = pclose(f);
	remove(name);
	s = text("%s", b.data ? b.data : "");
	buf_release(&b);
	ck_assert_msg(status == 0, "the lines end with %d:\n%s", status, s);
	return s;
}

START_TEST(choosing_a_profile)
{
	const char *printed = run_lines(marked_lines());
	const char *last = strstr(printed, "\nissue ");
	struct answer *a, *owner;
	int64_t id;

	ck_assert_msg(last != NULL, "%s", printed);
	id = strtoll(last + strlen("\nissue "), NULL, 10);
	owner = POST(NULL, "/api/auth/login/",
		     json("{'username':'sahel','password':'test123456'}"));
	a = GET(text_at(owner, "token"), issue_path(id, ""));
	expect_status(a, 200);
	expect_text(a, "title", "Test Issue from API");
	expect_text(a, "organization_name", "Demo Company");
	expect_text(a, "status", "resolved");
	expect_text(a, "resolution_notes", "Fixed the quality issue");
	expect_text(a, "comments.0.content", "Any updates on this issue?");
}
END_TEST

Suite *
readme_suite(void)
{
	Suite *s = suite_create("readme");
	TCase *t = add_case(s, "readme", fixture_begin);

	tcase_add_test(t, choosing_a_profile);
	return s;
}
