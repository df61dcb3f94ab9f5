#ifndef ADMIN_VERIFY_H
#define ADMIN_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* Compares what the database holds twice. One row for each comparison, with the
 * number of differences. Exact only while nobody writes. */
struct verification {
	const char *what; /* that differs */
	int64_t differences;
};

enum err verify_database(struct verification **out, size_t *n,
			 struct ctx *c) MUST_CHECK;

#endif
