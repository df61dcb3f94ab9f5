/* What follows from a refusal of Linear's, or from no answer: the job waits, is
 * planned again with Linear read first, or becomes a dead letter. */

#include <string.h>

#include "applying.h"
#include "diff.h"
#include "thread.h"

enum err
applying_retry_later(struct applying *p)
{
	const struct linear_answer *a = p->answer;
	struct task *t = p->t;
	enum err e = a->unsent ? applying_end_pending(p) : OK;

	if (e)
		return e;
	if (a->is_issue_specific)
		return applying_fail(p, a->code, a->text);
	p->verdict = TASK_RETRY;
	return job_release(p->c, t->owner, &t->job,
			   p->c->now + job_retry_wait(&t->job, p->c->now),
			   a->code, a->text);
}

enum err
applying_wait_for_key(struct applying *p)
{
	struct task *t = p->t;
	enum err e = applying_end_pending(p);

	p->verdict = TASK_RETRY;
	return e ? e
		 : job_release(p->c, t->owner, &t->job, p->c->now, NULL, NULL);
}

/* Linear refused the request and did nothing. */
static enum err
refused_as(struct applying *p, const char *code, const char *text)
{
	enum err e = applying_end_pending(p);

	return e ? e : applying_dead_letter(p, code, text);
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
		applying_thread_open(p);
		return OK;
	}
	if (is_same_id(id, p->session.snapshot.files_id)) {
		p->session.snapshot.files_open = true;
		return OK;
	}
	return refused(p);
}

/* The customer's thread was deleted in Linear: the next reply opens another. */
static enum err
apply_missing_thread(struct applying *p)
{
	struct snapshot *b = &p->session.snapshot;

	if (!applying_thread_is_current(p))
		return OK;
	if (!b->thread_open)
		return refused(p);
	b->thread_open = false;
	b->thread_id = NULL;
	applying_forget_files(b);
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
apply_missing_comment(struct applying *p)
{
	switch ((int)p->t->step) {
	case STEP_COMMENT:
	case STEP_FILES:
		return apply_missing_thread(p);
	case STEP_COMMENT_EDIT:
	case STEP_COMMENT_WITHDRAW:
		return applied_withdrawal(p);
	case STEP_FILES_EDIT: /* somebody deleted it there: a new one */
		applying_forget_files(&p->session.snapshot);
		return OK;
	case STEP_FILES_WITHDRAW:
		return applied_files_withdrawal(p);
	default:
		return refused(p);
	}
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
	if (strcmp(what, "Comment") == 0)
		return apply_missing_comment(p);
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
		return applying_fail(p, p->answer->code, p->answer->text);
	p->t->stale_seen = true;
	cache_forget(p->t->cache);
	p->t->must_read = p->session.issue->kind.synced_to_linear;
	return applying_end_pending(p);
}

static enum err
apply_archived(struct applying *p)
{
	if (p->session.snapshot.archived || p->t->unarchived)
		return applying_fail(p, p->answer->code, p->answer->text);
	p->session.snapshot.archived = true;
	return applying_end_pending(p);
}

/* The assignee may be unknown by now: who has the address is asked again. */
static enum err
apply_refused(struct applying *p)
{
	if (!p->t->has_assignee || p->t->stale_seen)
		return refused(p);
	p->t->stale_seen = true;
	cache_forget(p->t->cache);
	return applying_end_pending(p);
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
	return p->t->step == STEP_UPDATE ? applying_end_pending(p) : OK;
}

enum err
apply_refusal(struct applying *p)
{
	switch (p->answer->outcome) {
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
		return applying_wait_for_key(p);
	case LINEAR_RETRY:
		return applying_retry_later(p);
	case LINEAR_OK:
		break;
	}
	return OK;
}
