#ifndef INPUTS_H
#define INPUTS_H

#include <stdint.h>

#include "inputs_rows.h"

/* What the tests of bodies and queries share. */

void inputs_set_up(void);

/* A number that changes with the data of the organization. */
int64_t inputs_digest(void);

const char *input_token(enum who who);

/* Replaces the $words of s by ids of the test's data. */
const char *input_filled(const char *s);

/* The i-th row, of inputs_count(): those of input_rows, then PATCH and PUT of
 * an issue for each field that ISSUE_FIELDS lets requests change. */
const struct row *input_row(size_t i);
size_t inputs_count(void);

/* A JSON string of n times the characters c. */
const char *input_string(const char *c, int n);

/* The path of a row in the form of routes: {id} for each $word. */
const char *input_pattern(const char *path);

/* The query parameters that are tested of a path in the form of routes,
 * separated by spaces. */
const char *input_parameters(const char *pattern);

#endif
