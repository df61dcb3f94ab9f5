#ifndef FILES_PLACE_H
#define FILES_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "files/store.h"

/* Paths of the store; for lib/files only. */

#define TRASH	 "trash"
#define INCOMING "incoming"

/* FILES_DIR/<place>. False: the path is too long. */
bool place_path(char out[PATH_MAX], const struct conf *conf, const char *place);

/* Creates the folders above a file's place, durably. */
bool place_make_folders(const struct conf *conf, int64_t organization_id,
			const char *sha256);

/* Makes the entries of the folder that a path is in durable. */
bool place_sync_folder(const char *path);

/* Gives what root has made to the owner of FILES_DIR; others need not. */
bool place_own(const char *path, const char *files_dir);

/* Whether there is a file. */
bool place_is_there(const char *path);

/* Whether the text is a hash, as file names are. */
bool is_sha256(const char *text);

#endif
