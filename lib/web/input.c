/* Checks the inputs of a request against their declarations: types, lengths,
 * ranges and words, each fault with its field, all at once. The sentences about
 * fields are those of Django REST Framework, which the clients know. What needs
 * the database (does this vendor exist?) is checked by lib/desk. */

#include "web/input.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "base/unicode.h"

/* One field under check: its declaration, where its value goes, and where
 * faults go. */
struct check {
	struct arena *arena;
	const struct field *field;
	struct value *value;
	struct faults *faults;
};

static void
complain(const struct check *c, const char *text)
{
	(void)fault_add(c->faults, c->field->name, "%s", text);
}

static void
check_text(const struct check *c, const char *s)
{
	const struct field *f = c->field;
	size_t n;

	if (f->type != FIELD_VERBATIM)
		s = text_clean(c->arena, s, f->type == FIELD_TEXT);
	n = utf8_length(s);
	if (n == 0 && !(f->flags & F_BLANK))
		complain(c, "This field may not be blank.");
	else if ((int64_t)n < f->min && n > 0)
		(void)fault_add(
		    c->faults, f->name,
		    "Ensure this field has at least %lld characters.",
		    (long long)f->min);
	else if ((int64_t)n > f->max)
		(void)fault_add(
		    c->faults, f->name,
		    "Ensure this field has no more than %lld characters.",
		    (long long)f->max);
	c->value->s = s;
}

/* Reads an address into the form in which it is stored. */
static void
check_email(const struct check *c, const char *sent)
{
	char kept[ADDRESS_MAX + 1];
	const char *why = address_read(kept, sent, HOST_OF_INTERNET);

	check_text(c, *kept ? kept : sent);
	if (why && *c->value->s)
		complain(c, why);
	else
		c->value->s = arena_strdup(c->arena, kept);
}

static void
check_int(const struct check *c, bool ok, int64_t v)
{
	const struct field *f = c->field;

	if (!ok)
		complain(c, "A valid integer is required.");
	else if (v < f->min)
		(void)fault_add(
		    c->faults, f->name,
		    "Ensure this value is greater than or equal to %lld.",
		    (long long)f->min);
	else if (v > f->max)
		(void)fault_add(
		    c->faults, f->name,
		    "Ensure this value is less than or equal to %lld.",
		    (long long)f->max);
	c->value->i = v;
}

static void
check_choice(const struct check *c, const char *s)
{
	const struct enum_name *w = enum_name_find(c->field->words, s);

	if (w)
		c->value->i = w->value;
	else
		(void)fault_add(c->faults, c->field->name,
				"\"%s\" is not a valid choice.", s);
}

static void
check_time(const struct check *c, const char *s)
{
	if (!s || !clock_parse(&c->value->i, s))
		complain(c, "A date or time like 2026-01-31T12:00:00Z is "
			    "required.");
	else if (c->value->i == 0)
		c->value->i = 1; /* 0 stands for no time */
}

static void
check_uuid(const struct check *c, const char *s)
{
	char *copy = text_clean(c->arena, s, false);

	if (!*copy && c->field->flags & F_NULL) {
		/* a form sends "" for null */
		c->value->given = false;
		c->value->null = true;
		return;
	}
	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (!uuid_valid(copy))
		complain(c, "Must be a valid UUID.");
	c->value->s = copy;
}

static void
check_ids(const struct check *c, const struct json *j)
{
	const struct field *f = c->field;
	int64_t *ids;
	size_t n = 0;

	if (!json_is_array(j)) {
		complain(c, "Expected a list of ids.");
		return;
	}
	for (const struct json *e = json_first(j); e; e = json_next(e))
		n++;
	if ((int64_t)n < f->min || (int64_t)n > f->max) {
		(void)fault_add(c->faults, f->name,
				"Expected %lld to %lld ids, got %zu.",
				(long long)f->min, (long long)f->max, n);
		return;
	}
	ids = arena_alloc(c->arena, n * sizeof(*ids));
	n = 0;
	for (const struct json *e = json_first(j); e; e = json_next(e)) {
		if (!json_int(&ids[n], e) || ids[n] < 1) {
			complain(c, "A valid integer is required.");
			return;
		}
		for (size_t i = 0; i < n; i++) {
			if (ids[i] == ids[n]) {
				complain(c, "Each id may appear only once.");
				return;
			}
		}
		n++;
	}
	c->value->ids = ids;
	c->value->n = n;
}

static void
check_person(const struct check *c, const struct json *j)
{
	const char *s = json_text(j);

	if (s)
		check_text(c, s);
	else if (!json_int(&c->value->i, j) || c->value->i < 1)
		complain(c, "A user id or an e-mail address is required.");
}

static void
check_json(const struct check *c, const struct json *j)
{
	const char *s = json_text(j);
	int64_t v = 0;
	bool whole;

	switch (c->field->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_VERBATIM:
	case FIELD_UUID:
	case FIELD_EMAIL:
	case FIELD_CHOICE:
		if (!s)
			complain(c, "Not a valid string.");
		else if (c->field->type == FIELD_EMAIL)
			check_email(c, s);
		else if (c->field->type == FIELD_CHOICE)
			check_choice(c, s);
		else if (c->field->type == FIELD_UUID)
			check_uuid(c, s);
		else
			check_text(c, s);
		return;
	case FIELD_INT:
	case FIELD_ID:
		if (c->field->flags & F_OBJECT && json_is_object(j))
			j = json_get(j, "id");
		whole = json_int(&v, j);
		check_int(c, whole, v);
		return;
	case FIELD_PERSON:
		check_person(c, j);
		return;
	case FIELD_BOOL:
		if (!json_is_bool(j))
			complain(c, "Must be a valid boolean.");
		c->value->i = json_true(j);
		return;
	case FIELD_IDS:
		check_ids(c, j);
		return;
	case FIELD_TIME:
		check_time(c, s);
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
check_query(const struct check *c, const char *s)
{
	static const struct enum_name truth[] = {
	    {"true", 1},  {"True", 1}, {"1", 1}, {"false", 0},
	    {"False", 0}, {"0", 0},    {NULL, 0}};
	const struct enum_name *w;
	int64_t v = 0;
	bool whole;

	switch (c->field->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_VERBATIM:
		check_text(c, s);
		return;
	case FIELD_EMAIL:
		check_email(c, s);
		return;
	case FIELD_CHOICE:
		check_choice(c, s);
		return;
	case FIELD_UUID:
		check_uuid(c, s);
		return;
	case FIELD_TIME:
		check_time(c, s);
		return;
	case FIELD_BOOL:
		w = enum_name_find(truth, s);
		if (!w)
			complain(c, "Must be a valid boolean.");
		else
			c->value->i = w->value;
		return;
	case FIELD_ID:
		w = enum_name_find(c->field->words, s);
		if (w) {
			c->value->i = w->value;
			return;
		}
		__attribute__((fallthrough));
	case FIELD_INT:
		whole = read_int(&v, s);
		check_int(c, whole, v);
		return;
	case FIELD_PERSON:
	case FIELD_IDS:
		complain(c, "This field cannot be sent in the query.");
		return;
	}
}

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
			complain(c, "This query parameter is required.");
		return;
	}
	s = percent_decode(c->arena, encoded, n);
	if (!s) {
		complain(c, "Not valid percent-encoded UTF-8.");
		return;
	}
	/* a form sends an empty parameter for a filter that is not set */
	if (is_empty(c->field, s) && !(c->field->flags & F_BLANK)) {
		if (c->field->flags & F_REQUIRED)
			complain(c, "This query parameter is required.");
		return;
	}
	c->value->given = true;
	check_query(c, s);
}

static void
read_body(const struct check *c, const struct json *body)
{
	const struct json *j = json_get(body, c->field->name);

	if (!j) {
		if (c->field->flags & F_REQUIRED)
			complain(c, "This field is required.");
	} else if (json_is_null(j)) {
		c->value->null = true;
		if (!(c->field->flags & F_NULL))
			complain(c, "This field may not be null.");
	} else {
		c->value->given = true;
		check_json(c, j);
	}
}

/* A password that is typed twice, against typing errors. */
static void
check_same(const struct check *c, const struct value *first)
{
	const struct value *again = c->value;

	if (c->field->flags & F_SAME && again->s && first->s &&
	    strcmp(again->s, first->s) != 0)
		complain(c, "The two entries do not match.");
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
