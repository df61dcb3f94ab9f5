#ifndef FILES_WALK_H
#define FILES_WALK_H

#include "desk/stored_file.h"

/* Calls `visit` for every content of the database that is to stay, a batch
 * after another, each with memory of its own. Ends with its first error. */
typedef enum err file_visit(void *arg, struct ctx *c,
			    const struct stored_file *f);
enum err files_walk(struct ctx *c, file_visit *visit, void *arg) MUST_CHECK;

#endif
