/* Notifies people of what others did to an issue, as desk/notification.h says.
 * Mails follow from the notifications, see mail/gather.c. */

#include <string.h>

#include "consumers.h"
#include "desk/notification.h"

static enum notice
notice_of_status(const struct event *e)
{
	if (e->status == STATUS_RESOLVED)
		return NOTICE_RESOLVED;
	return issue_is_settled(e->status_before) &&
		       !issue_is_settled(e->status)
		   ? NOTICE_REOPENED
		   : NOTICE_STATUS;
}

static void
tell_event(struct notices *t, const struct issue *issue, const struct event *e)
{
	struct notice_cause n = {.who = &e->who,
				 .issue = issue,
				 .status = e->status,
				 .assigned_to = issue->kind.assigned_to,
				 .comment_id = e->comment_id,
				 .at = e->at};

	if (strcmp(e->field, "created") == 0 && e->who.role != ROLE_LINEAR) {
		n.assigned_to = 0; /* nobody had it yet */
		n.kind = NOTICE_RAISED;
	} else if (strcmp(e->field, "comment") == 0 && e->is_public) {
		n.kind = NOTICE_REPLIED;
	} else if (strcmp(e->field, "status") == 0) {
		n.kind = notice_of_status(e);
	} else if (strcmp(e->field, "assigned_to") == 0) {
		n.assigned_to = e->told_profile_id;
		n.kind = NOTICE_ASSIGNED;
	} else {
		return;
	}
	notify(t, &n);
}

enum err
tell_people(struct ctx *c, const struct news *list, size_t n)
{
	struct notices *t = notices_new(c);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n; k++)
			tell_event(t, &list[i].issue, &list[i].events[k]);
	return notices_write(c, t);
}
