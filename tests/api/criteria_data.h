#ifndef CRITERIA_DATA_H
#define CRITERIA_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "desk/issue.h"
#include "tests/lib/fixture.h"

/* The data of the tests of criteria. */

#define CRITERIA_ISSUES 24

extern struct world criteria_world;

/* Makes the world, and issues with random values in it. */
void criteria_set_up(void);

/* A number from 0 to n - 1, the same in every run. */
uint32_t repeatable(uint32_t n);

/* The field that the criterion is about. */
const struct issue_field *criterion_field(enum criterion k);

/* One criterion with a value: as a query, and as a condition of SQL. */
struct narrowed {
	const char *query, *sql, *value;
	enum criterion criterion;
};

/* The i-th value that is tried of a criterion; false: no more. */
bool criterion_value(struct narrowed *out, enum criterion k, int i);

#endif
