/* Checks the inputs of a request against their declarations: finds each in the
 * body or the query, and has its value checked (input_value.c), so that every
 * fault is reported with its field, all at once. The sentences about fields are
 * those of Django REST Framework, which the clients know. What needs the
 * database (does this vendor exist?) is checked by lib/desk. */

#include "web/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/unicode.h"
#include "input_check.h"

/* The last value of the parameter, still encoded; false when it is absent. */
static bool
query_find(const char *query, const char *name, const char **value, size_t *n)
{
	size_t len = strlen(name);
	bool found = false;

	while (query && *query) {
		size_t part = strcspn(query, "&");

		if (part >= len && strncmp(query, name, len) == 0 &&
		    (part == len || query[len] == '=')) {
			*value = query + len + (part > len);
			*n = part - len - (part > len);
			found = true;
		}
		query += part;
		query += *query == '&';
	}
	return found;
}

static bool
is_empty(const struct field *f, const char *s)
{
	return !*s || (f->type == FIELD_LINE && !text_is_visible(s));
}

static void
read_query(const struct check *c, const char *query)
{
	const char *encoded, *s;
	size_t n;

	if (!query_find(query, c->field->name, &encoded, &n)) {
		if (c->field->flags & F_REQUIRED)
			input_complain(c, "This query parameter is required.");
		return;
	}
	s = percent_decode(c->arena, encoded, n);
	if (!s) {
		input_complain(c, "Not valid percent-encoded UTF-8.");
		return;
	}
	/* a form sends an empty parameter for a filter that is not set */
	if (is_empty(c->field, s) && !(c->field->flags & F_BLANK)) {
		if (c->field->flags & F_REQUIRED)
			input_complain(c, "This query parameter is required.");
		return;
	}
	c->value->given = true;
	input_check_query(c, s);
}

static void
read_body(const struct check *c, const struct json *body)
{
	const struct json *j = json_get(body, c->field->name);

	if (!j) {
		if (c->field->flags & F_REQUIRED)
			input_complain(c, "This field is required.");
	} else if (json_is_null(j)) {
		c->value->null = true;
		if (!(c->field->flags & F_NULL))
			input_complain(c, "This field may not be null.");
	} else {
		c->value->given = true;
		input_check_json(c, j);
	}
}

/* A password that is typed twice, against typing errors. */
static void
check_same(const struct check *c, const struct value *first)
{
	const struct value *again = c->value;

	if (c->field->flags & F_SAME && again->s && first->s &&
	    strcmp(again->s, first->s) != 0)
		input_complain(c, "The two entries do not match.");
}

enum err
input_read(struct input *in, struct arena *a, const struct field *fields,
	   const struct json *body, const char *query, struct faults *faults)
{
	const struct fault *before = faults->first;
	size_t n = 0;

	while (fields[n].name)
		n++;
	in->fields = fields;
	in->values = arena_alloc(a, (n + 1) * sizeof(*in->values));
	for (size_t i = 0; i < n; i++) {
		struct check c = {a, &fields[i], &in->values[i], faults};

		if (fields[i].flags & F_QUERY &&
		    !(fields[i].flags & F_EITHER &&
		      json_get(body, fields[i].name)))
			read_query(&c, query);
		else
			read_body(&c, body);
		if (i > 0)
			check_same(&c, &in->values[i - 1]);
	}
	return faults->first == before ? OK : ERR_INVALID;
}

const struct value *
input_get(const struct input *in, const char *name)
{
	for (size_t i = 0; in->fields[i].name; i++)
		if (strcmp(in->fields[i].name, name) == 0)
			return &in->values[i];
	abort();
}
