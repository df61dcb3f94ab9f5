/* Removing files: those that are due, and what is left in the trash; sweep.h
 * has the order that makes it safe. sweep_disk.c finds files without a row. */

#include "files/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "desk/attachment.h"
#include "place.h"
#include "sweeping.h"

#define BATCH 100

/* A name in the trash: organization, hash, and something unique. */
#define TRASH_NAME (20 + 1 + SHA256_TEXT + UUID_TEXT)

/* A sweep that is under way mostly has its files in the trash for less. If it
 * has them for longer, what is put back under its hands is without a row, and
 * the next day's sweep removes it. */
#define TRASH_REST_S 5

static bool
trash_path(char out[PATH_MAX], const struct conf *conf,
	   const struct stored_file *f)
{
	char name[sizeof(TRASH) + TRASH_NAME], uuid[UUID_TEXT];

	random_uuid(uuid);
	(void)snprintf(name, sizeof(name), TRASH "/%lld-%s-%s",
		       (long long)f->organization_id, f->sha256, uuid);
	return place_path(out, conf, name);
}

/* Puts a file of the trash back into its place. */
static bool
put_back(const struct conf *conf, int64_t organization_id, const char *sha256,
	 const char *from)
{
	char place[FILE_PLACE_TEXT], to[PATH_MAX];

	file_place(place, organization_id, sha256);
	if (!place_path(to, conf, place) ||
	    !place_make_folders(conf, organization_id, sha256))
		return false;
	if (link(from, to) != 0 && errno != EEXIST)
		return false;
	return place_sync_folder(to) && unlink(from) == 0;
}

/* Moves a file that is to be removed into the trash, which may have to be made.
 * If the file is gone already, that is a success, too. */
static bool
move_away(char trash[PATH_MAX], const struct conf *conf,
	  const struct stored_file *f)
{
	char place[FILE_PLACE_TEXT], from[PATH_MAX];

	file_place(place, f->organization_id, f->sha256);
	if (!place_path(from, conf, place) || !trash_path(trash, conf, f))
		return false;
	if (rename(from, trash) == 0)
		return true;
	if (errno != ENOENT || !place_is_there(from))
		return errno == ENOENT;
	return store_prepare(conf) &&
	       (rename(from, trash) == 0 || errno == ENOENT);
}

enum err
sweep_one(struct files_swept *out, struct ctx *c, const struct stored_file *f)
{
	char trash[PATH_MAX];
	bool gone = false, needed = false;
	enum err e;

	if (!move_away(trash, c->conf, f))
		return OK; /* the disk fails: another sweep tries again */
	e = stored_file_delete(&gone, c, f);
	if (!e && !gone)
		e = stored_file_exists(&needed, c, f->organization_id,
				       f->sha256);
	if (e)
		return e; /* the next sweep looks into the trash */
	if (needed) {
		out->restored +=
		    put_back(c->conf, f->organization_id, f->sha256, trash);
		return OK;
	}
	(void)unlink(trash);
	out->removed += gone;
	out->bytes += gone ? f->size : 0;
	return OK;
}

static enum err
sweep_doomed(struct files_swept *out, struct ctx *c)
{
	int64_t before = -1;
	struct stored_file *list;
	size_t n = BATCH;
	enum err e = OK;

	/* as long as the disk lets it */
	while (!e && n == BATCH && out->removed > before) {
		before = out->removed;
		e = stored_file_doomed(&list, &n, c, BATCH);
		for (size_t i = 0; !e && i < n; i++)
			e = sweep_one(out, c, &list[i]);
	}
	return e;
}

/* Reads the name of a file in the trash; false: it has another form. */
static bool
read_trash_name(struct stored_file *f, const char *name)
{
	char *end;

	f->organization_id = strtoll(name, &end, 10);
	if (end == name || *end != '-' || strlen(end + 1) < SHA256_TEXT)
		return false;
	(void)snprintf(f->sha256, sizeof(f->sha256), "%.64s", end + 1);
	return is_sha256(f->sha256);
}

/* What a sweep that was killed has left. */
static enum err
sweep_trash_file(struct files_swept *out, struct ctx *c, const char *name)
{
	char place[sizeof(TRASH) + TRASH_NAME], path[PATH_MAX];
	struct stored_file f;
	struct stat st;
	bool needed = false;
	enum err e;

	(void)snprintf(place, sizeof(place), TRASH "/%s", name);
	if (!read_trash_name(&f, name) || !place_path(path, c->conf, place) ||
	    stat(path, &st) != 0 ||
	    st.st_ctime > c->now / USEC_PER_SEC - TRASH_REST_S)
		return OK;
	e = stored_file_exists(&needed, c, f.organization_id, f.sha256);
	if (e)
		return e;
	if (needed)
		out->restored +=
		    put_back(c->conf, f.organization_id, f.sha256, path);
	else
		out->removed += unlink(path) == 0;
	return OK;
}

enum err
sweep_folder(struct files_swept *out, struct ctx *c, const char *place,
	     sweep_entry *entry)
{
	char path[PATH_MAX];
	DIR *folder = place_path(path, c->conf, place) ? opendir(path) : NULL;
	const struct dirent *d;
	enum err e = OK;

	if (!folder)
		return OK; /* nothing was stored yet */
	while (!e && (d = readdir(folder)))
		if (d->d_name[0] != '.')
			e = entry(out, c, d->d_name);
	closedir(folder);
	return e;
}

enum err
files_sweep(struct files_swept *out, struct ctx *c, bool all)
{
	bool more = true;
	enum err e = OK;

	*out = (struct files_swept){0};
	while (!e && more)
		e = attachment_purge(&more, c, all);
	if (!e)
		e = sweep_doomed(out, c);
	return e ? e : sweep_folder(out, c, TRASH, sweep_trash_file);
}
