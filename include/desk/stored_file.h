#ifndef DESK_STORED_FILE_H
#define DESK_STORED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"

/* The content of files (tables stored_file and file_usage); the files
 * themselves are lib/files's. What is committed here has its file:
 *
 * - A row is written, and its lock held, before its file is put in its place,
 *   and committed afterwards.
 * - A file is removed only after its row is deleted. Until then it can be put
 *   back: storing the same content again clears deleting_at, and then the row
 *   is not deleted. See files/sweep.h. */

/* Makes sure that the file of a content is in its place, on the disk. It is
 * called inside a transaction, maybe again after a lost race. False: it cannot
 * be, see errno. */
typedef bool content_keep(void *arg, struct ctx *c, int64_t organization_id,
			  const char *sha256);

/* Inside a transaction: the organization (0: uploads that are not bound yet)
 * uses the content once more. Calls `keep`. Organizations have a quota, which
 * simultaneous uploads cannot exceed together. ERR_FULL: it is used up, and
 * nothing is written, so that the transaction may go on without the file;
 * ERR_DB: the database, or the disk. */
enum err stored_file_use(struct ctx *c, int64_t organization_id,
			 const char *sha256, int64_t size, content_keep *keep,
			 void *arg) MUST_CHECK;

/* Inside the transaction that removes an attachment or gives it another
 * content: the sweep is to remove the content if no attachment has it. */
enum err stored_file_unused(struct ctx *c, int64_t organization_id,
			    const char *sha256) MUST_CHECK;

/* A content. */
struct stored_file {
	int64_t organization_id;
	char sha256[SHA256_TEXT];
	int64_t size;
	const char *deleting_at;
};

/* For the sweep. Those that it is to remove; at most `limit`, *n. */
enum err stored_file_doomed(struct stored_file **out, size_t *n, struct ctx *c,
			    int64_t limit) MUST_CHECK;

/* A file without a row was found: the sweep is to remove it. *ours is false if
 * there is a row. */
enum err stored_file_orphan(bool *ours, struct ctx *c, int64_t organization_id,
			    const char *sha256) MUST_CHECK;

/* Deletes the row of a doomed one; *gone is false if it is used again. */
enum err stored_file_delete(bool *gone, struct ctx *c,
			    const struct stored_file *f) MUST_CHECK;

/* Whether the content has a row, and its file must be in its place: it may be
 * doomed. */
enum err stored_file_exists(bool *out, struct ctx *c, int64_t organization_id,
			    const char *sha256) MUST_CHECK;

/* For verification: up to `limit` contents behind that of `behind`, in the
 * order of organization and sha256. */
enum err stored_file_list(struct stored_file **out, size_t *n, struct ctx *c,
			  const struct stored_file *behind,
			  int64_t limit) MUST_CHECK;

/* Those of an organization whose hash begins so. */
enum err stored_file_list_folder(struct stored_file **out, size_t *n,
				 struct ctx *c, int64_t organization_id,
				 const char *start) MUST_CHECK;

/* Compares file_usage with stored_file. *n: organizations that differ; they are
 * corrected if `repair`. */
enum err stored_file_check_usage(int64_t *n, struct ctx *c,
				 bool repair) MUST_CHECK;

#endif
