#include "db/auth_generation.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t *shared; /* number of increases; NULL: not open */

static void
map(int fd)
{
	void *p;

	/* allocates the disk space now: a later failure to write to the mapping
	 * would kill the process. Existing content stays as it is. */
	if (posix_fallocate(fd, 0, sizeof(*shared)) != 0)
		return;
	p = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		 0);
	if (p != MAP_FAILED)
		shared = p;
}

void
auth_generation_open(const char *path, bool create)
{
	int fd;

	if (shared)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
	if (fd < 0)
		return;
	map(fd);
	close(fd);
}

uint64_t
auth_generation_now(void)
{
	return shared ? atomic_load(shared) + 1 : 0;
}

void
auth_generation_bump(void)
{
	if (shared)
		atomic_fetch_add(shared, 1);
}
