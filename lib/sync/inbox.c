/* Works off stored webhook deliveries, one per transaction.
 *
 * A fresh delivery of an issue or a comment is ingested. A delivery that is
 * old, is a removal of an issue, or has the same time as the snapshot but
 * other content only queues a read of the issue, since its payload cannot be
 * ordered. Receiving and storing deliveries is in webhook.c. */

#include "sync/inbox.h"

#include <string.h>

#include "base/json.h"
#include "db/db.h"
#include "desk/issue_link.h"
#include "desk/sync_job.h"
#include "ingest.h"
#include "linear/client.h"
#include "merge.h"
#include "session.h"
#include "sync/webhook.h"
#include "thread.h"

/* One delivery being worked off. */
struct delivery {
	struct ctx *c;
	struct webhook_delivery stored;
	bool found;
	struct webhook_payload payload;
	int64_t issue_id, organization_id;
};

static bool
is_removal(const struct delivery *d)
{
	return strcmp(d->payload.action, "remove") == 0;
}

static enum err
refetch_issue(struct delivery *d)
{
	return job_request_refetch(d->c, d->issue_id, d->organization_id,
				   false);
}

/* Our issue with this id in Linear; ERR_NOTFOUND if there is none, or it was
 * deleted here. */
static enum err
find_issue(struct delivery *d, const char *linear_id)
{
	bool deleted = false;
	enum err e;

	if (!linear_id)
		return ERR_NOTFOUND;
	e = issue_by_linear_id(&d->issue_id, &d->organization_id, &deleted,
			       d->c, linear_id);
	return !e && deleted ? ERR_NOTFOUND : e;
}

/* --- issues -------------------------------------------------------------- */

/* Two different payloads of the same time: only Linear knows the later one. */
static enum err
is_ambiguous(bool *out, struct delivery *d, const struct linear_issue *theirs)
{
	struct snapshot snapshot;
	enum err e = snapshot_load(&snapshot, d->c, d->issue_id);

	if (!e)
		*out = theirs->updated_at == snapshot.linear_updated_at &&
		       merge_changed_there(&snapshot, theirs);
	return e;
}

/* The fields that an update changed. */
static unsigned
changed_fields(const struct delivery *d)
{
	static const char *const names[SYNC_FIELD_MAX] = {
	    [SYNC_TITLE] = "title",
	    [SYNC_DESCRIPTION] = "description",
	    [SYNC_STATUS] = "stateId",
	    [SYNC_PRIORITY] = "priority",
	    [SYNC_ASSIGNEE] = "assigneeId"};
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (json_get(d->payload.replaced, names[p]))
			fields |= SYNC_FIELD_BIT(p);
	return fields;
}

static enum err
work_issue(struct delivery *d)
{
	struct linear_issue theirs;
	bool ambiguous;
	enum err e =
	    find_issue(d, linear_read_id(json_get(d->payload.data, "id")));

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	if (is_removal(d) || !d->stored.is_fresh ||
	    !linear_read_issue(&theirs, d->c->arena, d->payload.data))
		return refetch_issue(d);
	e = is_ambiguous(&ambiguous, d, &theirs);
	if (e)
		return e;
	return ambiguous ? refetch_issue(d)
			 : ingest_issue(d->c, d->organization_id, d->issue_id,
					d->payload.actor, &theirs, 0,
					changed_fields(d));
}

/* --- comments ------------------------------------------------------------ */

/* A removal may have only the comment's own id. */
static enum err
find_issue_of_comment(struct delivery *d, const char *comment_id)
{
	const char *linear_id =
	    linear_read_id(json_get(d->payload.data, "issueId"));
	struct issue_owner owner;
	enum err e;

	if (linear_id)
		return find_issue(d, linear_id);
	if (!is_removal(d))
		return ERR_NOTFOUND; /* on a project, a document, ... */
	e = thread_owner(&owner, d->c, comment_id);
	if (e)
		return e;
	d->issue_id = owner.issue_id;
	d->organization_id = owner.organization_id;
	return OK;
}

static enum err
remove_comment(struct session *b, const char *id)
{
	if (b->snapshot.thread_id && strcmp(b->snapshot.thread_id, id) == 0) {
		/* the next reply opens another thread */
		b->snapshot.thread_open = false;
		b->snapshot.thread_id = NULL;
		b->snapshot.files_open = false;
		b->snapshot.files_id = NULL;
		return OK;
	}
	return thread_remove(b->c, &b->who, id);
}

static enum err
ingest_comment(struct delivery *d, const char *id)
{
	struct linear_comment m;
	struct session b;
	enum err e = session_open(&b, d->c, d->organization_id, d->issue_id,
				  d->payload.actor);

	if (e || b.snapshot.gone_at)
		return e;
	if (is_removal(d))
		e = remove_comment(&b, id);
	else if (linear_read_comment(&m, d->c->arena, d->payload.data))
		e = thread_ingest(d->c, &b.who, b.issue, &b.snapshot, &m, 0);
	return e ? e : session_save(&b);
}

static enum err
work_comment(struct delivery *d)
{
	const char *id = linear_read_id(json_get(d->payload.data, "id"));
	enum err e = id ? find_issue_of_comment(d, id) : ERR_NOTFOUND;

	if (!e)
		e = d->stored.is_fresh ? ingest_comment(d, id)
				       : refetch_issue(d);
	return e == ERR_NOTFOUND ? OK : e;
}

/* --- one delivery -------------------------------------------------------- */

static enum err
work_delivery(void *arg)
{
	struct delivery *d = arg;
	enum err e = webhook_next(&d->stored, d->c);

	d->found = !e;
	if (e)
		return e;
	if (webhook_parse(&d->payload, d->c->arena, d->stored.body,
			  d->stored.body_len))
		e = strcmp(d->payload.type, "Issue") == 0 ? work_issue(d)
							  : work_comment(d);
	return e ? e : webhook_done(d->c, d->stored.id);
}

enum err
inbox_work(struct ctx *c)
{
	struct delivery d = {.c = c};
	enum err e = db_transaction(c->db, work_delivery, &d);

	if (!e || !d.found)
		return e;
	/* also if the database failed: later deliveries must not wait for
	 * this one */
	return webhook_failed(c, &d.stored, "It could not be applied.");
}
