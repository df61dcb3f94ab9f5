#ifndef FILES_VERIFY_H
#define FILES_VERIFY_H

#include <stdint.h>

#include "base/ctx.h"

/* Compares the files on the disk with what the database has of them, and copies
 * them for backups. Both may run beside everything else. */

/* Called for each file that is not as it should be; `what` is a sentence's end:
 * "is missing". */
typedef void file_fault(void *arg, int64_t organization_id, const char *sha256,
			const char *what);

struct files_verified {
	int64_t files, bytes;
	int64_t hashed; /* so many were read in full */
	int64_t faults;
};

/* Looks for every file in the folder `dir` (NULL: FILES_DIR), which has the
 * database's or a backup's. Of `every` files, one is read in full, by chance;
 * of all others the size is compared. */
enum err files_verify(struct files_verified *out, struct ctx *c,
		      const char *dir, unsigned every, file_fault *fault,
		      void *arg) MUST_CHECK;

struct files_copied {
	int64_t files, bytes; /* copied: not those that were there already */
	int64_t faults;
};

/* Copies every file that the database has from one folder to the other, unless
 * it is there. One of them is FILES_DIR, the other that of a backup. ERR_DB:
 * the database, or (see errno) the disk. */
enum err files_copy(struct files_copied *out, struct ctx *c, const char *from,
		    const char *to, file_fault *fault, void *arg) MUST_CHECK;

#endif
