#ifndef SYNC_HISTORY_H
#define SYNC_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "sync/snapshot.h"

/* What the issue's history says of its fields. */

/* When somebody here last changed each field; 0: never. */
enum err field_change_times(usec_t out[SYNC_FIELD_MAX], struct ctx *c,
			    int64_t issue_id) MUST_CHECK;

/* The history of a field, oldest first. */
struct field_history {
	usec_t at;
	bool is_conflict; /* a value that lost to another one, not a change */
	bool is_ours;	  /* not by somebody in Linear */
	const char *from, *to;
};

enum err field_history_load(struct field_history **out, size_t *n,
			    struct ctx *c, int64_t issue_id,
			    enum sync_field field) MUST_CHECK;

/* True if the field's current value was set here, not in Linear. */
bool history_is_ours(const struct field_history *history, size_t n);

/* True if the history has a value that Linear held in a field at time `at`,
 * under one of these names (NULL-terminated; none: nobody): recorded since,
 * or our own value so shortly before that its write may have been pending. */
bool history_knows(const struct field_history *history, size_t n,
		   enum sync_field field, const char *const *names, usec_t at);

#endif
