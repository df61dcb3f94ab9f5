#ifndef SYNC_TASK_H
#define SYNC_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/sync_job.h"
#include "linear/client.h"
#include "sync/attached.h"
#include "sync/cache.h"
#include "sync/pending_write.h"

/* A task brings one issue and Linear into agreement, step by step. Each step
 * is one request, derived from the issue as it is now and from the snapshot
 * of what was last agreed. If a request was sent and never answered, the
 * next step reads Linear before it writes again. So if a process dies at any
 * moment, another one continues from the database and overwrites nothing
 * that it could have known. */

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
	STEP_COMMENT_EDIT,     /* of a comment that Linear has */
	STEP_COMMENT_WITHDRAW, /* likewise */
	STEP_FILE_ASK,	       /* where to send a file */
	STEP_FILE_PUT,	       /* to Linear's storage */
	STEP_FILES,	       /* the reply with the issue's own files */
	STEP_FILES_EDIT,       /* likewise, if Linear has it */
	STEP_FILES_WITHDRAW    /* likewise, and none are left */
};

/* One job under way. */
struct task {
	struct arena *arena; /* lives as long as the job */
	const char *owner;   /* owner of its lease */
	struct cache *cache;
	struct sync_job job;
	enum step step;
	unsigned rounds; /* requests so far */
	unsigned
	    progress; /* `rounds` at the last step that is finished for good */
	usec_t asked_at,
	    known_at;	 /* when it was read, and linear_updated_at then */
	bool must_read;	 /* Linear's state is unknown: read it before writing */
	bool was_read;	 /* since the job was leased */
	bool is_missing; /* Linear does not know the issue: ask whether its team
			    exists */
	bool stale_seen, unarchived; /* done at most once */
	/* comments of the pages read so far, and the cursor of the next */
	struct linear_comment *read;
	size_t read_count;
	const char *after;
	/* as of the time of sending */
	struct issue issue;
	struct snapshot snapshot;
	unsigned fields;
	usec_t pending_since; /* when its pending writes were stored; 0: none */
	struct hash link;
	bool has_link, has_assignee; /* part of the request */
	const char *thread_id;	     /* that it opens, or replies in */
	struct comment comment;
	const char *email;	     /* that Linear was asked for */
	struct attached attached;    /* files of the issue */
	struct attachment file;	     /* being sent to Linear's storage */
	struct linear_upload upload; /* of it, if asset_url is set */
};

enum verdict {
	TASK_SEND,  /* a request is ready */
	TASK_AGAIN, /* plan again */
	TASK_DONE,  /* both sides agree; the job is deleted */
	TASK_LOST,  /* another owner has the lease: stop */
	TASK_RETRY, /* it failed, and is released for later */
	TASK_DEAD   /* it failed for good: a dead letter */
};

/* Plans the next request. ERR_DB: the database is away; the lease then
 * expires by itself. */
enum err task_plan(enum verdict *out, struct linear_request *request,
		   struct task *t, struct ctx *c) MUST_CHECK;

/* Applies its answer. If Linear refuses the request, the job becomes a dead
 * letter at once. If the failure is issue-specific or the answer is not
 * understood, it does after JOB_ATTEMPTS_MAX attempts. All other failures
 * are retried until it works. */
enum err task_apply(enum verdict *out, struct task *t, struct ctx *c,
		    const struct linear_answer *answer) MUST_CHECK;

/* The issue fails for another reason: it is retried up to JOB_ATTEMPTS_MAX
 * times; with `last`, it becomes a dead letter at once. */
enum err task_fault(enum verdict *out, struct task *t, struct ctx *c, bool last,
		    const char *code, const char *text) MUST_CHECK;

#endif
