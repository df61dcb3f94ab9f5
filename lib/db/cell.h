#ifndef DB_CELL_H
#define DB_CELL_H

#include <stddef.h>
#include <stdint.h>

/* One value of a result. A number is in `i`; a text or a time (in the API's
 * form) in `s`. NULL leaves all of it zero. */
struct cell {
	int64_t i;
	const char *s;
	size_t n; /* length of s, for texts */
};

#endif
