/* Writing files: a piece after another into a file without a name, hashed
 * meanwhile; then it is made durable, and gets its name within the transaction
 * that commits its row. A process that is killed leaves nothing behind, but for
 * file systems without O_TMPFILE (NFS), where it leaves a file in
 * FILES_DIR/incoming, and for a file whose row was not committed: files/sweep.h
 * removes both. */

#include "files/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "place.h"

#define FILE_MODE 0640

/* The disk begins to write whenever so many bytes have come, so that little is
 * left to wait for at the end. */
#define FLUSH_STEP ((int64_t)2 * 1024 * 1024)

static bool
name_incoming(struct incoming *f, const struct conf *conf)
{
	char uuid[UUID_TEXT], place[80], path[PATH_MAX];

	random_uuid(uuid);
	(void)snprintf(f->name, sizeof(f->name), "%s", uuid);
	(void)snprintf(place, sizeof(place), INCOMING "/%s", f->name);
	if (!place_path(path, conf, place))
		return false;
	f->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (f->fd < 0)
		f->name[0] = '\0';
	return f->fd >= 0;
}

static bool
open_incoming(struct incoming *f, const struct conf *conf)
{
	char path[PATH_MAX];

	if (!place_path(path, conf, INCOMING))
		return false;
	f->fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, FILE_MODE);
	if (f->fd < 0 &&
	    (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		return name_incoming(f, conf);
	return f->fd >= 0;
}

bool
incoming_begin(struct incoming *f, const struct conf *conf)
{
	f->fd = -1;
	f->size = f->flushed = 0;
	f->name[0] = f->sha256[0] = '\0';
	sha256_begin(&f->hashing);
	return open_incoming(f, conf) ||
	       (errno == ENOENT && store_prepare(conf) &&
		open_incoming(f, conf));
}

static bool
write_whole(int fd, const char *p, size_t n)
{
	ssize_t w;

	while (n) {
		w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

bool
incoming_add(struct incoming *f, const void *p, size_t n)
{
	if (!write_whole(f->fd, p, n))
		return false;
	sha256_add(&f->hashing, p, n);
	f->size += (int64_t)n;
	if (f->size - f->flushed >= FLUSH_STEP) {
		(void)sync_file_range(f->fd, f->flushed, f->size - f->flushed,
				      SYNC_FILE_RANGE_WRITE);
		f->flushed = f->size;
	}
	return true;
}

bool
incoming_end(struct incoming *f)
{
	sha256_end(f->sha256, &f->hashing);
	return fsync(f->fd) == 0;
}

void
incoming_drop(struct incoming *f, const struct conf *conf)
{
	char place[80], path[PATH_MAX];

	if (f->fd < 0)
		return;
	close(f->fd);
	f->fd = -1;
	(void)snprintf(place, sizeof(place), INCOMING "/%s", f->name);
	if (f->name[0] && place_path(path, conf, place))
		(void)unlink(path);
}

/* Gives the file another name; true if there was one already. */
static bool
link_to(const struct incoming *f, const struct conf *conf, const char *to)
{
	char from[PATH_MAX], place[80];
	int done;

	if (f->name[0]) {
		(void)snprintf(place, sizeof(place), INCOMING "/%s", f->name);
		if (!place_path(from, conf, place))
			return false;
		done = link(from, to);
	} else {
		(void)snprintf(from, sizeof(from), "/proc/self/fd/%d", f->fd);
		done = linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
	}
	return done == 0 || errno == EEXIST;
}

bool
incoming_keep(const struct incoming *f, const struct conf *conf,
	      int64_t organization_id)
{
	char place[FILE_PLACE_TEXT], path[PATH_MAX];

	file_place(place, organization_id, f->sha256);
	if (!place_path(path, conf, place))
		return false;
	if (link_to(f, conf, path))
		return place_sync_folder(path);
	return errno == ENOENT &&
	       place_make_folders(conf, organization_id, f->sha256) &&
	       link_to(f, conf, path) && place_sync_folder(path);
}

bool
file_keep_unbound(void *arg, struct ctx *c, int64_t organization_id,
		  const char *sha256)
{
	char place[FILE_PLACE_TEXT], from[PATH_MAX], to[PATH_MAX];

	(void)arg;
	file_place(place, 0, sha256);
	if (!place_path(from, c->conf, place))
		return false;
	file_place(place, organization_id, sha256);
	if (!place_path(to, c->conf, place))
		return false;
	if (place_is_there(to))
		return place_sync_folder(to);
	if (!place_make_folders(c->conf, organization_id, sha256))
		return false;
	return (link(from, to) == 0 || errno == EEXIST) &&
	       place_sync_folder(to);
}

int
file_open(const struct conf *conf, int64_t organization_id, const char *sha256,
	  int64_t *size)
{
	char place[FILE_PLACE_TEXT], path[PATH_MAX];
	struct stat st;
	int fd;

	file_place(place, organization_id, sha256);
	if (!place_path(path, conf, place))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && size && fstat(fd, &st) == 0)
		*size = st.st_size;
	return fd;
}
