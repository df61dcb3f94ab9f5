#ifndef DESK_NOTIFICATION_ROW_H
#define DESK_NOTIFICATION_ROW_H

/* Which notifications (alias n) about an issue (alias i) a reader is shown; for
 * notification*.c and person_section.c only. A title is shown as it is now, so
 * people who left the staff do not see it. Nothing is told of a reply that was
 * deleted. Scalar subqueries, since the server would read the whole tables for
 * EXISTS. */
#define NOTIFICATION_MAY_SEE                                            \
	"i.deleted_at IS NULL AND (n.comment_id IS NULL OR "            \
	"(SELECT 1 FROM comment m WHERE m.id = n.comment_id "           \
	"AND m.deleted_at IS NULL LIMIT 1)) AND (n.user_id IS NULL OR " \
	"(i.raised_by = n.user_id AND NOT i.is_withdrawn) OR (SELECT "  \
	"1 FROM profile s "                                             \
	"WHERE s.user_id = n.user_id "                                  \
	"AND s.organization_id = i.organization_id AND s.is_active LIMIT 1)) "

/* The same for a reader who acts for that organization; NULL: as a customer. */
#define NOTIFICATION_MAY_READ                                         \
	NOTIFICATION_MAY_SEE                                          \
	"AND (i.organization_id = ? OR (? IS NULL AND i.raised_by = " \
	"n.user_id)) "

/* Whether a profile p is shown what its user alone is told of an issue: its
 * staff is, and the customer who raised it. */
#define NOTICE_IS_ITS(issue)                                 \
	"(p.organization_id = " issue ".organization_id OR " \
	"(p.organization_id IS NULL AND " issue ".raised_by = p.user_id))"

/* Whether a profile p has not read a notification n. NOTICE_HAS_MARK is NULL
 * unless p has read n by itself, beside what the mark in the profile covers. */
#define NOTICE_HAS_MARK                                            \
	"(SELECT 1 FROM notification_read r WHERE r.profile_id = " \
	"p.id AND r.notification_id = n.id LIMIT 1)"
#define NOTICE_IS_UNREAD \
	"n.id > p.notifications_read_to AND " NOTICE_HAS_MARK " IS NULL "
#define NOTICE_IS_OTHERS "NOT n.actor_id <=> p.user_id "

/* Who has not read a notification that is no longer shown: of all issues, or of
 * one. */
#define NOTICES_HIDDEN(which)                                                  \
	"SELECT 2 AS scope, p.id AS scope_id, 1 AS n, n.id AS notice_id "      \
	"FROM notification n STRAIGHT_JOIN issue i ON i.id = n.issue_id "      \
	"STRAIGHT_JOIN profile p ON p.organization_id = "                      \
	"n.organization_id WHERE " which NOTICE_IS_OTHERS                      \
	"AND " NOTICE_IS_UNREAD "AND (" NOTIFICATION_MAY_SEE ") IS NOT TRUE "  \
	"UNION ALL SELECT 3, p.id, -1, n.id FROM notification n "              \
	"STRAIGHT_JOIN issue i ON i.id = n.issue_id STRAIGHT_JOIN "            \
	"profile p ON p.user_id = n.user_id AND " NOTICE_IS_ITS(               \
	    "i") " WHERE " which NOTICE_IS_UNREAD "AND (" NOTIFICATION_MAY_SEE \
		 ") IS NOT TRUE "
#define NOTICE_OF_ISSUE "n.issue_id = ? AND "

#endif
