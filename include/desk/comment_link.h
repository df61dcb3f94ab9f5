#ifndef DESK_COMMENT_LINK_H
#define DESK_COMMENT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ctx.h"

struct comment;

/* What the sync writes into rows of table comment, for sync/thread.c. It only
 * changes the row: the search index and the history are the caller's. */

/* Linear has the comment m, as it was when it was sent. linear_dirty is
 * cleared, unless its text or its author's name has changed since, or it was
 * withdrawn. `hash` is that of the text as Linear returned it and `updated_at`
 * Linear's time; NULL and 0 when Linear returned no comment: then linear_dirty
 * stays. */
enum err comment_link_sent(struct ctx *c, const struct comment *m,
			   const unsigned char hash[HASH_BYTES],
			   usec_t updated_at) MUST_CHECK;

/* Linear's text was received: its hash, and Linear's time. */
enum err comment_link_received(struct ctx *c, int64_t id,
			       const unsigned char hash[HASH_BYTES],
			       usec_t updated_at) MUST_CHECK;

/* Whether Linear has to be told of an edit or a withdrawal. */
enum err comment_link_set_dirty(struct ctx *c, int64_t id,
				bool dirty) MUST_CHECK;

/* Linear edited, deleted or restored a comment that was written there. */
enum err comment_link_edited(struct ctx *c, int64_t id,
			     const char *content) MUST_CHECK;
enum err comment_link_deleted(struct ctx *c, int64_t id) MUST_CHECK;
enum err comment_link_restored(struct ctx *c, int64_t id) MUST_CHECK;

#endif
