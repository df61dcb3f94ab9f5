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

/* Comments on both sides: public ones of ours are replies in the one thread
 * that Docket opens on an issue for its customer, and replies there are public
 * here. Whatever else is said in Linear is internal. */

/* What that thread's first comment says. */
extern const char thread_text[];

/* What a reply says in Linear: who wrote it, and below, quoted, their words. */
const char *thread_reply(struct arena *a, const struct comment *m);

/* The oldest public comment that Linear lacks, or has as it was before it was
 * edited, or still has after it was withdrawn (its content is NULL then); *out
 * is NULL when there is none. */
enum err thread_next(struct comment **out, struct ctx *c,
		     int64_t issue_id) MUST_CHECK;

/* Linear has that comment of ours as it is given, and wrote it so (NULL: that
 * is unknown, and it may be an older one). */
enum err thread_mark_sent(struct ctx *c, const struct comment *m,
			  const struct linear_comment *got) MUST_CHECK;

/* Linear has that comment no more. */
enum err thread_mark_current(struct ctx *c, const struct comment *m) MUST_CHECK;

/* Inside a transaction with the issue locked: what Linear tells of one comment,
 * new or edited. May open snapshot's thread. `listed_at`: it was among those
 * that the issue has when Linear was asked then, so that it was not deleted
 * even if it was missing once; 0: it came by itself. */
enum err thread_ingest(struct ctx *c, const struct actor *who,
		       const struct issue *issue, struct snapshot *snapshot,
		       const struct linear_comment *m,
		       usec_t listed_at) MUST_CHECK;

/* The same of a comment that is gone there: what was written there goes here,
 * too, and what was written here stays. */
enum err thread_remove(struct ctx *c, const struct actor *who,
		       const char *linear_id) MUST_CHECK;

/* The same of all that are gone: the issue has had these comments and no
 * others at `asked_at`. */
enum err thread_remove_others(struct ctx *c, const struct actor *who,
			      const struct issue *issue,
			      const struct linear_issue *theirs,
			      usec_t asked_at) MUST_CHECK;

/* Whether an issue's comments are those that Linear has, as of their last
 * changes; `theirs` is a connection of them. */
enum err thread_is_current(bool *out, struct ctx *c, int64_t issue_id,
			   const struct json *theirs) MUST_CHECK;

/* Where a comment with that id in Linear belongs. ERR_NOTFOUND. */
struct issue_owner {
	int64_t issue_id, organization_id;
};

enum err thread_owner(struct issue_owner *out, struct ctx *c,
		      const char *linear_id) MUST_CHECK;

#endif
