#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

/* For a process that is about to read what anybody may have written. */

/* Lowers for good what this process may use: bytes of addresses, seconds of the
 * processor, and bytes of a file that it writes. From then on it opens no
 * descriptor, and leaves no core dump. False: see errno. */
bool confine_process(size_t memory, size_t processor_s, size_t output);

#endif
