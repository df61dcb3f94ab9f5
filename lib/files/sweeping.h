#ifndef FILES_SWEEPING_H
#define FILES_SWEEPING_H

#include "desk/stored_file.h"
#include "files/sweep.h"

/* The parts of a sweep; for sweep*.c only. */

/* Removes the file of a doomed row, and the row. */
enum err sweep_one(struct files_swept *out, struct ctx *c,
		   const struct stored_file *f) MUST_CHECK;

/* Calls `entry` with each name in a folder of FILES_DIR. */
typedef enum err sweep_entry(struct files_swept *out, struct ctx *c,
			     const char *name);
enum err sweep_folder(struct files_swept *out, struct ctx *c, const char *place,
		      sweep_entry *entry) MUST_CHECK;

#endif
