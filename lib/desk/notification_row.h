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

#endif
