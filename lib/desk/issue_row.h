#ifndef DESK_ISSUE_ROW_H
#define DESK_ISSUE_ROW_H

#include "desk/issue.h"

struct rows;

/* How an issue is selected and read; for the issue_*.c files only. The lists
 * of columns and the readers go together, in this order. */

/* Of table issue, alias i. */
#define ISSUE_OWN                                                           \
	"i.id, i.organization_id, i.status + 0, i.priority + 0, "           \
	"i.category + 0, i.is_client_issue, i.synced_to_linear, "           \
	"i.assigned_to, i.customer_id, i.is_withdrawn, i.issue_number, "    \
	"i.title, "                                                         \
	"i.description, i.vendor_id, i.order_id, i.raised_by, "             \
	"i.created_by, i.first_answered_at, i.resolved_at, i.resolved_by, " \
	"i.resolution_notes, "                                              \
	"i.version, i.linear_id, i.linear_identifier, i.linear_url, "       \
	"i.linear_state, i.linear_team_id, i.sync_state + 0, "              \
	"i.last_synced_at, i.created_at, i.updated_at"

/* Which are a customer's: takes the user's id. */
#define ISSUE_OF_RAISER "i.raised_by = ? AND NOT i.is_withdrawn"

/* What belongs to others: the organization, which staff know already (see
 * issue_know_organization), and the names of all that an issue points to:
 * joined where one issue must take one statement, else from issue_name_all. */
#define ISSUE_ORGANIZATION "o.name, o.linear_team_id"
#define ISSUE_NAMES                                                               \
	"v.name, v.email, b.order_number, " SQL_FULL_NAME(                        \
	    "au") ", au.email, " SQL_FULL_NAME("ru") ", "                         \
						     "ru.email,"                  \
						     " " SQL_FULL_NAME(           \
							 "su") ","                \
							       " " SQL_FULL_NAME( \
								   "cu")

#define ISSUE_ORGANIZATION_JOIN \
	"JOIN organization o ON o.id = i.organization_id "
#define ISSUE_NAME_JOINS                                 \
	"LEFT JOIN vendor v ON v.id = i.vendor_id "      \
	"LEFT JOIN purchase b ON b.id = i.order_id "     \
	"LEFT JOIN profile ap ON ap.id = i.assigned_to " \
	"LEFT JOIN user au ON au.id = ap.user_id "       \
	"LEFT JOIN user ru ON ru.id = i.raised_by "      \
	"LEFT JOIN user cu ON cu.id = i.created_by "     \
	"LEFT JOIN profile sp ON sp.id = i.resolved_by " \
	"LEFT JOIN user su ON su.id = sp.user_id "

void issue_read_own(struct issue *i, struct rows *r);
void issue_read_names(struct issue *i, struct rows *r);
void issue_read_organization(struct issue *i, struct rows *r);

/* The same as read, from what the actor's token told; false when it did not. */
bool issue_know_organization(struct issue *i, const struct actor *who);

/* Fills in what the others are called that issues, a page or one, name by their
 * ids: people, suppliers, purchases. The issues must be ones that the actor may
 * see. A name that was changed by hand, or on another machine, may be the old
 * one for a minute. At most one statement, and mostly none. ERR_DB. */
enum err issue_name_all(struct issue *list, size_t n, struct ctx *c) MUST_CHECK;

#endif
