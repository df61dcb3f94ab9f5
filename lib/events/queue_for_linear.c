/* Queues an issue for Linear after a change here that Linear is to have. The
 * job says only that the two may differ (desk/sync_job.h), so one is enough,
 * and one too many does no harm. */

#include <string.h>

#include "base/arena.h"
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

static bool
differs_from_linear(const struct news *news)
{
	if (news->is_deleted || !outbox_wants(&news->issue))
		return false;
	for (size_t i = 0; i < news->n; i++)
		if (news->events[i].who.role != ROLE_LINEAR &&
		    goes_to_linear(&news->events[i]))
			return true;
	return false;
}

enum err
queue_for_linear(struct ctx *c, const struct news *list, size_t n)
{
	struct job_mark *marks =
	    arena_alloc(c->arena, (n + 1) * sizeof(*marks));
	size_t due = 0;

	for (size_t i = 0; i < n; i++)
		if (differs_from_linear(&list[i]))
			marks[due++] = (struct job_mark){
			    list[i].issue.id,
			    list[i].issue.kind.organization_id};
	return job_mark_all(c, marks, due);
}
