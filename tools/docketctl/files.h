#ifndef DOCKETCTL_FILES_H
#define DOCKETCTL_FILES_H

#include <stdint.h>

/* A file_fault (files/verify.h) that says it on stderr; its argument is the
 * call. */
void say_file_fault(void *arg, int64_t organization_id, const char *sha256,
		    const char *what);

#endif
