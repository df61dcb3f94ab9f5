/* The second half of a task's step: what follows from Linear's answer.
 *
 * Each answer is applied in one transaction, with the issue locked and the
 * lease held: the payload is merged into the issue, the snapshot and the
 * pending writes are updated, and the task is either finished, planned again
 * or given back. The functions apply_... decide by the outcome of the
 * request, the functions applied_... by its step. How payloads are merged is
 * in session.c and merge.c, what is asked next in plan.c. */

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "desk/issue_link.h"
#include "ingest.h"
#include "merge.h"
#include "sync/silence.h"
#include "sync/task.h"
#include "sync/webhook.h"
#include "thread.h"

/* Older comments of an issue that has more than this are not read. */
#define COMMENTS_MAX 5000

/* One answer being applied. */
struct applying {
	struct task *t;
	struct task was; /* before the transaction, for when it runs again */
	struct ctx *c;
	const struct linear_answer *answer;
	bool is_last; /* of a failure: for the dead letter */
	const char *code, *text;
	struct session session;
	enum verdict verdict;
};

/* --- failures ------------------------------------------------------------ */

/* The outcome of the values that were sent is known. But if the request was
 * sent twice and the second one was refused, the first may have worked. */
static enum err
end_pending_writes(struct applying *p)
{
	const struct task *t = p->t;
	const struct linear_answer *a = p->answer;

	if (!t->pending_since || (a->resent && a->outcome != LINEAR_OK))
		return OK;
	return pending_write_end(p->c, t->issue.id, t->pending_since);
}

/* Makes the job a dead letter, with these words. */
static enum err
dead_letter(struct applying *p, const char *code, const char *text)
{
	struct issue *i = p->session.issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = SYNC_FAILED};
	enum err e = issue_set_link(p->c, i, &link);

	p->verdict = TASK_DEAD;
	return e ? e
		 : job_dead_letter(p->c, p->t->owner, &p->t->job, code, text);
}

/* The failure is issue-specific. */
static enum err
issue_fault(struct applying *p, const char *code, const char *text)
{
	struct task *t = p->t;

	if (t->job.attempts + 1 >= JOB_ATTEMPTS_MAX)
		return dead_letter(p, code, text);
	p->verdict = TASK_RETRY;
	return job_fail(p->c, t->owner, &t->job, code, text);
}

/* Linear answered, but not in the form that was asked for. */
static enum err
not_understood(struct applying *p)
{
	return issue_fault(p, "not_understood",
			   "Linear's answer was not understood.");
}

/* --- success ------------------------------------------------------------- */

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

static bool
is_same_id(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Whether the thread that was sent is still the issue's: a webhook may have
 * reported meanwhile that it was deleted. */
static bool
is_thread_current(const struct applying *p)
{
	return is_same_id(p->t->thread_id, p->session.snapshot.thread_id);
}

static void
note_thread(struct applying *p)
{
	if (is_thread_current(p))
		p->session.snapshot.thread_open = true;
}

static enum err
applied_create(struct applying *p)
{
	struct linear_issue theirs, last;
	struct snapshot *b = &p->session.snapshot;
	enum err e;

	if (!read_issue_at(&theirs, p, "issueCreate", "issue", NULL))
		return not_understood(p);
	if (read_issue_at(&last, p, "commentCreate", "comment", "issue"))
		theirs = last;
	agree_on_sent(p, &theirs);
	b->link = p->t->link;
	note_thread(p);
	e = applied_issue(p, &theirs);
	return e ? e : end_pending_writes(p);
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
		return not_understood(p);
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
	return e ? e : end_pending_writes(p);
}

static enum err
applied_link(struct applying *p)
{
	struct linear_issue theirs;

	if (!read_issue_at(&theirs, p, "attachmentCreate", "attachment",
			   "issue"))
		return not_understood(p);
	p->session.snapshot.link = p->t->link;
	return applied_issue(p, &theirs);
}

static enum err
applied_unarchive(struct applying *p)
{
	struct linear_issue theirs;

	if (!read_issue_at(&theirs, p, "issueUnarchive", "entity", NULL))
		return not_understood(p);
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
 * known. A later time alone is no proof: an archived issue lists no
 * comments, and other properties in Linear have no webhooks that Docket
 * subscribes to. */
static enum err
is_news(bool *out, struct applying *p, const struct linear_issue *theirs)
{
	const struct snapshot *b = &p->session.snapshot;
	bool current = true;
	enum err e = OK;

	*out = !p->t->after && theirs->updated_at > b->linear_updated_at;
	if (!*out || merge_changed_there(b, theirs))
		return OK;
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
		return not_understood(p);
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
		return not_understood(p);
	note_thread(p);
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
		return not_understood(p);
	if (p->t->step == STEP_COMMENT)
		note_thread(p);
	p->t->progress = p->t->rounds;
	e = thread_mark_sent(p->c, &p->t->comment, &got);
	return e ? e : applied_issue(p, &theirs);
}

/* Withdrawn now, or already gone. */
static enum err
applied_withdrawal(struct applying *p)
{
	p->t->progress = p->t->rounds;
	return thread_mark_current(p->c, &p->t->comment);
}

/* Linear no longer has the issue; reading it again would show nothing else. */
static enum err
apply_gone(struct applying *p)
{
	struct task *t = p->t;
	enum err e = session_unlink(&p->session);

	t->must_read = t->is_missing = false;
	return e ? e : job_refetched(p->c, t->owner, &t->job);
}

static enum err
applied_team(struct applying *p)
{
	struct linear_team team;

	if (!linear_read_team(&team, p->t->arena, p->answer))
		return not_understood(p);
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
	case STEP_NONE:
		break;
	}
	return OK;
}

/* --- refusals ------------------------------------------------------------ */

/* No answer, or a failure of Linear's. What was sent may have been applied. */
static enum err
retry_later(struct applying *p)
{
	const struct linear_answer *a = p->answer;
	struct task *t = p->t;
	enum err e = a->unsent ? end_pending_writes(p) : OK;

	if (e)
		return e;
	if (a->is_issue_specific)
		return issue_fault(p, a->code, a->text);
	p->verdict = TASK_RETRY;
	return job_release(p->c, t->owner, &t->job,
			   p->c->now + job_retry_wait(&t->job, p->c->now),
			   a->code, a->text);
}

/* The key is refused or limited, which is not this issue's fault. */
static enum err
wait_for_key(struct applying *p)
{
	struct task *t = p->t;
	enum err e = end_pending_writes(p);

	p->verdict = TASK_RETRY;
	return e ? e
		 : job_release(p->c, t->owner, &t->job, p->c->now, NULL, NULL);
}

/* Linear refused the request and did nothing. */
static enum err
refused_as(struct applying *p, const char *code, const char *text)
{
	enum err e = end_pending_writes(p);

	return e ? e : dead_letter(p, code, text);
}

static enum err
refused(struct applying *p)
{
	return refused_as(p, p->answer->code, p->answer->text);
}

/* An id that we chose exists already: an earlier request has worked,
 * whichever of our processes sent it. */
static enum err
apply_duplicate(struct applying *p)
{
	const char *id = p->answer->id;

	/* not every answer names the id */
	if (!id && !p->t->stale_seen) {
		p->t->must_read = p->t->stale_seen = true;
		return OK;
	}
	if (is_same_id(id, p->session.issue->linear_id)) {
		p->t->must_read = true;
		return OK;
	}
	if (p->t->step == STEP_COMMENT &&
	    is_same_id(id, p->t->comment.linear_id))
		return thread_mark_sent(p->c, &p->t->comment, NULL);
	if (is_same_id(id, p->t->thread_id)) {
		note_thread(p);
		return OK;
	}
	return refused(p);
}

/* The customer's thread was deleted in Linear: the next reply opens another. */
static enum err
apply_missing_thread(struct applying *p)
{
	struct snapshot *b = &p->session.snapshot;

	if (!is_thread_current(p))
		return OK;
	if (!b->thread_open)
		return refused(p);
	b->thread_open = false;
	b->thread_id = NULL;
	return OK;
}

/* A deleted issue, and one in a team that the key cannot see, are missing in
 * the same way. Asking for the team tells which it is. */
static enum err
apply_missing_issue(struct applying *p)
{
	if (!session_team(&p->session))
		return apply_gone(p);
	p->t->is_missing = true;
	return OK;
}

static enum err
apply_missing(struct applying *p)
{
	const char *what = p->answer->entity;

	if (strcmp(what, "Issue") == 0 && p->t->step != STEP_CREATE)
		return apply_missing_issue(p);
	if (strcmp(what, "Team") == 0 && p->t->is_missing)
		return refused_as(
		    p, "team_hidden",
		    "Linear shows neither the issue nor its team: "
		    "access to the team was lost, or the team was "
		    "deleted.");
	if (strcmp(what, "Comment") == 0 && p->t->step == STEP_COMMENT)
		return apply_missing_thread(p);
	if (strcmp(what, "Comment") == 0 &&
	    (p->t->step == STEP_COMMENT_EDIT ||
	     p->t->step == STEP_COMMENT_WITHDRAW))
		return applied_withdrawal(p);
	if (strcmp(what, "User") == 0 && !p->t->stale_seen) {
		p->t->stale_seen = true;
		cache_forget(p->t->cache);
		return OK;
	}
	return refused(p);
}

/* The state was deleted, or belongs to the team that the issue has left. */
static enum err
apply_stale(struct applying *p)
{
	if (p->t->stale_seen)
		return issue_fault(p, p->answer->code, p->answer->text);
	p->t->stale_seen = true;
	cache_forget(p->t->cache);
	p->t->must_read = p->session.issue->kind.synced_to_linear;
	return end_pending_writes(p);
}

static enum err
apply_archived(struct applying *p)
{
	if (p->session.snapshot.archived || p->t->unarchived)
		return issue_fault(p, p->answer->code, p->answer->text);
	p->session.snapshot.archived = true;
	return end_pending_writes(p);
}

/* The assignee may be unknown by now: who has the address is asked again. */
static enum err
apply_refused(struct applying *p)
{
	if (!p->t->has_assignee || p->t->stale_seen)
		return refused(p);
	p->t->stale_seen = true;
	cache_forget(p->t->cache);
	return end_pending_writes(p);
}

/* In a document, the fields before the one that was refused have been
 * applied. So a new issue exists, but without its link or thread. */
static enum err
apply_invalid(struct applying *p)
{
	const char *field = p->answer->field ? p->answer->field : "";
	bool link = strcmp(field, "attachmentCreate") == 0 ||
		    strcmp(field, "before") == 0;
	bool made = p->t->step == STEP_CREATE &&
		    (link || strcmp(field, "commentCreate") == 0);

	if (!link && !made)
		return apply_refused(p);
	if (link)
		p->session.snapshot.link = link_refused(&p->t->link);
	p->t->must_read = made || p->t->step == STEP_LINK;
	/* of an update the link is the first field, so nothing was applied */
	return p->t->step == STEP_UPDATE ? end_pending_writes(p) : OK;
}

static enum err
apply_outcome(struct applying *p)
{
	switch (p->answer->outcome) {
	case LINEAR_OK:
		return apply_success(p);
	case LINEAR_DUPLICATE:
		return apply_duplicate(p);
	case LINEAR_NOT_FOUND:
		return apply_missing(p);
	case LINEAR_ARCHIVED:
		return apply_archived(p);
	case LINEAR_STALE:
		return apply_stale(p);
	case LINEAR_INVALID:
		return apply_invalid(p);
	case LINEAR_AUTH:
	case LINEAR_LIMITED:
		return wait_for_key(p);
	case LINEAR_RETRY:
		return retry_later(p);
	}
	return OK;
}

/* Opens the session. *there is false if the issue was deleted here. */
static enum err
open_issue(bool *there, struct applying *p)
{
	struct task *t = p->t;
	enum err e = session_open(&p->session, p->c, t->job.organization_id,
				  t->job.issue_id, NULL);

	*there = !e;
	if (e == ERR_NOTFOUND) {
		p->verdict = TASK_DONE;
		return job_delete(p->c, t->job.issue_id);
	}
	return e ? e : job_hold(p->c, t->owner, t->job.issue_id);
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
	e = open_issue(&there, p);
	if (e || !there)
		return e;
	e = apply_outcome(p);
	if (!e && p->verdict == TASK_AGAIN)
		e = task_finish(&p->verdict, t, &p->session);
	return e ? e : session_save(&p->session);
}

static enum err
run_in_transaction(enum verdict *out, struct applying *p,
		   enum err (*what)(void *))
{
	enum err e = db_transaction(p->c->db, what, p);

	if (e == ERR_STALE) {
		*out = TASK_LOST;
		return OK;
	}
	if (!e)
		*out = p->verdict;
	return e;
}

enum err
task_apply(enum verdict *out, struct task *t, struct ctx *c,
	   const struct linear_answer *answer)
{
	struct applying p = {.t = t, .was = *t, .c = c, .answer = answer};

	return run_in_transaction(out, &p, apply_answer);
}

static enum err
apply_fault(void *arg)
{
	struct applying *p = arg;
	bool there;
	enum err e;

	*p->t = p->was;
	e = open_issue(&there, p);
	if (e || !there)
		return e;
	return p->is_last ? dead_letter(p, p->code, p->text)
			  : issue_fault(p, p->code, p->text);
}

enum err
task_fault(enum verdict *out, struct task *t, struct ctx *c, bool last,
	   const char *code, const char *text)
{
	struct applying p = {.t = t,
			     .was = *t,
			     .c = c,
			     .is_last = last,
			     .code = code,
			     .text = text};

	return run_in_transaction(out, &p, apply_fault);
}
