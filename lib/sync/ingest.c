#include "ingest.h"

#include "desk/issue_link.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "mapping.h"
#include "session.h"
#include "thread.h"

/* Queues what Linear lacks. */
static enum err
queue_difference(struct session *s)
{
	struct issue *i = s->issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = SYNC_PENDING};
	struct comment *unsent = NULL;
	enum err e = OK;

	if (!s->snapshot.gone_at)
		e = thread_next(&unsent, s->c, i->id);
	if (e || (!unsent && !session_wants_push(s)))
		return e;
	e = issue_set_link(s->c, i, &link);
	return e || !outbox_wants(i)
		   ? e
		   : job_mark(s->c, i->id, i->kind.organization_id);
}

/* The snapshot may be of a wrong clock, so the stale payload may be new:
 * Linear is read again. */
static enum err
refetch_if_clock_jumped_back(struct session *s, usec_t asked_at)
{
	const usec_t known = s->snapshot.linear_updated_at;

	if (asked_at || known < s->c->now ||
	    !clock_was_set_back(known, s->c->now))
		return OK;
	return job_request_refetch(s->c, s->issue->id, s->who.organization_id,
				   false);
}

enum err
ingest_issue(struct ctx *c, int64_t organization_id, int64_t issue_id,
	     const char *name, const struct linear_issue *theirs,
	     usec_t asked_at, unsigned changed)
{
	struct session s;
	enum err e = session_open(&s, c, organization_id, issue_id, name);

	if (!e && session_is_stale(&s, theirs))
		e = refetch_if_clock_jumped_back(&s, asked_at);
	if (!e)
		e = session_is_stale(&s, theirs)
			? session_record_overwritten(&s, theirs, changed)
			: session_merge(&s, theirs);
	if (!e)
		e = session_record(&s, theirs, asked_at);
	if (!e)
		e = session_save(&s);
	return e ? e : queue_difference(&s);
}
