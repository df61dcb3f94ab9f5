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

/* Whether people hear of event k from an earlier one: of files that come with a
 * new issue, and of all but the first of several. */
static bool
is_told_before(const struct news *news, size_t k)
{
	const struct event *e = &news->events[k];

	for (size_t i = 0; i < k; i++) {
		const struct event *was = &news->events[i];

		if (was->who.user_id == e->who.user_id &&
		    was->is_public >= e->is_public &&
		    (strcmp(was->field, e->field) == 0 ||
		     (strcmp(was->field, "created") == 0 &&
		      strcmp(e->field, "attachment") == 0)))
			return true;
	}
	return false;
}

static void
tell_event(struct notices *t, const struct news *news, size_t k)
{
	const struct issue *issue = &news->issue;
	const struct event *e = &news->events[k];
	struct notice_cause n = {.who = &e->who,
				 .issue = issue,
				 .status = e->status,
				 .is_public = e->is_public,
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
	} else if (strcmp(e->field, "attachment") == 0 && e->is_public &&
		   !is_told_before(news, k)) {
		n.kind = NOTICE_ATTACHED;
	} else if (strcmp(e->field, "attachment_infected") == 0 &&
		   !is_told_before(news, k)) {
		n.kind = NOTICE_INFECTED;
	} else {
		return;
	}
	notify(t, &n);
}

/* Whether some notification about the issue may no longer be shown. */
static bool
hides_notices(const struct news *news)
{
	if (news->is_deleted || news->issue.kind.is_withdrawn)
		return true;
	for (size_t i = 0; i < news->n; i++)
		if (strcmp(news->events[i].field, "comment_deleted") == 0)
			return true;
	return false;
}

enum err
tell_people(struct ctx *c, const struct news *list, size_t n)
{
	struct notices *t = notices_new(c);
	enum err e;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n; k++)
			tell_event(t, &list[i], k);
	e = notices_write(c, t);
	for (size_t i = 0; !e && i < n; i++)
		if (hides_notices(&list[i]))
			e = notices_hide(c, list[i].issue.id);
	return e;
}
