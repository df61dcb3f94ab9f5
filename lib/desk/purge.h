#ifndef DESK_PURGE_H
#define DESK_PURGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct arg;
struct stmt;

/* Runs a DELETE or UPDATE whose last argument is a limit, `batch`. Sets *more
 * when it changed that many rows, so that there may be others; else leaves
 * *more as it is. */
enum err purge_batch(bool *more, struct ctx *c, struct stmt *s,
		     const struct arg *args, size_t n,
		     int64_t batch) MUST_CHECK;

#endif
