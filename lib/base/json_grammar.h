#ifndef BASE_JSON_GRAMMAR_H
#define BASE_JSON_GRAMMAR_H

#include <stddef.h>

/* What stands between a text and cJSON; for json*.c only. */

struct buf;

/* Why a text is not JSON, as clauses for a person; NULL: no such fault. */
struct json_faults {
	const char *grammar; /* fatal */
	const char *in_text; /* json_repair() replaces it */
};

/* Both are found by one scan, which ends with a fault of the grammar. */
struct json_faults json_check(const char *text, size_t n);

/* The length of the escape \uXXXX at p, or of a pair of them that is one
 * character, or 0 if p is not at an escape.
 * *fault: why it cannot be read, or NULL if it can. */
size_t json_unicode_escape(const char **fault, const char *p, const char *end);

/* Initializes `out` with a copy of the n bytes in which U+FFFD replaces faults
 * inside of texts. The grammar must have no fault. */
void json_repair(struct buf *out, const char *text, size_t n);

#endif
