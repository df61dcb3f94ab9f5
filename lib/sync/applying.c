/* The transaction that applies an answer, or a failure without one: it opens
 * the session, checks that the lease is still held, and gives the verdict.
 * Shared by apply.c and refusal.c; see applying.h. */

#include "applying.h"

#include <string.h>

#include "db/db.h"
#include "desk/issue_link.h"
#include "desk/sync_job.h"
#include "sync/pending_write.h"
#include "thread.h"

enum err
applying_end_pending(struct applying *p)
{
	const struct task *t = p->t;
	const struct linear_answer *a = p->answer;

	if (!t->pending_since || (a->resent && a->outcome != LINEAR_OK))
		return OK;
	return pending_write_end(p->c, t->issue.id, t->pending_since);
}

enum err
applying_dead_letter(struct applying *p, const char *code, const char *text)
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

enum err
applying_fail(struct applying *p, const char *code, const char *text)
{
	struct task *t = p->t;

	if (t->job.attempts + 1 >= JOB_ATTEMPTS_MAX)
		return applying_dead_letter(p, code, text);
	p->verdict = TASK_RETRY;
	return job_fail(p->c, t->owner, &t->job, code, text);
}

enum err
applying_not_understood(struct applying *p)
{
	return applying_fail(p, "not_understood",
			     "Linear's answer was not understood.");
}

bool
is_same_id(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

bool
applying_thread_is_current(const struct applying *p)
{
	return is_same_id(p->t->thread_id, p->session.snapshot.thread_id);
}

void
applying_thread_open(struct applying *p)
{
	if (applying_thread_is_current(p))
		p->session.snapshot.thread_open = true;
}

void
applying_forget_files(struct snapshot *b)
{
	b->files_open = false;
	b->files_id = NULL;
}

/* Whatever was to be changed of the reply, its files included: it is not there,
 * so that nothing is left to do. */
enum err
applied_withdrawal(struct applying *p)
{
	enum err e = thread_mark_current(p->c, &p->t->comment);

	p->t->progress = p->t->rounds;
	return e ? e : attached_mark(p->c, &p->t->attached, p->t->comment.id);
}

enum err
apply_gone(struct applying *p)
{
	struct task *t = p->t;
	enum err e = session_unlink(&p->session);

	t->must_read = t->is_missing = false;
	return e ? e : job_refetched(p->c, t->owner, &t->job);
}

enum err
applying_open(bool *there, struct applying *p)
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

enum err
applying_run(enum verdict *out, struct applying *p, enum err (*what)(void *))
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

/* --- failures without an answer ------------------------------------------- */

static enum err
apply_fault(void *arg)
{
	struct applying *p = arg;
	bool there;
	enum err e;

	*p->t = p->was;
	e = applying_open(&there, p);
	if (e || !there)
		return e;
	return p->is_last ? applying_dead_letter(p, p->code, p->text)
			  : applying_fail(p, p->code, p->text);
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

	return applying_run(out, &p, apply_fault);
}
