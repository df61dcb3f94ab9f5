/* What tests expect of a response; expect.h explains the functions. A failure
 * prints the request and the response. */

#include "expect.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "client.h"

#define SHOWN 4000 /* bytes of a body in a failure */

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
		key = arena_memdup(test_arena(), p, n);
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
