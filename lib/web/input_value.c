/* Checks one value by the type of its field. A value comes from a JSON body,
 * with a type of its own, or from the query string, as text. What both have in
 * common is in input_check.c. */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "input_check.h"

static size_t
count_elements(const struct json *list)
{
	size_t n = 0;

	for (const struct json *e = json_first(list); e; e = json_next(e))
		n++;
	return n;
}

static bool
ids_include(const int64_t *ids, size_t n, int64_t id)
{
	while (n > 0)
		if (ids[--n] == id)
			return true;
	return false;
}

static void
check_ids(const struct check *c, const struct json *j)
{
	const struct field *f = c->field;
	const size_t n = json_is_array(j) ? count_elements(j) : 0;
	int64_t *id;

	if (!json_is_array(j)) {
		input_complain(c, "Expected a list of ids.");
		return;
	}
	if ((int64_t)n < f->min || (int64_t)n > f->max) {
		(void)fault_add(c->faults, f->name,
				"Expected %lld to %lld ids, got %zu.",
				(long long)f->min, (long long)f->max, n);
		return;
	}
	c->value->ids = id = arena_alloc(c->arena, n * sizeof(*id));
	for (j = json_first(j); j; j = json_next(j), id++, c->value->n++) {
		if (!json_int(id, j) || *id < 1) {
			input_complain(c, "A valid integer is required.");
			return;
		}
		if (ids_include(c->value->ids, c->value->n, *id)) {
			input_complain(c, "Each id may appear only once.");
			return;
		}
	}
}

static void
check_person(const struct check *c, const struct json *j)
{
	const char *s = json_text(j);

	if (s)
		input_check_text(c, s);
	else if (!json_int(&c->value->i, j) || c->value->i < 1)
		input_complain(c,
			       "A user id or an e-mail address is required.");
}

/* A value of a type that JSON has no type for. */
static void
check_string(const struct check *c, const char *s)
{
	if (!s)
		input_complain(c, "Not a valid string.");
	else if (c->field->type == FIELD_EMAIL)
		input_check_email(c, s);
	else if (c->field->type == FIELD_CHOICE)
		input_check_choice(c, s);
	else if (c->field->type == FIELD_UUID)
		input_check_uuid(c, s);
	else
		input_check_text(c, s);
}

void
input_check_json(const struct check *c, const struct json *j)
{
	int64_t v = 0;
	bool whole;

	switch (c->field->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_VERBATIM:
	case FIELD_UUID:
	case FIELD_EMAIL:
	case FIELD_CHOICE:
		check_string(c, json_text(j));
		return;
	case FIELD_INT:
	case FIELD_ID:
		if (c->field->flags & F_OBJECT && json_is_object(j))
			j = json_get(j, "id");
		whole = json_int(&v, j);
		input_check_int(c, whole, v);
		return;
	case FIELD_PERSON:
		check_person(c, j);
		return;
	case FIELD_BOOL:
		if (!json_is_bool(j))
			input_complain(c, "Must be a valid boolean.");
		c->value->i = json_true(j);
		return;
	case FIELD_IDS:
		check_ids(c, j);
		return;
	case FIELD_TIME:
		input_check_time(c, json_text(j));
		return;
	}
}

static bool
read_int(int64_t *out, const char *s)
{
	char *end;

	errno = 0;
	*out = strtoll(s, &end, 10);
	return !errno && end != s && !*end && !isspace((unsigned char)*s);
}

static void
check_int_text(const struct check *c, const char *s)
{
	int64_t v = 0;
	const bool whole = read_int(&v, s);

	input_check_int(c, whole, v);
}

static void
check_bool_text(const struct check *c, const char *s)
{
	static const struct enum_name truth[] = {
	    {"true", 1},  {"True", 1}, {"1", 1}, {"false", 0},
	    {"False", 0}, {"0", 0},    {NULL, 0}};
	const struct enum_name *w = enum_name_find(truth, s);

	if (w)
		c->value->i = w->value;
	else
		input_complain(c, "Must be a valid boolean.");
}

static void
check_id_text(const struct check *c, const char *s)
{
	const struct enum_name *w = enum_name_find(c->field->words, s);

	if (w)
		c->value->i = w->value;
	else
		check_int_text(c, s);
}

void
input_check_query(const struct check *c, const char *s)
{
	switch (c->field->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_VERBATIM:
	case FIELD_UUID:
	case FIELD_EMAIL:
	case FIELD_CHOICE:
		check_string(c, s);
		return;
	case FIELD_TIME:
		input_check_time(c, s);
		return;
	case FIELD_BOOL:
		check_bool_text(c, s);
		return;
	case FIELD_ID:
		check_id_text(c, s);
		return;
	case FIELD_INT:
		check_int_text(c, s);
		return;
	case FIELD_PERSON:
	case FIELD_IDS:
		input_complain(c, "This field cannot be sent in the query.");
		return;
	}
}
