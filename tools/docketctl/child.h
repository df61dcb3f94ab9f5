#ifndef DOCKETCTL_CHILD_H
#define DOCKETCTL_CHILD_H

#include <stdbool.h>

/* Other programs, run without a shell. The password of the database reaches
 * MariaDB's own by the environment, so that no list of processes shows it. */

/* Runs a pipeline: the commands (each ended by NULL, the list by NULL) read
 * from each other; the first reads `from`, the last writes `to` (-1: ours).
 * True if all succeed; else the name of one that failed is in *failed. */
bool run_pipeline(const char *const *const *commands, int from, int to,
		  const char **failed);

#endif
