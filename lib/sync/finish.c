#include "finish.h"

#include "desk/issue_link.h"
#include "desk/sync_job.h"
#include "thread.h"

enum err
task_finish_as(enum verdict *out, struct task *t, struct session *s,
	       enum sync_state state)
{
	struct issue *i = s->issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = state,
					.touched = state == SYNC_SYNCED};
	bool done;
	enum err e = job_done(&done, s->c, t->owner, &t->job);

	if (e)
		return e;
	*out = done ? TASK_DONE : TASK_AGAIN;
	/* the issue changed, so the count begins again */
	t->progress = t->rounds;
	return done ? issue_set_link(s->c, i, &link) : OK;
}

enum err
task_finish(enum verdict *out, struct task *t, struct session *s)
{
	struct comment *unsent;
	enum err e;

	if (t->must_read || t->is_missing || t->job.wants_refetch ||
	    s->snapshot.gone_at || !s->issue->kind.synced_to_linear ||
	    session_wants_push(s) || s->issue->attachment_count)
		return OK;
	e = thread_next(&unsent, s->c, s->issue->id);
	return e || unsent ? e : task_finish_as(out, t, s, SYNC_SYNCED);
}
