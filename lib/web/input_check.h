#ifndef WEB_INPUT_CHECK_H
#define WEB_INPUT_CHECK_H

#include "web/input.h"

/* The parts of input_read(); for input*.c only. */

/* One field under check: its declaration, where its value goes, and where
 * faults go. */
struct check {
	struct arena *arena;
	const struct field *field;
	struct value *value;
	struct faults *faults;
};

/* Adds a fault of the field. */
void input_complain(const struct check *c, const char *text);

/* --- input_check.c -------------------------------------------------------- */

void input_check_text(const struct check *c, const char *s);

/* Reads an address into the form in which it is stored. */
void input_check_email(const struct check *c, const char *sent);

/* `ok`: it is a whole number at all. */
void input_check_int(const struct check *c, bool ok, int64_t v);

void input_check_choice(const struct check *c, const char *s);
void input_check_time(const struct check *c, const char *s); /* NULL: no text */
void input_check_uuid(const struct check *c, const char *s);

/* --- input_value.c -------------------------------------------------------- */

/* Checks a value of a body that is not null, or of a query, decoded. */
void input_check_json(const struct check *c, const struct json *j);
void input_check_query(const struct check *c, const char *s);

#endif
