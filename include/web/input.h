#ifndef WEB_INPUT_H
#define WEB_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/enum_name.h"
#include "base/err.h"

struct arena;
struct json;

/* Inputs are declared: a handler lists its fields in a table, and one function
 * checks them all and reports every fault at once. A handler cannot read what
 * it has not declared. */

enum field_type {
	FIELD_LINE,	/* one line, see text_clean() */
	FIELD_TEXT,	/* several lines, the same */
	FIELD_VERBATIM, /* kept as it is: passwords */
	FIELD_INT,	/* a whole number from min to max */
	FIELD_BOOL,
	FIELD_CHOICE, /* one of the words; its value is the word's number */
	FIELD_ID,     /* a positive whole number, or one of the words */
	FIELD_IDS,    /* an array of min..max different ids */
	FIELD_TIME,   /* see clock_parse; as microseconds, never 0 */
	FIELD_UUID,   /* as text in lower case */
	FIELD_PERSON, /* in a body: a user's id, else a line: an address */
	FIELD_EMAIL   /* one line that looks like an address */
};

enum {
	F_REQUIRED = 1,
	F_NULL = 2, /* may be null; then has_value() is false, is_null() true */
	F_QUERY = 4,   /* in the query string, else in the body */
	F_BLANK = 8,   /* a text may be empty */
	F_EITHER = 16, /* with F_QUERY: in the body, if it is there */
	F_OBJECT = 32, /* an id may come in the object that answers show */
	F_SAME = 64 /* a text: when given, that of the field before it again */
};

/* A declared input. Text lengths are in characters (code points). */
struct field {
	const char *name;
	enum field_type type;
	unsigned flags;
	int64_t min, max;
	const struct enum_name *words;
};

#define FIELDS_END                              \
	{                                       \
		NULL, FIELD_LINE, 0, 0, 0, NULL \
	}

struct value {
	bool given; /* it was sent, and is not null */
	bool null;  /* it was sent as null */
	int64_t i;  /* int, bool, choice, id, time */
	const char *s;
	const int64_t *ids;
	size_t n; /* of ids */
};

/* The checked inputs of one request: values[i] belongs to fields[i]. */
struct input {
	const struct field *fields;
	struct value *values;
};

/* Checks `body` (an object, or NULL: none) and `query` (percent-encoded, may
 * be NULL) against the fields, into the arena. Unknown keys are ignored; of a
 * query parameter given twice the last counts. ERR_INVALID with every fault
 * listed, else OK. */
enum err input_read(struct input *in, struct arena *a,
		    const struct field *fields, const struct json *body,
		    const char *query, struct faults *faults) MUST_CHECK;

/* The value of a declared field; naming an undeclared one aborts. */
const struct value *input_get(const struct input *in, const char *name);

/* Decodes %xx and '+' in n bytes. NULL: malformed, not UTF-8, or with a NUL. */
char *percent_decode(struct arena *a, const char *s, size_t n);

/* Encodes s for a query string. */
char *percent_encode(struct arena *a, const char *s);

#endif
