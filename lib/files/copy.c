/* Copying files into a backup, and back. Names say what is in them, so a file
 * that is there with the right size is not copied again. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "files/verify.h"
#include "place.h"
#include "walk.h"

struct copying {
	struct files_copied *out;
	struct conf from, to; /* whose files_dir are the folders */
	file_fault *fault;
	void *arg;
};

static bool
copy_bytes(int from, int to)
{
	static char piece[FILE_PIECE];
	ssize_t n, w = 0;

	while ((n = read(from, piece, sizeof(piece))) > 0)
		for (ssize_t at = 0; at < n; at += w) {
			w = write(to, piece + at, (size_t)(n - at));
			if (w < 0)
				return false;
		}
	return n == 0 && fsync(to) == 0;
}

/* Writes the copy beside its place, and renames it when it is complete. */
static bool
write_copy(const struct copying *k, int from, const char *path)
{
	char part[PATH_MAX + 8];
	bool ok;
	int to;

	(void)snprintf(part, sizeof(part), "%s.part", path);
	to = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (to < 0)
		return false;
	ok = copy_bytes(from, to) && place_own(part, k->to.files_dir) &&
	     rename(part, path) == 0 && place_sync_folder(path);
	if (!ok)
		(void)unlink(part);
	close(to);
	return ok;
}

static bool
is_copied(const char *path, int64_t size)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size == size;
}

/* False: the disk fails. */
static bool
copy_file(struct copying *k, const struct stored_file *f, int from)
{
	char place[FILE_PLACE_TEXT], path[PATH_MAX];
	bool ok;

	file_place(place, f->organization_id, f->sha256);
	if (!place_path(path, &k->to, place))
		return false;
	if (is_copied(path, f->size))
		return true;
	ok = place_make_folders(&k->to, f->organization_id, f->sha256) &&
	     write_copy(k, from, path);
	k->out->files += ok;
	k->out->bytes += ok ? f->size : 0;
	return ok;
}

/* It is not where it should be, unless it was removed meanwhile. */
static enum err
note_missing(struct copying *k, struct ctx *c, const struct stored_file *f)
{
	bool needed;
	enum err e =
	    stored_file_exists(&needed, c, f->organization_id, f->sha256);

	if (e || !needed)
		return e;
	k->out->faults++;
	k->fault(k->arg, f->organization_id, f->sha256, "is missing");
	return OK;
}

static enum err
copy_one(void *arg, struct ctx *c, const struct stored_file *f)
{
	struct copying *k = arg;
	char place[FILE_PLACE_TEXT], path[PATH_MAX];
	bool ok;
	int from;

	file_place(place, f->organization_id, f->sha256);
	from = file_open(&k->from, f->organization_id, f->sha256, NULL);
	if (from < 0 && place_path(path, &k->to, place) &&
	    is_copied(path, f->size))
		return OK;
	if (from < 0)
		return note_missing(k, c, f);
	ok = copy_file(k, f, from);
	close(from);
	return ok ? OK : ERR_DB;
}

enum err
files_copy(struct files_copied *out, struct ctx *c, const char *from,
	   const char *to, file_fault *fault, void *arg)
{
	struct copying k = {.out = out,
			    .from = *c->conf,
			    .to = *c->conf,
			    .fault = fault,
			    .arg = arg};

	*out = (struct files_copied){0};
	k.from.files_dir = from;
	k.to.files_dir = to;
	return files_walk(c, copy_one, &k);
}
