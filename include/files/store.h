#ifndef FILES_STORE_H
#define FILES_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/crypto.h"
#include "base/ctx.h"

struct conf;

/* Files on the disk: FILES_DIR/<organization>/<aa>/<sha256>, where aa are the
 * first two characters of the hash. FILES_DIR may be a folder that several
 * hosts share. Files that are being written have no name, or one in
 * FILES_DIR/incoming where the file system needs one. Files that are about to
 * be removed are in FILES_DIR/trash. desk/stored_file.h says which files there
 * must be. The functions take organization 0 for uploads that are not bound. */

/* A path below FILES_DIR as nginx has it: "7/a1/a1b2...". */
#define FILE_PLACE_TEXT (20 + 4 + SHA256_TEXT)
void file_place(char out[FILE_PLACE_TEXT], int64_t organization_id,
		const char *sha256);

/* Creates FILES_DIR and the folders of its own. False: see errno. */
bool store_prepare(const struct conf *conf);

/* A file that is being written. */
struct incoming {
	int fd; /* -1: none */
	int64_t size;
	char sha256[SHA256_TEXT]; /* once it is complete */
	char name[64];		  /* in FILES_DIR/incoming; "": none */
	struct sha256 hashing;
	int64_t flushed; /* the disk is told to write so many bytes */
};

/* How many bytes to write at a time, so that memory does not grow with files.
 */
#define FILE_PIECE ((size_t)64 * 1024)

/* Begins a file, adds bytes to it, and completes it: then it is on the disk,
 * and size and sha256 are known. Each is false if the disk fails or is full
 * (see errno); the file is then still to be dropped. */
bool incoming_begin(struct incoming *f, const struct conf *conf);
bool incoming_add(struct incoming *f, const void *p, size_t n);
bool incoming_end(struct incoming *f);

/* Closes it. Its content stays only if it was kept. */
void incoming_drop(struct incoming *f, const struct conf *conf);

/* Puts the complete file into its place, durably, if it is not there: for
 * content_keep functions (desk/stored_file.h). */
bool incoming_keep(const struct incoming *f, const struct conf *conf,
		   int64_t organization_id);

/* A content_keep: for uploads that are bound. Puts the content that
 * organization 0 has into the place of the organization. */
bool file_keep_unbound(void *arg, struct ctx *c, int64_t organization_id,
		       const char *sha256);

/* Opens a file for reading. -1: see errno; ENOENT may pass, while the file is
 * put back (files/sweep.h). *size may be NULL. */
int file_open(const struct conf *conf, int64_t organization_id,
	      const char *sha256, int64_t *size);

#endif
