#include "db/auth_generation.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t *shared; /* how often it advanced; NULL: not joined */

static void
map(int fd)
{
	void *p;

	/* with room on the disk, since there is nobody to tell when a write to
	 * the mapping fails; what is there already stays as it is */
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
