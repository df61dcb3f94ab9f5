/* The allocator, which ends the process when memory has run out. The libraries
 * differ in what they do then: GLib calls itself until the stack ends, libxml2
 * returns half a document. So their calls of malloc come here first, as the C
 * library allows (GNU C Library, "Replacing malloc"). */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "mail/incoming.h"

/* AddressSanitizer has an allocator of its own. */
#ifndef DOCKET_ASAN

/* Those of the C library. NOLINTBEGIN(bugprone-reserved-identifier) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

static void *
checked(void *p)
{
	if (!p)
		_exit(INCOMING_NO_MEMORY);
	return p;
}

void *
malloc(size_t size)
{
	return checked(__libc_malloc(size));
}

void *
calloc(size_t nmemb, size_t size)
{
	return checked(__libc_calloc(nmemb, size));
}

void *
realloc(void *ptr, size_t size)
{
	/* with 0 it frees */
	return size ? checked(__libc_realloc(ptr, size))
		    : __libc_realloc(ptr, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return checked(__libc_memalign(alignment, size));
}

int
posix_memalign(void **memptr, size_t alignment, size_t size)
{
	*memptr = checked(__libc_memalign(alignment, size));
	return 0;
}

#else

/* C wants a file to declare something. */
extern int incoming_memory;

#endif
