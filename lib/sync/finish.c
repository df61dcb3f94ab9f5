#include "finish.h"

#include "desk/issue_link.h"
#include "desk/sync_job.h"
#include "thread.h"

enum err
task_finish_as(enum verdict *out, struct task *t, struct session *b,
	       enum sync_state state)
{
	struct issue *i = b->issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = state,
					.touched = state == SYNC_SYNCED};
	bool done;
	enum err e = job_done(&done, b->c, t->owner, &t->job);

	if (e)
		return e;
	*out = done ? TASK_DONE : TASK_AGAIN;
	t->progress =
	    t->rounds; /* the issue changed, so the count begins again */
	return done ? issue_set_link(b->c, i, &link) : OK;
}

enum err
task_finish(enum verdict *out, struct task *t, struct session *b)
{
	struct comment *unsent;
	enum err e;

	if (t->must_read || t->is_missing || t->job.wants_refetch ||
	    b->snapshot.gone_at || !b->issue->kind.synced_to_linear ||
	    session_wants_push(b))
		return OK;
	e = thread_next(&unsent, b->c, b->issue->id);
	return e || unsent ? e : task_finish_as(out, t, b, SYNC_SYNCED);
}
