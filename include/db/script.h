#ifndef DB_SCRIPT_H
#define DB_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

/* Reading SQL scripts such as schema.sql. */

struct arena;

/* The next statement of a script, in the arena, without its semicolon and the
 * comments around it. Moves *script past it. NULL at the end. Semicolons in
 * quotes and comments do not end a statement. */
const char *script_next(struct arena *a, const char **script);

/* A part of a script. Each line "-- Migration 7: name" begins a part, which is
 * that migration; what is before the first such line is a part, too. */
struct script_part {
	int64_t version;  /* 0: not a migration */
	const char *name; /* "": not a migration */
	const char *text; /* its statements */
};

/* The next part of a script, in the arena. Moves *script past it. false at the
 * end. */
bool script_part_next(struct script_part *out, struct arena *a,
		      const char **script);

#endif
