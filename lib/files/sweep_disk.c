/* Files without a row: a process that is killed between the two leaves one.
 * Each folder is compared with the rows of the contents that belong there, with
 * one query. A file that has none gets one, which dooms it, and goes the way of
 * all files: so an upload of the same content that comes meanwhile is safe. */

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "desk/attachment.h"
#include "place.h"
#include "sweeping.h"

#define DAY_S 86400

/* "7/a1", the folder of an organization and of the first characters of hashes.
 */
struct folder {
	int64_t organization_id;
	char start[3];
	char place[32];
};

static bool
is_old(const struct ctx *c, const char *place)
{
	char path[PATH_MAX];
	struct stat st;

	return place_path(path, c->conf, place) && stat(path, &st) == 0 &&
	       S_ISREG(st.st_mode) &&
	       st.st_mtime < c->now / USEC_PER_SEC - DAY_S;
}

static bool
is_listed(const struct stored_file *list, size_t n, const char *sha256)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].sha256, sha256) == 0)
			return true;
	return false;
}

/* A file that the rows did not have when they were read. */
static enum err
sweep_rowless(struct files_swept *out, struct ctx *c,
	      const struct folder *folder, const char *sha256)
{
	struct stored_file f = {.organization_id = folder->organization_id};
	char place[FILE_PLACE_TEXT];
	bool ours = false;
	enum err e;

	file_place(place, f.organization_id, sha256);
	if (!is_old(c, place))
		return OK;
	e = stored_file_orphan(&ours, c, f.organization_id, sha256);
	if (e || !ours)
		return e;
	memcpy(f.sha256, sha256, SHA256_TEXT);
	return sweep_one(out, c, &f);
}

static enum err
compare_folder(struct files_swept *out, struct ctx *c,
	       const struct folder *folder)
{
	char path[PATH_MAX];
	DIR *d =
	    place_path(path, c->conf, folder->place) ? opendir(path) : NULL;
	const struct dirent *entry;
	struct stored_file *list;
	size_t n;
	enum err e;

	if (!d)
		return OK;
	e = stored_file_list_folder(&list, &n, c, folder->organization_id,
				    folder->start);
	while (!e && (entry = readdir(d)))
		if (is_sha256(entry->d_name) &&
		    !is_listed(list, n, entry->d_name))
			e = sweep_rowless(out, c, folder, entry->d_name);
	closedir(d);
	return e;
}

/* Each folder has memory of its own. */
static enum err
sweep_organization(struct files_swept *out, struct ctx *c, const char *name)
{
	struct ctx one = *c;
	struct folder f;
	char *end;
	enum err e = OK;

	f.organization_id = strtoll(name, &end, 10);
	if (!isdigit((unsigned char)*name) || *end)
		return OK; /* incoming, trash */
	one.arena = arena_new();
	db_attach(c->db, one.arena);
	for (int i = 0; !e && i < 256; i++) {
		arena_reset(one.arena);
		(void)snprintf(f.start, sizeof(f.start), "%02x", (unsigned)i);
		(void)snprintf(f.place, sizeof(f.place), "%lld/%s",
			       (long long)f.organization_id, f.start);
		e = compare_folder(out, &one, &f);
	}
	db_attach(c->db, c->arena);
	arena_free(one.arena);
	return e;
}

static enum err
sweep_incoming(struct files_swept *out, struct ctx *c, const char *name)
{
	char place[300], path[PATH_MAX];

	(void)snprintf(place, sizeof(place), INCOMING "/%s", name);
	if (is_old(c, place) && place_path(path, c->conf, place))
		out->removed += unlink(path) == 0;
	return OK;
}

enum err
files_sweep_disk(struct files_swept *out, struct ctx *c)
{
	enum err e;

	*out = (struct files_swept){0};
	e = sweep_folder(out, c, INCOMING, sweep_incoming);
	return e ? e : sweep_folder(out, c, ".", sweep_organization);
}

/* Whether the database may lack rows of files that people still need: it was
 * restored, maybe from the wrong backup, or it is another one, without any. */
static enum err
is_in_doubt(bool *out, struct ctx *c)
{
	const struct stored_file none = {.organization_id = -1};
	struct shared_state restored;
	struct stored_file *list;
	size_t n = 0;
	enum err e = shared_state_get(&restored, c, STATE_RESTORED);

	if (!e)
		e = stored_file_list(&list, &n, c, &none, 1);
	if (!e)
		*out = !n || (restored.value &&
			      restored.updated_at > c->now - DELETED_GRACE);
	return e;
}

enum err
files_sweep_disk_daily(struct files_swept *out, struct ctx *c)
{
	bool ours = false, doubt = true;
	enum err e = shared_state_claim(&ours, c, STATE_FILES_SWEPT,
					c->now - DAY_S * USEC_PER_SEC);

	*out = (struct files_swept){0};
	if (!e && ours)
		e = is_in_doubt(&doubt, c);
	return e || doubt ? e : files_sweep_disk(out, c);
}
