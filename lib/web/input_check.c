/* The checks that values of bodies and of queries have in common: lengths,
 * ranges, words and forms. Each stores the value, as it will be used, and adds
 * the faults that it finds. */

#include "input_check.h"

#include <ctype.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "base/unicode.h"

void
input_complain(const struct check *c, const char *text)
{
	(void)fault_add(c->faults, c->field->name, "%s", text);
}

void
input_check_text(const struct check *c, const char *s)
{
	const struct field *f = c->field;
	size_t n;

	if (f->type != FIELD_VERBATIM)
		s = text_clean(c->arena, s, f->type == FIELD_TEXT);
	n = utf8_length(s);
	if (n == 0 && !(f->flags & F_BLANK))
		input_complain(c, "This field may not be blank.");
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
void
input_check_email(const struct check *c, const char *sent)
{
	char kept[ADDRESS_MAX + 1];
	const char *why = address_read(kept, sent, HOST_OF_INTERNET);

	input_check_text(c, *kept ? kept : sent);
	if (why && *c->value->s)
		input_complain(c, why);
	else
		c->value->s = arena_strdup(c->arena, kept);
}

void
input_check_int(const struct check *c, bool ok, int64_t v)
{
	const struct field *f = c->field;

	if (!ok)
		input_complain(c, "A valid integer is required.");
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

void
input_check_choice(const struct check *c, const char *s)
{
	const struct enum_name *w = enum_name_find(c->field->words, s);

	if (w)
		c->value->i = w->value;
	else
		(void)fault_add(c->faults, c->field->name,
				"\"%s\" is not a valid choice.", s);
}

void
input_check_time(const struct check *c, const char *s)
{
	if (!s || !clock_parse(&c->value->i, s))
		input_complain(c, "A date or time like 2026-01-31T12:00:00Z is "
				  "required.");
	else if (c->value->i == 0)
		c->value->i = 1; /* 0 stands for no time */
}

void
input_check_uuid(const struct check *c, const char *s)
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
		input_complain(c, "Must be a valid UUID.");
	c->value->s = copy;
}
