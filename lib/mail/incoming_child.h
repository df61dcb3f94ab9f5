#ifndef MAIL_INCOMING_CHILD_H
#define MAIL_INCOMING_CHILD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct incoming_child;

/* What a child has written, in the arena. */
struct incoming_output {
	const char *json, *files;
	size_t n, files_n; /* bytes */
};

/* Starts the program that the command (ended by NULL) names, for a mail. After
 * patience_s seconds it is killed. NULL: it cannot be started. */
struct incoming_child *incoming_child_start(const char *const *command,
					    int patience_s, const char *raw,
					    size_t n);

/* Waits for its end. Returns NULL, or why it did not do its work. */
const char *incoming_child_wait(struct incoming_child *child, struct arena *a);

/* After that. False: it wrote too much. */
bool incoming_child_take(struct incoming_output *out,
			 struct incoming_child *child, struct arena *a);

void incoming_child_close(struct incoming_child *child);

#endif
