#ifndef SYNC_TASK_H
#define SYNC_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "linear/client.h"
#include "sync/cache.h"
#include "sync/job.h"
#include "sync/snapshot.h"

/* How one issue comes to agree with Linear: step by step, each of them one
 * request that follows from the issue as it is and from what was agreed last.
 * What was sent and never answered is found out by the next step, which reads
 * before it sends again; so whoever dies at whatever moment, the next one goes
 * on, and writes over nothing that it could have known. */

/* What the last request asked for. */
enum step {
	STEP_NONE,
	STEP_TEAM,
	STEP_USER,
	STEP_GET,
	STEP_CREATE,
	STEP_UPDATE,
	STEP_LINK,
	STEP_UNARCHIVE,
	STEP_THREAD,
	STEP_COMMENT,
	STEP_COMMENT_EDIT,    /* of a comment that Linear has */
	STEP_COMMENT_WITHDRAW /* likewise */
};

/* One job under way. */
struct task {
	struct arena *arena; /* of this job */
	const char *owner;   /* of its lease */
	struct cache *cache;
	struct sync_job job;
	enum step step;
	unsigned rounds;   /* requests so far */
	unsigned progress; /* as of the last one that is done with for good */
	usec_t asked_at, known_at; /* and what Linear last changed as of then */
	bool must_read;	 /* what Linear has is unknown: read it first */
	bool was_read;	 /* since the job was leased */
	bool is_missing; /* Linear knows no such issue: is there its team? */
	bool stale_seen, unarchived; /* once is enough */
	/* comments of the pages read so far, and where the next begins */
	struct linear_comment *read;
	size_t read_count;
	const char *after;
	/* as of when it was sent */
	struct issue issue;
	struct snapshot snapshot;
	unsigned fields;
	usec_t pending_since; /* when its values were noted as on their way */
	struct hash link;
	bool has_link, has_assignee; /* sent with it */
	const char *thread_id;	     /* that it opens, or replies in */
	struct comment comment;
	const char *email; /* asked for */
};

enum verdict {
	TASK_SEND,  /* a request is ready */
	TASK_AGAIN, /* plan once more */
	TASK_DONE,  /* both sides agree, the job is gone */
	TASK_LOST,  /* the lease is another's: let it be */
	TASK_RETRY, /* it failed, and is released for later */
	TASK_DEAD   /* it failed for good */
};

/* Works out the next request. Returns ERR_DB when the database is away: the
 * lease then runs out by itself. */
enum err task_plan(enum verdict *out, struct linear_request *request,
		   struct task *t, struct ctx *c) MUST_CHECK;

/* Inside the transaction that took an answer: if nothing more is to be asked,
 * the job is done with it. */
struct session;
enum err task_finish(enum verdict *out, struct task *t,
		     struct session *b) MUST_CHECK;

/* Takes its answer. What Linear refuses is a dead letter at once. A fault of
 * Linear's, or an answer that is not understood, is one after JOB_ATTEMPTS_MAX
 * times if it is this issue's own; everything else is tried until it works. */
enum err task_apply(enum verdict *out, struct task *t, struct ctx *c,
		    const struct linear_answer *answer) MUST_CHECK;

/* Something else is wrong with this issue: it is tried again so many times,
 * or, if it is the `last`, never. */
enum err task_fault(enum verdict *out, struct task *t, struct ctx *c, bool last,
		    const char *code, const char *text) MUST_CHECK;

#endif
