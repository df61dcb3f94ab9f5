#ifndef SYNC_DOWNLOAD_H
#define SYNC_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/attachment.h"

/* The queue of files that are to be fetched from Linear (table
 * linear_download). A process fetches a file while it holds its lease. */

struct download {
	struct attachment *file;
	int64_t attempts; /* that failed */
};

/* After so many failures, some hours, a file is given up. */
#define DOWNLOAD_ATTEMPTS_MAX 30

/* Inside the transaction that adds the attachment: queues it. */
enum err download_add(struct ctx *c, int64_t attachment_id) MUST_CHECK;

/* Leases a file that is due. ERR_NOTFOUND: none is. */
enum err download_lease(struct download *out, struct ctx *c,
			const char *owner) MUST_CHECK;

/* The content is here: see attachment_received(). */
enum err download_finish(struct ctx *c, const struct download *d,
			 const struct attachment_new *new, content_keep *keep,
			 void *arg) MUST_CHECK;

/* It failed, in these words: it is tried again, later and later, or given up at
 * once (`last`) or after DOWNLOAD_ATTEMPTS_MAX failures. Staff find that in the
 * history. *given_up says which. */
enum err download_fail(bool *given_up, struct ctx *c, const struct download *d,
		       bool last, const char *text) MUST_CHECK;

/* Gives the file back unfetched, to be tried at once. */
enum err download_release(struct ctx *c, const struct download *d) MUST_CHECK;

/* Frees leases that nobody works under: those of processes of this host that no
 * longer run, and those of `owner`, who calls this, but for its n files `busy`.
 * It loses track of one when the database fails in the middle of something; the
 * file then counts as failed once more. */
enum err download_break_leases(struct ctx *c, const char *host,
			       const char *owner, const int64_t *busy,
			       size_t n) MUST_CHECK;

/* Makes all of them due now that are due after then: only a wrong clock, or an
 * outage that is over, can have put them so far ahead. */
enum err download_expedite(struct ctx *c, usec_t after) MUST_CHECK;

#endif
