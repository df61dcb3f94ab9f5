/* Reads JSON strictly. cJSON builds the tree, but it accepts much that is not
 * JSON, so three passes guard it: scan_value() checks the grammar of RFC 8259
 * and the depth before cJSON sees the text; cJSON then allocates in the
 * caller's arena; has_duplicates() finally refuses repeated keys.
 * json_parse_mended() replaces what other services cannot be asked to write
 * correctly. Writing JSON is json_writer.c. */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define MAX_DEPTH 32

/* struct json is cJSON under another name, so that callers can only use the
 * strict functions of this file. */

static struct arena *into; /* where cJSON allocates while it parses */

static void *
hook_malloc(size_t n)
{
	return arena_alloc(into, n);
}

static void
hook_free(void *p)
{
	(void)p; /* the arena is released as a whole */
}

/* The state of the check of the grammar. */
struct scan {
	const char *p, *end;
	const char *why;
};

static bool
fail(struct scan *s, const char *why)
{
	if (!s->why)
		s->why = why;
	return false;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				 *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return fail(s, "a value is misspelt");
	s->p += n;
	return true;
}

static size_t
scan_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

static bool
scan_number(struct scan *s)
{
	const char *first;

	if (*s->p == '-')
		s->p++;
	first = s->p;
	if (!scan_digits(s) || (*first == '0' && s->p - first > 1))
		return fail(s, "a number is malformed");
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!scan_digits(s))
			return fail(s, "a number is malformed");
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (!scan_digits(s))
			return fail(s, "a number is malformed");
	}
	return true;
}

static bool
scan_escape(struct scan *s)
{
	if (s->p == s->end || !strchr("\"\\/bfnrtu", *s->p) || !*s->p)
		return fail(s, "a string has an unknown escape");
	if (*s->p++ != 'u')
		return true;
	/* cJSON reads four bytes that are not digits as 0. It checks
	 * surrogates by itself. */
	for (int i = 0; i < 4; i++)
		if (s->end - s->p <= i || !isxdigit((unsigned char)s->p[i]))
			return fail(s, "a string has a malformed escape");
	if (memcmp(s->p, "0000", 4) == 0)
		return fail(s, "a string has a NUL");
	return true;
}

static bool
scan_string(struct scan *s)
{
	for (s->p++; s->p < s->end; s->p++) {
		unsigned char c = (unsigned char)*s->p;

		if (c == '"') {
			s->p++;
			return true;
		}
		if (c < 0x20)
			return fail(s, "a string has a bare control character");
		if (c == '\\') {
			s->p++;
			if (!scan_escape(s))
				return false;
			s->p--;
		}
	}
	return fail(s, "a string does not end");
}

static bool scan_value(struct scan *s, int depth);

static bool
scan_member(struct scan *s, int depth)
{
	if (s->p == s->end || *s->p != '"')
		return fail(s, "a key is not a string");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (s->p == s->end || *s->p++ != ':')
		return fail(s, "a key has no value");
	return scan_value(s, depth);
}

static bool
scan_list(struct scan *s, int depth, char closer)
{
	s->p++;
	skip_space(s);
	if (s->p < s->end && *s->p == closer) {
		s->p++;
		return true;
	}
	while (closer == '}' ? scan_member(s, depth) : scan_value(s, depth)) {
		if (s->p == s->end)
			return fail(s, "a list does not end");
		if (*s->p == closer) {
			s->p++;
			return true;
		}
		if (*s->p++ != ',')
			return fail(s, "a comma is missing");
		skip_space(s);
	}
	return false;
}

/* Checks one value and the white space around it. */
static bool
scan_value(struct scan *s, int depth)
{
	bool ok;

	if (depth > MAX_DEPTH)
		return fail(s, "it is nested too deeply");
	skip_space(s);
	if (s->p == s->end)
		return fail(s, "a value is missing");
	switch (*s->p) {
	case '{':
		ok = scan_list(s, depth + 1, '}');
		break;
	case '[':
		ok = scan_list(s, depth + 1, ']');
		break;
	case '"':
		ok = scan_string(s);
		break;
	case 't':
		ok = scan_word(s, "true");
		break;
	case 'f':
		ok = scan_word(s, "false");
		break;
	case 'n':
		ok = scan_word(s, "null");
		break;
	default:
		if (*s->p != '-' && (*s->p < '0' || *s->p > '9'))
			return fail(s, "a value is misspelt");
		ok = scan_number(s);
	}
	skip_space(s);
	return ok;
}

static const char *
grammar_fault(const char *text, size_t n)
{
	struct scan s = {.p = text, .end = text + n};

	if (memchr(text, '\0', n))
		return "it has a NUL";
	if (!utf8_valid(text, n))
		return "it is not UTF-8";
	if (!scan_value(&s, 0))
		return s.why;
	return s.p == s.end ? NULL : "something follows the value";
}

static int
by_name(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* Sorts the names, since a hostile body may have 40,000 keys. */
static bool
has_duplicates(struct arena *a, const cJSON *j)
{
	const cJSON **names;
	size_t n = 0, i = 0;

	for (const cJSON *c = j->child; c; c = c->next) {
		if (c->child && has_duplicates(a, c))
			return true;
		n++;
	}
	if (!cJSON_IsObject(j) || n < 2)
		return false;
	names = arena_alloc(a, n * sizeof(*names));
	for (const cJSON *c = j->child; c; c = c->next)
		names[i++] = c;
	qsort(names, n, sizeof(*names), by_name);
	for (i = 1; i < n; i++)
		if (strcmp(names[i - 1]->string, names[i]->string) == 0)
			return true;
	return false;
}

const struct json *
json_parse(struct arena *a, const char *text, size_t n, const char **why)
{
	cJSON_Hooks hooks = {hook_malloc, hook_free};
	cJSON *tree;

	*why = grammar_fault(text, n);
	if (*why)
		return NULL;
	into = a;
	cJSON_InitHooks(&hooks);
	tree = cJSON_ParseWithLength(text, n);
	into = NULL;
	if (!tree)
		*why = "a string has a malformed escape";
	else if (has_duplicates(a, tree))
		*why = "a key is there twice";
	return *why ? NULL : (const struct json *)tree;
}

/* --- replacing what is invalid -------------------------------------------- */

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

#define ESCAPE 6 /* bytes: \uXXXX */

/* The code unit of the escape \uXXXX at p; -1: there is none. */
static int
escaped_unit(const char *p, const char *end)
{
	char digits[5] = "";

	if (end - p < ESCAPE || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)p[2 + i]))
			return -1;
		digits[i] = p[2 + i];
	}
	return (int)strtol(digits, NULL, 16);
}

/* Copies the escape at p, or its replacement; returns its length. */
static size_t
mend_escape(struct buf *out, const char *p, const char *end)
{
	const int unit = escaped_unit(p, end);
	size_t n = unit < 0 ? 1 : ESCAPE;

	/* the second backslash of "\\" does not begin an escape */
	if (unit < 0 && end - p > 1 && (unsigned char)p[1] < 0x80)
		n = 2;
	if (unit >= 0xd800 && unit < 0xdc00) {
		const int low = escaped_unit(p + ESCAPE, end);

		if (low >= 0xdc00 && low < 0xe000) {
			buf_add(out, p, (size_t)2 * ESCAPE);
			return (size_t)2 * ESCAPE;
		}
	}
	if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
		buf_adds(out, REPLACEMENT);
	else
		buf_add(out, p, n);
	return n;
}

static void
json_repair_text(struct buf *out, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	size_t step;

	while (p < end) {
		if (*p == '\\') {
			p += mend_escape(out, p, end);
			continue;
		}
		step = utf8_sequence(p, (size_t)(end - p));
		if (step)
			buf_add(out, p, step);
		else
			buf_adds(out, REPLACEMENT);
		p += step ? step : 1;
	}
}

const struct json *
json_parse_mended(struct arena *a, const char *text, size_t n, const char **why)
{
	const struct json *j = json_parse(a, text, n, why);
	struct buf repaired;

	if (j)
		return j;
	buf_init(&repaired, n * strlen(REPLACEMENT) + 1);
	json_repair_text(&repaired, text, n);
	j = json_parse(a, repaired.data ? repaired.data : "", repaired.len,
		       why);
	buf_release(&repaired);
	return j;
}

/* --- reading ------------------------------------------------------------- */

static const cJSON *
tree_of(const struct json *j)
{
	return (const cJSON *)j;
}

const struct json *
json_get(const struct json *j, const char *name)
{
	if (!json_is_object(j))
		return NULL;
	return (const struct json *)cJSON_GetObjectItemCaseSensitive(tree_of(j),
								     name);
}

const struct json *
json_path(const struct json *j, ...)
{
	const char *name;
	va_list ap;

	va_start(ap, j);
	while (j && (name = va_arg(ap, const char *)) != NULL)
		j = json_get(j, name);
	va_end(ap);
	return j;
}

const struct json *
json_first(const struct json *j)
{
	return j ? (const struct json *)tree_of(j)->child : NULL;
}

const struct json *
json_next(const struct json *j)
{
	return (const struct json *)tree_of(j)->next;
}

const char *
json_name(const struct json *j)
{
	return tree_of(j)->string;
}

bool
json_is_object(const struct json *j)
{
	return j && cJSON_IsObject(tree_of(j));
}

bool
json_is_array(const struct json *j)
{
	return j && cJSON_IsArray(tree_of(j));
}

bool
json_is_string(const struct json *j)
{
	return j && cJSON_IsString(tree_of(j));
}

bool
json_is_number(const struct json *j)
{
	return j && cJSON_IsNumber(tree_of(j));
}

bool
json_is_bool(const struct json *j)
{
	return j && cJSON_IsBool(tree_of(j));
}

bool
json_is_null(const struct json *j)
{
	return j && cJSON_IsNull(tree_of(j));
}

const char *
json_text(const struct json *j)
{
	return json_is_string(j) ? tree_of(j)->valuestring : NULL;
}

bool
json_true(const struct json *j)
{
	return j && cJSON_IsTrue(tree_of(j));
}

double
json_number(const struct json *j, double otherwise)
{
	return json_is_number(j) ? tree_of(j)->valuedouble : otherwise;
}

bool
json_int(int64_t *out, const struct json *j)
{
	double v = json_number(j, NAN);

	if (isnan(v) || v != floor(v) || fabs(v) >= 9007199254740992.0)
		return false;
	*out = (int64_t)v;
	return true;
}
