#include "stamp.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic uint64_t *shared; /* how often it advanced; NULL: not joined */

static void
map(int fd)
{
	struct stat st;
	void *p;

	/* longer at once for whoever comes second, too: it stays all zeros */
	if (fstat(fd, &st) != 0 || (st.st_size < (off_t)sizeof(*shared) &&
				    ftruncate(fd, sizeof(*shared)) != 0))
		return;
	p = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		 0);
	if (p != MAP_FAILED)
		shared = p;
}

void
stamp_open(const char *path, bool create)
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
stamp_now(void)
{
	return shared ? atomic_load(shared) + 1 : 0;
}

void
stamp_advance(void)
{
	if (shared)
		atomic_fetch_add(shared, 1);
}
