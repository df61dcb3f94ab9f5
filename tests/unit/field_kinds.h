#ifndef FIELD_KINDS_H
#define FIELD_KINDS_H

#include <string.h>

#include "base/arena.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "unit/runner.h"
#include "web/input.h"

/* What the tests of web/input.h share: a field of each kind, and how one is
 * read. */

static struct arena *arena;
static struct faults faults;
static struct input input;

static inline void
set_up(void)
{
	arena = arena_new();
	faults_init(&faults, arena);
}

static inline void
tear_down(void)
{
	arena_free(arena);
}

/* Reads one field "x" of that kind from a body and a query. */
static inline enum err
read_one(const struct field *kind, const char *body, const char *query)
{
	struct field *fields = arena_alloc(arena, 2 * sizeof(*fields));
	const char *why = NULL;
	const struct json *j = NULL;

	fields[0] = *kind;
	fields[0].name = "x";
	if (body)
		j = json_parse(arena, body, strlen(body), &why);
	ck_assert_msg(!why, "%s: %s", body, why);
	faults_init(&faults, arena);
	return input_read(&input, arena, fields, j, query, &faults);
}

static inline const struct value *
x(void)
{
	return input_get(&input, "x");
}

static const struct enum_name colours[] = {
    {"red", 1}, {"green", 2}, {"verde", 2}, {NULL, 0}};
static const struct enum_name none_or_me[] = {
    {"none", -1}, {"me", -2}, {NULL, 0}};

static const struct field line = {NULL, FIELD_LINE, 0, 2, 5, NULL};
static const struct field text = {NULL, FIELD_TEXT, 0, 0, 5, NULL};
static const struct field blank = {NULL, FIELD_TEXT, F_BLANK, 0, 5, NULL};
static const struct field word = {NULL, FIELD_VERBATIM, 0, 3, 5, NULL};
static const struct field number = {NULL, FIELD_INT, 0, -3, 10, NULL};
static const struct field truth = {NULL, FIELD_BOOL, 0, 0, 0, NULL};
static const struct field choice = {NULL, FIELD_CHOICE, 0, 0, 0, colours};
static const struct field id = {NULL, FIELD_ID, 0, 1, INT64_MAX, NULL};
static const struct field who = {NULL, FIELD_ID, 0, 1, INT64_MAX, none_or_me};
static const struct field ids = {NULL, FIELD_IDS, 0, 1, 3, NULL};
static const struct field when = {NULL, FIELD_TIME, 0, 0, 0, NULL};
static const struct field email = {NULL, FIELD_EMAIL, 0, 1, 16, NULL};
static const struct field uuid = {NULL, FIELD_UUID, 0, 0, 0, NULL};
static const struct field shown_id = {NULL, FIELD_ID, F_NULL | F_OBJECT,
				      1,    100,      NULL};
static const struct field person = {NULL, FIELD_PERSON, 0, 1, 16, NULL};
static const struct field uuid_or_null = {NULL, FIELD_UUID, F_NULL, 0, 0, NULL};

#endif
