/* How a payload of Linear's is applied to an issue, inside one transaction.
 *
 * session_open locks the issue and loads its snapshot and pending writes;
 * session_merge merges the payload's fields (session_merge.c); session_record
 * notes all else; session_save writes the snapshot. Comments are ingested by
 * thread_ingest.c, warnings for staff are in warning.c. */

#include "session.h"

#include "base/conf.h"
#include "desk/activity.h"
#include "desk/issue_link.h"
#include "diff.h"
#include "mapping.h"
#include "thread.h"
#include "warning.h"

enum err
session_open(struct session *s, struct ctx *c, int64_t organization_id,
	     int64_t issue_id, const char *name)
{
	enum err e;

	*s = (struct session){.c = c,
			      .who = {.role = ROLE_LINEAR,
				      .organization_id = organization_id,
				      .name = name ? name : "Linear"}};
	e = issue_lock(&s->issue, c, &s->who, issue_id);
	if (!e)
		e = snapshot_load(&s->snapshot, c, issue_id);
	return e ? e
		 : pending_write_list(&s->pending, &s->pending_count, c,
				      issue_id);
}

/* A newer payload was ingested before. */
bool
session_is_stale(const struct session *s, const struct linear_issue *theirs)
{
	return is_older(theirs->updated_at, s->snapshot.linear_updated_at,
			s->c->now);
}

enum err
session_end_pending(struct session *s, usec_t asked_at)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < s->pending_count; i++) {
		const struct pending_write *f = &s->pending[i];

		if (f->sent_at + PENDING_WRITE_VISIBLE <= asked_at)
			e = pending_write_delete(s->c, s->issue->id, f);
	}
	return e;
}

/* --- what is not merged -------------------------------------------------- */

static enum err
link_issue(struct session *s, const struct linear_issue *theirs)
{
	struct issue *i = s->issue;
	struct issue_link link = {
	    .identifier = theirs->identifier,
	    .url = theirs->url,
	    .team_id = theirs->team_id,
	    .state_name = theirs->state_name,
	    .synced = true,
	    .touched = true,
	    .state = i->sync_state == SYNC_OFF ? SYNC_SYNCED : i->sync_state};

	/* not every payload has these */
	if (!link.identifier)
		link.identifier = i->linear_identifier;
	if (!link.url)
		link.url = i->linear_url;
	return issue_set_link(s->c, i, &link);
}

static enum err
ingest_comments(struct session *s, const struct linear_issue *theirs,
		usec_t asked_at)
{
	enum err e = OK;

	/* oldest first: Linear lists the newest first */
	for (size_t i = theirs->comment_count; !e && i-- > 0;)
		e = thread_ingest(s->c, &s->who, s->issue, &s->snapshot,
				  &theirs->comments[i], asked_at);
	/* comments of an archived issue may be archived with it, and are
	 * then not listed */
	if (!e && theirs->has_comments && !theirs->archived)
		e = thread_remove_others(s->c, &s->who, s->issue, theirs,
					 asked_at);
	return e;
}

enum err
session_record(struct session *s, const struct linear_issue *theirs,
	       usec_t asked_at)
{
	struct snapshot *snapshot = &s->snapshot;
	enum err e;

	if (!session_is_stale(s, theirs)) {
		snapshot->linear_updated_at = theirs->updated_at;
		snapshot->archived = theirs->archived;
		if (theirs->trashed)
			return session_unlink(s);
		snapshot->gone_at = 0;
		e = session_update_warning(s, theirs);
		if (!e)
			e = link_issue(s, theirs);
		if (e)
			return e;
	}
	return ingest_comments(s, theirs, asked_at);
}

const char *
session_team(const struct session *s)
{
	const struct issue *i = s->issue;

	return i->linear_team_id ? i->linear_team_id : i->organization_team_id;
}

enum err
session_unlink(struct session *s)
{
	const struct issue_link none = {.team_id = s->issue->linear_team_id,
					.state = SYNC_OFF};
	const char *identifier = s->issue->linear_identifier;
	enum err e;

	if (s->snapshot.gone_at)
		return OK;
	s->snapshot.gone_at = s->c->now;
	e = issue_set_link(s->c, s->issue, &none);
	return e ? e
		 : activity_add(s->c, &s->who, s->who.organization_id,
				s->issue->id, "linear", identifier, NULL,
				ACTIVITY_INTERNAL);
}

enum err
session_save(struct session *s)
{
	return snapshot_save(s->c, &s->snapshot);
}

bool
session_wants_push(const struct session *s)
{
	struct hash link = link_hash(s->issue, s->c->conf->public_url);

	return wants_push(s->issue, &s->snapshot, &link);
}
