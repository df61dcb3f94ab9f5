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

bool
place_own(const char *path, const char *files_dir)
{
	struct stat st;

	return geteuid() != 0 || (stat(files_dir, &st) == 0 &&
				  chown(path, st.st_uid, (gid_t)-1) == 0);
}

/* Creates a folder, if it is not there. */
static bool
make_folder(const char *path, const struct conf *conf)
{
	if (mkdir(path, FOLDER_MODE) != 0)
		return errno == EEXIST;
	return place_own(path, conf->files_dir) && place_sync_folder(path);
}

bool
place_make_folders(const struct conf *conf, int64_t organization_id,
		   const char *sha256)
{
	char place[FILE_PLACE_TEXT], path[PATH_MAX];

	(void)snprintf(place, sizeof(place), "%lld/%.2s",
		       (long long)organization_id, sha256);
	if (!place_path(path, conf, place))
		return false;
	if (make_folder(path, conf))
		return true;
	if (errno != ENOENT)
		return false;
	*strrchr(path, '/') = '\0';
	if (!make_folder(path, conf) || !place_path(path, conf, place))
		return false;
	return make_folder(path, conf);
}

bool
store_prepare(const struct conf *conf)
{
	static const char *const folders[] = {"", INCOMING, TRASH};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!place_path(path, conf, folders[i]))
			return false;
		if (!*folders[i])
			path[strlen(path) - 1] = '\0';
		if (!make_folder(path, conf))
			return false;
	}
	return true;
}
