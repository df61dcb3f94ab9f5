/* The second half of a task's step: what follows from Linear's answer.
 *
 * Each answer is applied in one transaction, with the issue locked and the
 * lease held: the payload is merged into the issue, the snapshot and the
 * pending writes are updated, and the task is either finished, planned again
 * or given back. The functions apply_... decide by the outcome of the
 * request, the functions applied_... by its step. How payloads are merged is
 * in session.c and merge.c, what is asked next in plan.c. */

#include "applying.h"
#include "base/arena.h"
#include "base/json.h"
#include "db/db.h"
#include "finish.h"
#include "mapping.h"
#include "merge.h"
#include "session.h"
#include "sync/silence.h"
#include "sync/task.h"
#include "sync/webhook.h"
#include "thread.h"

/* Older comments of an issue that has more than this are not read. */
#define COMMENTS_MAX 5000

static bool
read_issue_at(struct linear_issue *out, struct applying *p, const char *field,
	      const char *inside, const char *deeper)
{
	const struct json *j = json_get(p->answer->data, field);

	if (inside)
		j = json_get(j, inside);
	if (deeper)
		j = json_get(j, deeper);
	return linear_read_issue(out, p->t->arena, j);
}

/* The answer has a whole issue, and nothing else. */
static enum err
applied_issue(struct applying *p, const struct linear_issue *theirs)
{
	enum err e = session_merge(&p->session, theirs);

	return e ? e : session_record(&p->session, theirs, p->t->asked_at);
}

/* Linear took the fields that were sent: the snapshot has our values, unless
 * a newer payload came in meanwhile. */
static void
agree_on_sent(struct applying *p, const struct linear_issue *theirs)
{
	struct snapshot *b = &p->session.snapshot;

	if (!is_older(theirs->updated_at, b->linear_updated_at, p->c->now))
		snapshot_agree(b, &p->t->issue, theirs, p->t->fields);
}

static enum err
applied_create(struct applying *p)
{
	struct linear_issue theirs, last;
	struct snapshot *b = &p->session.snapshot;
	enum err e;

	if (!read_issue_at(&theirs, p, "issueCreate", "issue", NULL))
		return applying_not_understood(p);
	if (read_issue_at(&last, p, "commentCreate", "comment", "issue"))
		theirs = last;
	agree_on_sent(p, &theirs);
	b->link = p->t->link;
	applying_thread_open(p);
	e = applied_issue(p, &theirs);
	return e ? e : applying_end_pending(p);
}

/* `before` shows the issue as it was just before the update, so it shows
 * what the update overwrote: an edit in Linear that had not reached us yet. */
static enum err
applied_update(struct applying *p)
{
	struct linear_issue before, after;
	struct task *t = p->t;
	enum err e = OK;

	if (!read_issue_at(&after, p, "issueUpdate", "issue", NULL) ||
	    (t->has_link &&
	     !read_issue_at(&before, p, "before", "attachment", "issue")))
		return applying_not_understood(p);
	if (t->has_link) {
		p->session.snapshot.link = t->link;
		e = session_merge_overwritten(&p->session, &t->snapshot,
					      &before, t->fields);
	}
	if (e)
		return e;
	agree_on_sent(p, &after);
	/* a newer payload came in meanwhile, so the snapshot is now a
	 * mixture */
	p->t->must_read = is_older(
	    after.updated_at, p->session.snapshot.linear_updated_at, p->c->now);
	e = applied_issue(p, &after);
	return e ? e : applying_end_pending(p);
}

static enum err
applied_link(struct applying *p)
{
	struct linear_issue theirs;

	if (!read_issue_at(&theirs, p, "attachmentCreate", "attachment",
			   "issue"))
		return applying_not_understood(p);
	p->session.snapshot.link = p->t->link;
	return applied_issue(p, &theirs);
}

static enum err
applied_unarchive(struct applying *p)
{
	struct linear_issue theirs;

	if (!read_issue_at(&theirs, p, "issueUnarchive", "entity", NULL))
		return applying_not_understood(p);
	p->t->unarchived = true;
	return applied_issue(p, &theirs);
}

/* Collects the pages in one list, since only the whole list shows which
 * comments were deleted, and their order. False: there is another page. */
static bool
gather_comments(struct task *t, struct linear_issue *theirs)
{
	const size_t had = t->read_count, n = had + theirs->comment_count;
	struct linear_comment *all =
	    arena_alloc(t->arena, (n + 1) * sizeof(*all));

	for (size_t i = 0; i < n; i++)
		all[i] = i < had ? t->read[i] : theirs->comments[i - had];
	t->after = n < COMMENTS_MAX ? theirs->comments_next : NULL;
	t->read = t->after ? all : NULL;
	t->read_count = t->after ? n : 0;
	theirs->comments = all;
	theirs->comment_count = n;
	return !t->after;
}

/* Whether the first page has a synced change that is newer than what is
 * known. A later time alone is no proof: other properties in Linear have no
 * webhooks that Docket subscribes to. Nor is the same time a proof that nothing
 * is new: Linear dates an issue some 20 ms before the comment that was added,
 * so that a comment soon after another change does not move it. An archived
 * issue lists no comments. */
static enum err
is_news(bool *out, struct applying *p, const struct linear_issue *theirs)
{
	const struct snapshot *b = &p->session.snapshot;
	const usec_t known = b->linear_updated_at;
	bool current = true;
	enum err e = OK;

	*out = !p->t->after && theirs->updated_at >= known;
	if (!*out ||
	    (theirs->updated_at > known && merge_changed_there(b, theirs)))
		return OK;
	if (!theirs->archived)
		e = thread_is_current(
		    &current, p->c, p->t->job.issue_id,
		    json_path(p->answer->data, "issue", "comments", NULL));
	*out = !current;
	return e;
}

/* If only a pass asked for this read, a change in it is one that no webhook
 * reported; unless a stored delivery has yet to be worked off. */
static enum err
note_unheard(struct applying *p, const struct linear_issue *theirs)
{
	const struct sync_job *job = &p->t->job;
	bool news = false, waits = false;
	enum err e = OK;

	if (job->background && job->wants_refetch)
		e = is_news(&news, p, theirs);
	if (!e && news)
		e = webhook_is_waiting(&waits, p->c);
	return e || !news || waits ? e : silence_record(p->c, p->t->asked_at);
}

/* The time of what was read holds, unless another payload came in meanwhile. */
static void
trust_read(struct applying *p, const struct linear_issue *theirs)
{
	usec_t *known = &p->session.snapshot.linear_updated_at;

	if (theirs->updated_at < *known && *known == p->t->known_at &&
	    clock_was_set_back(*known, p->t->asked_at))
		*known = theirs->updated_at;
}

static enum err
applied_get(struct applying *p)
{
	struct linear_issue theirs;
	struct task *t = p->t;
	enum err e;

	if (!read_issue_at(&theirs, p, "issue", NULL, NULL))
		return applying_not_understood(p);
	e = note_unheard(p, &theirs);
	if (e)
		return e;
	if (!gather_comments(t, &theirs)) {
		t->progress = t->rounds;
		return OK;
	}
	trust_read(p, &theirs);
	e = applied_issue(p, &theirs);
	if (!e)
		e = session_end_pending(&p->session, t->asked_at);
	if (e)
		return e;
	t->must_read = false;
	t->was_read = true;
	return job_refetched(p->c, t->owner, &t->job);
}

static enum err
applied_thread(struct applying *p)
{
	struct linear_issue theirs;

	if (!read_issue_at(&theirs, p, "commentCreate", "comment", "issue"))
		return applying_not_understood(p);
	applying_thread_open(p);
	return applied_issue(p, &theirs);
}

static enum err
applied_comment(struct applying *p, const char *field)
{
	const struct json *j =
	    json_path(p->answer->data, field, "comment", NULL);
	struct linear_comment got;
	struct linear_issue theirs;
	enum err e;

	if (!linear_read_comment(&got, p->t->arena, j) ||
	    !linear_read_issue(&theirs, p->t->arena, json_get(j, "issue")))
		return applying_not_understood(p);
	if (p->t->step == STEP_COMMENT)
		applying_thread_open(p);
	p->t->progress = p->t->rounds;
	e = thread_mark_sent(p->c, &p->t->comment, &got);
	if (!e)
		e = attached_mark(p->c, &p->t->attached, p->t->comment.id);
	return e ? e : applied_issue(p, &theirs);
}

/* The reply with the issue's own files. */
static enum err
applied_files_reply(struct applying *p, const char *field)
{
	struct linear_issue theirs;
	enum err e;

	if (!read_issue_at(&theirs, p, field, "comment", "issue"))
		return applying_not_understood(p);
	if (p->t->step == STEP_FILES)
		applying_thread_open(p);
	e = applied_files(p);
	return e ? e : applied_issue(p, &theirs);
}

static enum err
applied_team(struct applying *p)
{
	struct linear_team team;

	if (!linear_read_team(&team, p->t->arena, p->answer))
		return applying_not_understood(p);
	cache_put_team(p->t->cache, &team, p->c->now);
	return p->t->is_missing ? apply_gone(p) : OK;
}

static enum err
applied_user(struct applying *p)
{
	cache_put_user(p->t->cache, p->t->email, linear_read_user(p->answer),
		       p->c->now);
	return OK;
}

static enum err
apply_success(struct applying *p)
{
	switch (p->t->step) {
	case STEP_TEAM:
		return applied_team(p);
	case STEP_USER:
		return applied_user(p);
	case STEP_GET:
		return applied_get(p);
	case STEP_CREATE:
		return applied_create(p);
	case STEP_UPDATE:
		return applied_update(p);
	case STEP_LINK:
		return applied_link(p);
	case STEP_UNARCHIVE:
		return applied_unarchive(p);
	case STEP_THREAD:
		return applied_thread(p);
	case STEP_COMMENT:
		return applied_comment(p, "commentCreate");
	case STEP_COMMENT_EDIT:
		return applied_comment(p, "commentUpdate");
	case STEP_COMMENT_WITHDRAW:
		return applied_withdrawal(p);
	case STEP_FILE_ASK:
		return applied_file_ask(p);
	case STEP_FILE_PUT:
		return applied_file_put(p);
	case STEP_FILES:
		return applied_files_reply(p, "commentCreate");
	case STEP_FILES_EDIT:
		return applied_files_reply(p, "commentUpdate");
	case STEP_FILES_WITHDRAW:
		return applied_files_withdrawal(p);
	case STEP_NONE:
		break;
	}
	return OK;
}

static enum err
apply_outcome(struct applying *p)
{
	if (p->answer->outcome == LINEAR_OK)
		return apply_success(p);
	return p->t->step == STEP_FILE_ASK || p->t->step == STEP_FILE_PUT
		   ? apply_file_refusal(p)
		   : apply_refusal(p);
}

static enum err
apply_answer(void *arg)
{
	struct applying *p = arg;
	struct task *t = p->t;
	bool there;
	enum err e;

	*t = p->was;
	p->verdict = TASK_AGAIN;
	e = applying_open(&there, p);
	if (e || !there)
		return e;
	e = apply_outcome(p);
	if (!e && p->verdict == TASK_AGAIN)
		e = task_finish(&p->verdict, t, &p->session);
	return e ? e : session_save(&p->session);
}

enum err
task_apply(enum verdict *out, struct task *t, struct ctx *c,
	   const struct linear_answer *answer)
{
	struct applying p = {.t = t, .was = *t, .c = c, .answer = answer};

	return applying_run(out, &p, apply_answer);
}
