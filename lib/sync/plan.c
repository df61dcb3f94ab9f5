/* The first half of a task's step: which request comes next for an issue.
 *
 * In one transaction the issue is locked and the lease renewed. Then the
 * issue is compared with its snapshot: if Linear's side is unknown it is
 * read; if a cached value is missing (the team's states, the assignee's id)
 * it is asked for; else what Linear lacks is sent, fields before comments.
 * The values that are sent are stored as pending writes, and ids of new
 * issues and threads are chosen, before the transaction commits, so that any
 * process can tell later what may have been applied. If nothing is left to
 * send the job is finished. Answers are applied in apply.c. */

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "desk/issue_link.h"
#include "diff.h"
#include "finish.h"
#include "planning.h"
#include "session.h"
#include "sync/task.h"
#include "thread.h"

/* An issue that needs more requests than this for one change makes no
 * progress. */
#define ROUNDS_MAX 20

/* Nor does one that needs more for all of its changes. If a job has really more
 * to send, it goes on later. */
#define ALL_ROUNDS_MAX 5000

/* An issue that Linear has. */
static enum err
plan_existing(struct planning *p)
{
	struct session *b = &p->session;
	struct hash link = link_hash(b->issue, p->c->conf->public_url);
	unsigned fields = fields_to_push(b->issue, &b->snapshot);
	bool known, thread, files;
	enum err e = drop_moot_fields(&fields, &known, p);

	if (e || !known)
		return e;
	e = thread_next(&p->comment, p->c, b->issue->id);
	if (e)
		return e;
	e = attached_load(&p->t->attached, p->c, b->issue);
	if (e)
		return e;
	files = plan_has_files(p);
	thread = wants_thread(b->issue, &b->snapshot);
	if (!fields && !p->comment && !thread && !files &&
	    link_is_current(&b->snapshot, &link))
		return task_finish_as(&p->verdict, p->t, b, SYNC_SYNCED);
	if (b->snapshot.archived)
		return plan_request(
		    p, STEP_UNARCHIVE,
		    linear_issue_unarchive(p->t->arena, b->issue->linear_id));
	if (fields)
		return plan_update(p, fields);
	if (p->comment)
		return p->comment->synced_to_linear || !p->comment->content
			   ? plan_comment_change(p)
			   : plan_comment(p);
	if (thread)
		return plan_thread(p);
	return link_is_current(&b->snapshot, &link) ? plan_files(p)
						    : plan_link(p);
}

/* An issue from before its organization had a team gets its id in Linear
 * now. */
static enum err
choose_id(struct planning *p)
{
	char uuid[UUID_TEXT];

	if (p->session.issue->linear_id)
		return OK;
	random_uuid(uuid);
	p->session.issue->linear_id = arena_strdup(p->t->arena, uuid);
	return issue_set_linear_id(p->c, p->session.issue->id, uuid);
}

static enum err
plan_issue(struct planning *p)
{
	struct issue *i = p->session.issue;
	bool there = i->kind.synced_to_linear || p->t->must_read;
	enum err e;

	if (p->t->is_missing)
		return plan_request(
		    p, STEP_TEAM,
		    linear_team_get(p->t->arena, session_team(&p->session)));
	if (i->linear_id &&
	    (p->t->must_read || (p->t->job.wants_refetch &&
				 (there || p->session.snapshot.gone_at))))
		return plan_read(p);
	if (p->session.snapshot.gone_at)
		return task_finish_as(&p->verdict, p->t, &p->session, SYNC_OFF);
	if (there)
		return plan_existing(p);
	if (!i->organization_team_id)
		return task_finish_as(&p->verdict, p->t, &p->session, SYNC_OFF);
	e = choose_id(p);
	return e ? e : plan_create(p);
}

/* Writes of an earlier owner of the job were never answered: it crashed, or
 * stopped waiting. */
static bool
has_orphans(const struct planning *p)
{
	return p->t->step == STEP_NONE && p->session.pending_count > 0 &&
	       p->session.issue->kind.synced_to_linear;
}

static enum err
plan_step(void *arg)
{
	struct planning *p = arg;
	struct task *t = p->t;
	enum err e;

	*t = p->was;
	e = session_open(&p->session, p->c, t->job.organization_id,
			 t->job.issue_id, NULL);
	if (e ==
	    ERR_NOTFOUND) { /* deleted here: Linear's issue stays as it is */
		p->verdict = TASK_DONE;
		return job_delete(p->c, t->job.issue_id);
	}
	if (!e)
		e = job_renew(p->c, t->owner, &t->job);
	if (e)
		return e;
	t->must_read = t->must_read || has_orphans(p);
	t->issue = *p->session.issue;
	e = plan_issue(p);
	t->issue.linear_id = p->session.issue->linear_id;
	return e ? e : session_save(&p->session);
}

enum err
task_plan(enum verdict *out, struct linear_request *request, struct task *t,
	  struct ctx *c)
{
	struct planning p = {.t = t, .c = c};
	enum err e;

	t->pending_since = 0;
	if (++t->rounds - t->progress > ROUNDS_MAX ||
	    t->rounds > ALL_ROUNDS_MAX)
		return task_fault(out, t, c, true, "endless",
				  "Docket and Linear could not agree on this "
				  "issue.");
	p.was = *t;
	e = db_transaction(c->db, plan_step, &p);
	if (e == ERR_STALE) {
		*out = TASK_LOST;
		return OK;
	}
	if (e)
		return e;
	*out = p.verdict;
	*request = p.request;
	return OK;
}
