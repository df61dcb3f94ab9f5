#ifndef FILES_SWEEP_H
#define FILES_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

/* Removes files that nothing needs any more, and puts back those that must be
 * there. Any number of processes, on all hosts that share FILES_DIR, may do it
 * at once, beside uploads of the same content; each may be killed anywhere.
 *
 * A file is moved into the trash first, then its row is deleted, and only then
 * the file is removed. If an upload has used the content meanwhile, the row is
 * not deleted, and the file is put back: by this process, or by the next sweep
 * if it is killed. */

struct files_swept {
	int64_t removed, bytes; /* files, and what the database knew of them */
	int64_t restored;	/* put back */
};

/* Removes the rows of files that are due (all: of every deleted one, without
 * waiting for the end of its grace time), and the content that no row has
 * then. */
enum err files_sweep(struct files_swept *out, struct ctx *c,
		     bool all) MUST_CHECK;

/* Looks at every file on the disk, and removes those older than a day that have
 * no row: their uploads were not completed. */
enum err files_sweep_disk(struct files_swept *out, struct ctx *c) MUST_CHECK;

/* The same, if no process has done it for a day; but not for 30 days after a
 * database was restored, nor with one that has no files at all. */
enum err files_sweep_disk_daily(struct files_swept *out,
				struct ctx *c) MUST_CHECK;

#endif
