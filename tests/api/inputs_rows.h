#ifndef INPUTS_ROWS_H
#define INPUTS_ROWS_H

#include <stddef.h>

/* The table of the fields of every body, apart from those of ISSUE_FIELDS. */

/* What a field accepts. */
enum kind {
	LINE,
	TEXT,
	PASSWORD,
	EMAIL,
	UUID,
	CHOICE,
	ID,
	IDS,
	BOOL,
	INT,
	TIME
};

enum {
	REQUIRED = 1,
	NULLABLE = 2,
	BLANK = 4,
	NEVER_FITS = 8, /* valid values are refused for other reasons */
	UNKNOWN = 16,	/* or name something that does not exist */
	ZERO = 32	/* the number 0 fits */
};

enum who { NOBODY, CUSTOMER, EMPLOYEE, VENDOR };

/* A field of a body, and the other fields of a valid body. $org, $issue, $order
 * and so on stand for ids of the test's data, $new for a unique word. */
struct row {
	const char *method, *path;
	enum who who;
	const char *name;
	enum kind kind;
	int max;
	unsigned flags;
	const char *fits; /* a valid value */
	const char *rest;
};

extern const struct row input_rows[];
extern const size_t input_row_count;

#endif
