#ifndef SYNC_PENDING_WRITE_H
#define SYNC_PENDING_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"
#include "sync/snapshot.h"

/* A value that was sent to Linear and not answered yet (table
 * linear_flight). Whatever Linear does with it, it does within
 * PENDING_WRITE_MAX. A value that is sent again is another pending write:
 * the outcome of one says nothing about the other. */
struct pending_write {
	enum sync_field field;
	struct hash hash;
	usec_t sent_at; /* set by pending_write_begin */
};

#define PENDING_WRITE_MAX (120 * USEC_PER_SEC)

/* If Linear is read so long after a write was sent, the answer shows the
 * write's outcome: it was applied, lost or overwritten. */
#define PENDING_WRITE_VISIBLE (60 * USEC_PER_SEC)

/* All pending writes of an issue. */
enum err pending_write_list(struct pending_write **out, size_t *n,
			    struct ctx *c, int64_t issue_id) MUST_CHECK;

/* These are about to be sent. Inside a transaction. */
enum err pending_writes_begin(struct ctx *c, int64_t issue_id,
			      const struct pending_write *list,
			      size_t n) MUST_CHECK;

/* The outcome of those that were sent at sent_at is known. */
enum err pending_write_end(struct ctx *c, int64_t issue_id,
			   usec_t sent_at) MUST_CHECK;

/* The outcome of this one is known. */
enum err pending_write_delete(struct ctx *c, int64_t issue_id,
			      const struct pending_write *f) MUST_CHECK;

/* Deletes those sent before then: no write takes so long. */
enum err pending_write_purge(struct ctx *c, usec_t before) MUST_CHECK;

/* The pending write for a value that is sent. Of a description only that is
 * hashed which Linear does not reformat. */
struct pending_write pending_write_of_text(enum sync_field field,
					   const char *text);
struct pending_write pending_write_of_id(enum sync_field field,
					 const char *id); /* NULL: none */
struct pending_write pending_write_of_priority(int linear_priority);

/* True if the payload holds that value. */
bool pending_write_arrived(const struct pending_write *f,
			   const struct linear_issue *theirs);

#endif
