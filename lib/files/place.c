#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"

/* Workers and docket-sync may run as different users of one group. */
#define FOLDER_MODE 0750

void
file_place(char out[FILE_PLACE_TEXT], int64_t organization_id,
	   const char *sha256)
{
	(void)snprintf(out, FILE_PLACE_TEXT, "%lld/%.2s/%s",
		       (long long)organization_id, sha256, sha256);
}

bool
is_sha256(const char *text)
{
	return strlen(text) == SHA256_TEXT - 1 &&
	       strspn(text, "0123456789abcdef") == SHA256_TEXT - 1;
}

bool
place_path(char out[PATH_MAX], const struct conf *conf, const char *place)
{
	const int n = snprintf(out, PATH_MAX, "%s/%s", conf->files_dir, place);

	if (n > 0 && n < PATH_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

bool
place_is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
place_sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;
	bool ok;

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path),
		       path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* some network file systems cannot, and need not */
	ok = fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
	close(fd);
	return ok;
}

/* Creates a folder; *made: it was not there. */
static bool
make_folder(const char *path, bool *made)
{
	*made = mkdir(path, FOLDER_MODE) == 0;
	return *made ? place_sync_folder(path) : errno == EEXIST;
}

bool
place_make_folders(const struct conf *conf, int64_t organization_id,
		   const char *sha256)
{
	char place[FILE_PLACE_TEXT], path[PATH_MAX];
	bool made;

	(void)snprintf(place, sizeof(place), "%lld/%.2s",
		       (long long)organization_id, sha256);
	if (!place_path(path, conf, place))
		return false;
	if (make_folder(path, &made))
		return true;
	if (errno != ENOENT)
		return false;
	*strrchr(path, '/') = '\0';
	if (!make_folder(path, &made) || !place_path(path, conf, place))
		return false;
	return make_folder(path, &made);
}

bool
store_prepare(const struct conf *conf)
{
	static const char *const folders[] = {"", INCOMING, TRASH};
	char path[PATH_MAX];
	bool made;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!place_path(path, conf, folders[i]))
			return false;
		if (!*folders[i])
			path[strlen(path) - 1] = '\0';
		if (!make_folder(path, &made))
			return false;
	}
	return true;
}
