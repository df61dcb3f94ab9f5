#ifndef SYNC_THREAD_H
#define SYNC_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/json.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "linear/client.h"
#include "sync/snapshot.h"

/* Comments on both sides. Our public comments become replies in the one
 * thread that Docket opens on an issue for its customer; replies in that
 * thread become public comments here. All other comments in Linear are
 * internal. */

/* The text of that thread's first comment. */
extern const char thread_text[];
extern const char thread_start[]; /* how it begins */

/* The body of a reply in Linear: the author's name, and their words quoted
 * below it. */
const char *thread_reply(struct arena *a, const struct comment *m);

/* The oldest public comment that Linear lacks, has in an outdated version,
 * or still has although it was withdrawn (then content is NULL). *out is
 * NULL if there is none. */
enum err thread_next(struct comment **out, struct ctx *c,
		     int64_t issue_id) MUST_CHECK;

/* A comment of ours by its id, as thread_next() reads it. */
enum err thread_get(struct comment **out, struct ctx *c, int64_t id) MUST_CHECK;

/* Linear has our comment with this content, and returned it as `got` (NULL:
 * unknown; it may be an older version). */
enum err thread_mark_sent(struct ctx *c, const struct comment *m,
			  const struct linear_comment *got) MUST_CHECK;

/* Linear no longer has that comment. */
enum err thread_mark_current(struct ctx *c, const struct comment *m) MUST_CHECK;

/* Inside a transaction with the issue locked: ingests a comment of Linear's,
 * new or edited. May set the thread in the snapshot as open. `listed_at`:
 * when Linear listed it among all comments of the issue, so it exists, even
 * if it was missing once; 0: it came by a webhook. */
enum err thread_ingest(struct ctx *c, const struct actor *who,
		       struct issue *issue, struct snapshot *snapshot,
		       const struct linear_comment *m,
		       usec_t listed_at) MUST_CHECK;

/* The same for a comment that was deleted in Linear: if it was written there
 * it is deleted here, too; if it was written here it stays. */
enum err thread_remove(struct ctx *c, const struct actor *who,
		       const char *linear_id) MUST_CHECK;

/* The same for all comments that are missing in a complete list, as of
 * `asked_at`. */
enum err thread_remove_others(struct ctx *c, const struct actor *who,
			      const struct issue *issue,
			      const struct linear_issue *theirs,
			      usec_t asked_at) MUST_CHECK;

/* Whether Linear's comments, a connection of ids and times, are those that
 * we know, with the same times of change. */
enum err thread_is_current(bool *out, struct ctx *c, int64_t issue_id,
			   const struct json *theirs) MUST_CHECK;

/* The issue of the comment with that id in Linear. ERR_NOTFOUND. */
struct issue_owner {
	int64_t issue_id, organization_id;
};

enum err thread_owner(struct issue_owner *out, struct ctx *c,
		      const char *linear_id) MUST_CHECK;

#endif
