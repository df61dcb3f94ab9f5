#include "base/share.h"

#include <assert.h>
#include <fcntl.h>
#include <unistd.h>

static int file = -1;	/* never closed: that would release the locks */
static off_t held = -1; /* the byte that this process has locked */

void
share_open(const char *path)
{
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* Does not wait for another process. */
static bool
set_lock(off_t at, short type)
{
	struct flock lock = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};

	return fcntl(file, F_SETLK, &lock) == 0;
}

/* A lock may lie beyond the end of the file, so the file stays empty. */
bool
share_take(int64_t key, long places)
{
	const off_t first = (off_t)key * SHARE_PLACES_MAX;

	assert(held < 0 && places <= SHARE_PLACES_MAX);
	if (file < 0)
		return true;
	for (off_t at = first; at < first + places; at++) {
		if (set_lock(at, F_WRLCK)) {
			held = at;
			return true;
		}
	}
	return false;
}

void
share_leave(void)
{
	if (held >= 0)
		(void)set_lock(held, F_UNLCK);
	held = -1;
}
