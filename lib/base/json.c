/* Reads JSON strictly. cJSON builds the tree, but it accepts much that is not
 * JSON, so json_check() (json_grammar.c) decides beforehand whether it is;
 * cJSON then allocates in the caller's arena; and repeated keys are refused
 * afterwards. struct json is cJSON under another name, so that callers can only
 * use the strict functions of this file. Each document is read once by either,
 * also where json_repair() replaced something. Writing JSON is json_writer.c.
 */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json_grammar.h"

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

/* Builds the tree of a text that passed json_check(). */
static const struct json *
build_tree(struct arena *a, const char *text, size_t n, const char **why)
{
	cJSON_Hooks hooks = {hook_malloc, hook_free};
	cJSON *tree;

	into = a;
	cJSON_InitHooks(&hooks);
	tree = cJSON_ParseWithLength(text, n);
	into = NULL;
	if (!tree)
		*why = "a number is too long";
	else if (has_duplicates(a, tree))
		*why = "a key is there twice";
	return *why ? NULL : (const struct json *)tree;
}

const struct json *
json_parse(struct arena *a, const char *text, size_t n, const char **why)
{
	const struct json_faults f = json_check(text, n);

	*why = f.in_text ? f.in_text : f.grammar;
	return *why ? NULL : build_tree(a, text, n, why);
}

const struct json *
json_parse_mended(struct arena *a, const char *text, size_t n, const char **why)
{
	const struct json_faults f = json_check(text, n);
	const struct json *j;
	struct buf repaired;

	*why = f.grammar;
	if (f.grammar)
		return NULL;
	if (!f.in_text)
		return build_tree(a, text, n, why);
	json_repair(&repaired, text, n);
	j = build_tree(a, repaired.data, repaired.len, why);
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
