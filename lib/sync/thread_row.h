#ifndef SYNC_THREAD_ROW_H
#define SYNC_THREAD_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "desk/comment.h"
#include "linear/client.h"

/* What the ingestion of comments shares; for thread_*.c only. */

/* A comment's row. */
struct thread_row {
	struct comment comment;
	int64_t organization_id;
	bool deleted;
	const char *got_hash; /* HASH_BYTES, or NULL */
	usec_t linear_updated_at;
	usec_t changed_at; /* by our clock */
};

/* --- thread_row.c --------------------------------------------------------- */

/* Locks and reads the comment with that id in Linear. ERR_NOTFOUND. */
enum err thread_find_row(struct thread_row *out, struct ctx *c,
			 const char *linear_id) MUST_CHECK;

/* Adds an entry about the comment to the history. */
enum err thread_note(struct ctx *c, const struct actor *who,
		     const struct thread_row *k, const char *field,
		     const char *was, const char *is,
		     bool is_public) MUST_CHECK;

/* --- thread_edit.c -------------------------------------------------------- */

/* Linear changed a comment that was written here. Its text goes to the
 * history; if it is the later change it stays in Linear, unless the name of an
 * erased person has to go from there. */
enum err thread_edited_ours(struct ctx *c, const struct actor *who,
			    const struct thread_row *k,
			    const struct linear_comment *m) MUST_CHECK;

#endif
