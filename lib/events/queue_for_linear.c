/* Queues an issue for Linear after a change here that Linear is to have. The
 * job says only that the two may differ (desk/sync_job.h), so one is enough,
 * and one too many does no harm. */

#include <string.h>

#include "consumers.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"

/* Whether Linear is sent the field, or a public comment or file. */
static bool
goes_to_linear(const struct event *e)
{
	if (strcmp(e->field, "created") == 0)
		return true;
	if (e->comment_id)
		return !e->is_internal;
	if (strcmp(e->field, "attachment") == 0 ||
	    strcmp(e->field, "attachment_removed") == 0)
		return e->is_public;
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].to_linear &&
		    strcmp(issue_fields[id].name, e->field) == 0)
			return true;
	return false;
}

static enum err
queue_one(struct ctx *c, const struct news *news)
{
	bool due = false;

	if (news->is_deleted || !outbox_wants(&news->issue))
		return OK;
	for (size_t i = 0; !due && i < news->n; i++)
		due = news->events[i].who.role != ROLE_LINEAR &&
		      goes_to_linear(&news->events[i]);
	return due ? job_mark(c, news->issue.id,
			      news->issue.kind.organization_id)
		   : OK;
}

enum err
queue_for_linear(struct ctx *c, const struct news *list, size_t n)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < n; i++)
		e = queue_one(c, &list[i]);
	return e;
}
